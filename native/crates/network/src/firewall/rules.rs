use super::Plan;
use super::iptables::IptablesRule;

/// The same promises as `tables`, in iptables' words. It cannot tell one port of the bridge from another, so a
/// container may pose as another one of the same network, but not as anything else.
pub(super) fn rules(plan: Plan<'_>) -> Vec<IptablesRule> {
    let bridge = &plan.names.bridge;
    let subnet = plan.subnet.host(plan.subnet.network());
    let rule = IptablesRule::new;
    vec![
        rule(
            "raw",
            "PREROUTING",
            &format!("-i {bridge} ! -s {subnet} -j DROP"),
        ),
        rule("filter", "FORWARD", &format!("-i {bridge} -j ACCEPT")),
        rule("filter", "FORWARD", &answers(bridge)),
        rule("filter", "FORWARD", &format!("-o {bridge} -j DROP")),
        rule(
            "nat",
            "POSTROUTING",
            &format!("-s {subnet} ! -o {bridge} -j MASQUERADE"),
        ),
    ]
}

/// Matches what comes back to containers.
pub(super) fn answers(bridge: &str) -> String {
    format!("-o {bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
}
