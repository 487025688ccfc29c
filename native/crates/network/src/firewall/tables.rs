use std::net::Ipv4Addr;

use super::Plan;
use crate::nftables::{
    Chain, ChainKind, Condition, Family, Hook, Is, KeyType, Rule, Sender, Set, Table, Verdict,
};

/// The set of the addresses that containers may send from.
pub(super) const SENDERS: &str = "senders";

const PRIORITY_RAW: i32 = -300;
const PRIORITY_FILTER: i32 = 0;
const PRIORITY_SOURCE_NAT: i32 = 100;
const PRIORITY_BRIDGE_FILTER: i32 = -200;

const ETHER_IPV4: u16 = 0x0800;
const ETHER_ARP: u16 = 0x0806;

pub(super) fn tables(plan: Plan<'_>, members: &[Ipv4Addr]) -> [Table; 2] {
    [routed(plan), bridged(plan, members)]
}

/// What passes between the bridge and the rest of the machine.
fn routed(plan: Plan<'_>) -> Table {
    let chain = |name, kind, hook, priority, rules| Chain {
        name,
        kind,
        hook,
        priority,
        rules,
    };
    Table {
        family: Family::Ipv4,
        name: plan.names.table.clone(),
        sets: Vec::new(),
        chains: vec![
            chain(
                "prerouting",
                ChainKind::Filter,
                Hook::PreRouting,
                PRIORITY_RAW,
                sources(plan),
            ),
            chain(
                "forward",
                ChainKind::Filter,
                Hook::Forward,
                PRIORITY_FILTER,
                forward(plan),
            ),
            chain(
                "postrouting",
                ChainKind::Nat,
                Hook::PostRouting,
                PRIORITY_SOURCE_NAT,
                masquerade(plan),
            ),
        ],
    }
}

/// The subnet's addresses come from the bridge, and nothing else comes from it.
fn sources(plan: Plan<'_>) -> Vec<Rule> {
    let bridge = || plan.names.bridge.clone();
    vec![
        Rule::new(
            [
                Condition::InputLink(Is::Equal, bridge()),
                Condition::Source(Is::Not, plan.subnet),
            ],
            Verdict::Drop,
        ),
        Rule::new(
            [
                Condition::InputLink(Is::Not, bridge()),
                Condition::InputLink(Is::Not, "lo".to_owned()),
                Condition::Source(Is::Equal, plan.subnet),
            ],
            Verdict::Drop,
        ),
    ]
}

/// Containers reach each other and the world; of the world only answers reach them. The rule for each other counts
/// where br_netfilter shows bridged packets to this hook.
fn forward(plan: Plan<'_>) -> Vec<Rule> {
    let to_bridge = || Condition::OutputLink(Is::Equal, plan.names.bridge.clone());
    vec![
        Rule::new(
            [
                Condition::InputLink(Is::Equal, plan.names.bridge.clone()),
                to_bridge(),
            ],
            Verdict::Accept,
        ),
        Rule::new([to_bridge(), Condition::Established], Verdict::Accept),
        Rule::new([to_bridge()], Verdict::Drop),
    ]
}

fn masquerade(plan: Plan<'_>) -> Vec<Rule> {
    vec![Rule::new(
        [
            Condition::Source(Is::Equal, plan.subnet),
            Condition::OutputLink(Is::Not, plan.names.bridge.clone()),
        ],
        Verdict::Masquerade,
    )]
}

/// What comes out of a container: IPv4 and ARP that bear its own addresses, and nothing else; so no IPv6 router
/// announcements either (CVE-2020-13401).
fn bridged(plan: Plan<'_>, members: &[Ipv4Addr]) -> Table {
    let names = plan.names;
    let from = |sender| Condition::SenderIn {
        set: SENDERS,
        sender,
    };
    let rules = vec![
        Rule::new(
            [Condition::InputLinkPrefix(
                Is::Not,
                names.port_prefix.clone(),
            )],
            Verdict::Accept,
        ),
        Rule::new(
            [Condition::EtherType(ETHER_IPV4), from(Sender::EtherIpv4)],
            Verdict::Accept,
        ),
        Rule::new(
            [
                Condition::EtherType(ETHER_ARP),
                from(Sender::EtherArp),
                from(Sender::ArpArp),
            ],
            Verdict::Accept,
        ),
        Rule::new([], Verdict::Drop),
    ];
    let members = members
        .iter()
        .map(|address| names.sender(plan.subnet, *address))
        .collect();
    Table {
        family: Family::Bridge,
        name: names.table.clone(),
        sets: vec![Set {
            name: SENDERS,
            key: KeyType::Sender,
            members,
        }],
        chains: vec![Chain {
            name: "prerouting",
            kind: ChainKind::Filter,
            hook: Hook::PreRouting,
            priority: PRIORITY_BRIDGE_FILTER,
            rules,
        }],
    }
}
