//! The same promises as the tables, in iptables' words. It cannot tell one port of a bridge from another, so a container
//! may pose as another one of the same network, but not as anything else; and it knows IPv4 only.

use super::iptables::IptablesRule;
use super::plan::{BridgePlan, Forward, Plan};
use crate::IpFamily;

/// In the order in which they have to stand.
pub(super) fn all(plan: &Plan<'_>) -> Vec<IptablesRule> {
    let of_bridges = |rules: fn(&BridgePlan) -> Vec<IptablesRule>| {
        plan.bridges.iter().flat_map(rules).collect::<Vec<_>>()
    };
    // A network's way out comes after every network's walls.
    let mut rules = of_bridges(senders);
    rules.extend(of_bridges(inward));
    rules.extend(of_bridges(outward));
    rules.extend(of_bridges(sources));
    rules.extend(ports(&plan.ports));
    rules
}

fn senders(bridge: &BridgePlan) -> Vec<IptablesRule> {
    let (link, subnet) = (&bridge.link, subnet(bridge));
    let rule = |words: &str| IptablesRule::new("raw", "PREROUTING", words);
    vec![
        rule(&format!("-i {link} ! -s {subnet} -j DROP")),
        rule(&format!("-i {link} -d 127.0.0.0/8 -j DROP")),
    ]
}

fn inward(bridge: &BridgePlan) -> Vec<IptablesRule> {
    let link = &bridge.link;
    let rule = |words: &str| IptablesRule::new("filter", "FORWARD", words);
    let mut rules = Vec::new();
    if !bridge.isolated {
        rules.push(rule(&format!("-i {link} -o {link} -j ACCEPT")));
    }
    if bridge.internal {
        rules.push(rule(&format!("-i {link} -j DROP")));
        rules.push(IptablesRule::new("filter", "INPUT", &to_machine(link)));
    } else {
        rules.push(rule(&answers(link)));
        rules.push(rule(&redirected(link)));
    }
    rules.push(rule(&format!("-o {link} -j DROP")));
    rules
}

fn outward(bridge: &BridgePlan) -> Vec<IptablesRule> {
    if bridge.internal {
        return Vec::new();
    }
    let words = format!("-i {} -j ACCEPT", bridge.link);
    vec![IptablesRule::new("filter", "FORWARD", &words)]
}

fn sources(bridge: &BridgePlan) -> Vec<IptablesRule> {
    let (link, subnet) = (&bridge.link, subnet(bridge));
    let rule = |words: &str| IptablesRule::new("nat", "POSTROUTING", words);
    let mut rules = vec![
        rule(&format!(
            "-s {subnet} -o {link} -m conntrack --ctstate DNAT -j MASQUERADE"
        )),
        rule(&format!("-s 127.0.0.0/8 -o {link} -j MASQUERADE")),
    ];
    if bridge.masquerade && !bridge.internal {
        rules.push(rule(&format!("-s {subnet} ! -o {link} -j MASQUERADE")));
    }
    rules
}

/// One rule for who comes from outside and one for the machine itself; what is published on loopback is for the machine
/// alone.
pub(super) fn ports(ports: &[Forward]) -> Vec<IptablesRule> {
    let of_family = ports.iter().filter(|port| port.to.is_ipv4());
    of_family.flat_map(port).collect()
}

fn port(port: &Forward) -> Vec<IptablesRule> {
    let tail = format!(
        "-p {} --dport {} -j DNAT --to-destination {}",
        port.protocol, port.host_port, port.to
    );
    let local = "-m addrtype --dst-type LOCAL";
    let (outside, machine) = match port.host_address {
        Some(address) if address.is_loopback() => (None, format!("-d {address} {tail}")),
        Some(address) => {
            let words = format!("-d {address} {tail}");
            (Some(words.clone()), words)
        }
        None => (
            Some(format!("! -d 127.0.0.0/8 {local} {tail}")),
            format!("{local} {tail}"),
        ),
    };
    let outside = outside.map(|words| IptablesRule::new("nat", "PREROUTING", &words));
    let machine = IptablesRule::new("nat", "OUTPUT", &machine);
    outside.into_iter().chain([machine]).collect()
}

/// Matches what comes back to containers.
pub(super) fn answers(bridge: &str) -> String {
    format!("-o {bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
}

/// Matches what comes to containers by a published port.
pub(super) fn redirected(bridge: &str) -> String {
    format!("-o {bridge} -m conntrack --ctstate DNAT -j ACCEPT")
}

fn to_machine(bridge: &str) -> String {
    format!("-i {bridge} -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP")
}

fn subnet(bridge: &BridgePlan) -> String {
    let subnet = bridge.subnet(IpFamily::V4);
    subnet.map(|it| it.to_string()).unwrap_or_default()
}
