//! What comes out of a container: packets and address resolution that bear its own addresses, and nothing else. So
//! neither IPv6 router announcements (CVE-2020-13401) nor claims to another member's address.

use super::plan::{MemberPlan, Plan};
use crate::IpFamily;
use crate::nftables::{
    Action, Chain, ChainKind, Condition, Element, Family, Field, Hook, Rule, Set, Table, Value,
};

/// The addresses that containers may send from, each with its port and MAC address.
const SENDERS: &str = "senders";
const SENDERS6: &str = "senders6";

const PRIORITY_BRIDGE_FILTER: i32 = -200;

const ETHER_IPV4: u16 = 0x0800;
const ETHER_ARP: u16 = 0x0806;
const ETHER_IPV6: u16 = 0x86dd;

/// RFC 4861, 4
const ROUTER_ADVERTISEMENT: u8 = 134;
const NEIGHBOR_ADVERTISEMENT: u8 = 136;
const REDIRECT: u8 = 137;

pub(super) fn table(plan: &Plan<'_>) -> Table {
    Table {
        family: Family::Bridge,
        name: plan.names.table.clone(),
        sets: sets(&plan.members)
            .into_iter()
            .map(|(_, set)| set)
            .collect(),
        chains: vec![Chain {
            name: "prerouting",
            kind: ChainKind::Filter,
            hook: Hook::PreRouting,
            priority: PRIORITY_BRIDGE_FILTER,
            rules: rules(&plan.names.port_prefix),
        }],
    }
}

pub(super) fn sets(members: &[MemberPlan]) -> [(Family, Set); 2] {
    [(SENDERS, IpFamily::V4), (SENDERS6, IpFamily::V6)].map(|(name, family)| {
        let fields = sender(Field::EtherSource, Field::Source(family));
        let elements = members.iter().flat_map(|member| {
            let (port, mac) = (Value::Link(member.port.clone()), Value::Mac(member.mac));
            let of =
                move |address| Element::key([port.clone(), mac.clone(), Value::Address(address)]);
            member.addresses_of(family).map(of)
        });
        (Family::Bridge, Set::of(name, fields).with(elements))
    })
}

fn rules(port_prefix: &str) -> Vec<Rule> {
    let other = Condition::InputLinkOtherThan {
        prefix: port_prefix.to_owned(),
    };
    let mut rules = vec![Rule::new([other], Action::Accept)];
    rules.extend(ipv4());
    rules.extend(ipv6());
    rules.push(Rule::new([], Action::Drop));
    rules
}

fn ipv4() -> [Rule; 2] {
    let is_from = |ether, address| Condition::In(sender(ether, address), SENDERS);
    let (ether, source) = (Field::EtherSource, Field::Source(IpFamily::V4));
    [
        Rule::new([kind(ETHER_IPV4), is_from(ether, source)], Action::Accept),
        Rule::new(
            [
                kind(ETHER_ARP),
                is_from(ether, Field::ArpSenderIpv4),
                is_from(Field::ArpSenderEther, Field::ArpSenderIpv4),
            ],
            Action::Accept,
        ),
    ]
}

/// The type of an ICMPv6 message is found behind extension headers, too; hosts take no fragmented ones of these types
/// (RFC 6980).
fn ipv6() -> [Rule; 4] {
    let icmp = |number| {
        let protocol = Value::Byte(libc::IPPROTO_ICMPV6 as u8);
        [
            kind(ETHER_IPV6),
            Condition::Is(Field::Protocol, protocol),
            Condition::Is(Field::Icmpv6Type, Value::Byte(number)),
        ]
    };
    let ether = Field::EtherSource;
    let false_claim = Condition::NotIn(sender(ether, Field::AdvertisedAddress), SENDERS6);
    let is_own = Condition::In(sender(ether, Field::Source(IpFamily::V6)), SENDERS6);
    let claims = icmp(NEIGHBOR_ADVERTISEMENT).into_iter();
    let claims: Vec<Condition> = claims.chain([false_claim]).collect();
    [
        Rule::new(icmp(ROUTER_ADVERTISEMENT), Action::Drop),
        Rule::new(icmp(REDIRECT), Action::Drop),
        Rule::new(claims, Action::Drop),
        Rule::new([kind(ETHER_IPV6), is_own], Action::Accept),
    ]
}

fn kind(number: u16) -> Condition {
    Condition::Is(Field::EtherType, Value::Short(number))
}

fn sender(ether: Field, address: Field) -> Vec<Field> {
    vec![Field::InputLink, ether, address]
}
