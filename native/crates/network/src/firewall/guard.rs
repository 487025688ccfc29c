//! The rules that keep a machine from being a router while forwarding is on for containers' sake. They stand as long as
//! the forwarding that an instance switched on, and are the machine's only record of that.

use std::collections::BTreeSet;

use super::Firewall;
use super::iptables::IptablesRule;
use crate::nftables::{
    Action, Chain, ChainKind, Condition, Element, Family, Field, Hook, Rule, Set, Table, Value,
};
use crate::{IpFamily, Result};

const TABLE: &str = "longshore-guard";
const GUARDED: &str = "guarded";

/// iptables guards IPv4 alone: without nf_tables there are no networks with IPv6.
/// Keeps the names of the guarded links where the policy DROP does the work; no other chain leads to it.
const RECORD_CHAIN: &str = "LONGSHORE-GUARD";

/// After the instances' own chains.
const PRIORITY: i32 = 10;

/// The links that were there when forwarding was switched on; `None` where no guard stands.
pub(super) fn guarded(
    firewall: &mut Firewall,
    family: IpFamily,
) -> Result<Option<BTreeSet<String>>> {
    match firewall {
        Firewall::Nftables { nftables, .. } => nftables.link_names(family.into(), TABLE, GUARDED),
        Firewall::Iptables { iptables, .. } => {
            let rules = iptables.rules_of(RECORD_CHAIN)?;
            Ok(rules.map(|rules| rules.iter().filter_map(|rule| input_link(rule)).collect()))
        }
    }
}

/// In place of the guard that stands, if one does.
pub(super) fn put_up(
    firewall: &mut Firewall,
    family: IpFamily,
    guarded: &BTreeSet<String>,
) -> Result<()> {
    match firewall {
        Firewall::Nftables { nftables, .. } => nftables.replace(&[table(family, guarded)]),
        Firewall::Iptables { iptables, .. } => {
            iptables.set_policy("FORWARD", "DROP")?;
            let rule = |link: &String| {
                IptablesRule::new("filter", RECORD_CHAIN, &format!("-i {link} -j DROP"))
            };
            let rules: Vec<IptablesRule> = guarded.iter().map(rule).collect();
            iptables.replace_chain(RECORD_CHAIN, &rules)
        }
    }
}

pub(super) fn take_down(firewall: &mut Firewall, family: IpFamily) -> Result<()> {
    match firewall {
        Firewall::Nftables { nftables, .. } => nftables.delete(&[(Family::from(family), TABLE)]),
        Firewall::Iptables { iptables, .. } => {
            iptables.set_policy("FORWARD", "ACCEPT")?;
            iptables.delete_chain(RECORD_CHAIN)
        }
    }
}

fn table(family: IpFamily, guarded: &BTreeSet<String>) -> Table {
    let listed = Condition::In(vec![Field::InputLink], GUARDED);
    let made_by_software = Condition::IsNot(Field::InputLinkKind, Value::Link(String::new()));
    let rules = vec![
        Rule::new([Condition::Established], Action::Accept),
        Rule::new([Condition::DestinationTranslated], Action::Accept),
        Rule::new([listed], Action::Drop),
        Rule::new([made_by_software], Action::Accept),
        Rule::new([], Action::Drop),
    ];
    let links = guarded.iter().cloned().map(Value::Link);
    Table {
        family: family.into(),
        name: TABLE.to_owned(),
        sets: vec![
            Set::of(GUARDED, [Field::InputLink]).with(links.map(|link| Element::key([link]))),
        ],
        chains: vec![Chain {
            name: "forward",
            kind: ChainKind::Filter,
            hook: Hook::Forward,
            priority: PRIORITY,
            rules,
        }],
    }
}

/// Of a rule as `iptables -S` prints it.
fn input_link(rule: &str) -> Option<String> {
    let mut words = rule.split(' ');
    words.find(|word| *word == "-i")?;
    words.next().map(str::to_owned)
}
