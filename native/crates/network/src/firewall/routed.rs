//! What passes between the bridges, the machine and the world; one table for each family, the same rules in both.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::plan::{Forward, MemberPlan, Plan};
use crate::nftables::{
    Action, Chain, ChainKind, Condition, Element, Field, Hook, Rule, Set, Table, Value,
};
use crate::{IpFamily, Subnet};

/// All of the instance's bridges.
const BRIDGES: &str = "bridges";
/// Those without a way out and in.
const INTERNAL: &str = "internal";
/// Pairs of one bridge with itself, whose members may reach each other.
const JOINED: &str = "joined";
/// Who may send by which bridge.
const MEMBERS: &str = "members";
const SUBNETS: &str = "subnets";
/// Subnets that go out as the machine.
const MASQUERADED: &str = "masqueraded";
/// Ports of all addresses of the machine, and those of one.
const PUBLISHED: &str = "published";
const PUBLISHED_AT: &str = "published_at";

const PRIORITY_RAW: i32 = -300;
const PRIORITY_DESTINATION_NAT: i32 = -100;
const PRIORITY_FILTER: i32 = 0;
const PRIORITY_SOURCE_NAT: i32 = 100;

pub(super) fn table(plan: &Plan<'_>, family: IpFamily) -> Table {
    let chain = |name, kind, hook, priority, rules| Chain {
        name,
        kind,
        hook,
        priority,
        rules,
    };
    let (filter, nat) = (ChainKind::Filter, ChainKind::Nat);
    let [before, dnat, after] = [PRIORITY_RAW, PRIORITY_DESTINATION_NAT, PRIORITY_SOURCE_NAT];
    Table {
        family: family.into(),
        name: plan.names.table.clone(),
        sets: link_sets(plan)
            .into_iter()
            .chain(subnet_sets(plan, family))
            .chain(sets(family, &plan.members, &plan.ports))
            .collect(),
        chains: vec![
            chain("senders", filter, Hook::PreRouting, before, senders(family)),
            chain(
                "prerouting",
                nat,
                Hook::PreRouting,
                dnat,
                from_outside(family),
            ),
            chain("output", nat, Hook::Output, dnat, from_machine(family)),
            chain("input", filter, Hook::Input, PRIORITY_FILTER, input()),
            chain("forward", filter, Hook::Forward, PRIORITY_FILTER, forward()),
            chain(
                "postrouting",
                nat,
                Hook::PostRouting,
                after,
                sources(family),
            ),
        ],
    }
}

/// The sets that change with containers and their ports.
pub(super) fn sets(
    family: IpFamily,
    members: &[MemberPlan],
    ports: &[Forward],
) -> impl Iterator<Item = Set> {
    let members = members.iter().flat_map(move |member| {
        let link = Value::Link(member.bridge.clone());
        let of = move |address| Element::key([link.clone(), Value::Address(address)]);
        member.addresses_of(family).map(of)
    });
    let members = Set::of(MEMBERS, [Field::InputLink, Field::Source(family)]).with(members);
    let target = vec![Field::Destination(family), Field::DestinationPort];
    let of_family = ports
        .iter()
        .filter(|port| IpFamily::of(port.to.ip()) == family);
    let (some, all): (Vec<&Forward>, Vec<&Forward>) =
        of_family.partition(|port| port.host_address.is_some());
    let at = Set {
        value: target.clone(),
        ..Set::of(PUBLISHED_AT, at_fields(family)).with(some.into_iter().map(published))
    };
    let everywhere = Set {
        value: target,
        ..Set::of(PUBLISHED, everywhere_fields()).with(all.into_iter().map(published))
    };
    [members, at, everywhere].into_iter()
}

fn published(port: &Forward) -> Element {
    let address = port.host_address.map(Value::Address);
    let rest = [
        Value::Byte(port.protocol.number()),
        Value::Short(port.host_port),
    ];
    let key: Vec<Value> = address.into_iter().chain(rest).collect();
    let to = [Value::Address(port.to.ip()), Value::Short(port.to.port())];
    Element::pair(key, to)
}

fn at_fields(family: IpFamily) -> Vec<Field> {
    let address = [Field::Destination(family)];
    address.into_iter().chain(everywhere_fields()).collect()
}

fn everywhere_fields() -> Vec<Field> {
    vec![Field::Protocol, Field::DestinationPort]
}

fn link_sets(plan: &Plan<'_>) -> [Set; 3] {
    let link = |name: &String| Value::Link(name.clone());
    let bridges = plan.bridges.iter();
    let internal = bridges.clone().filter(|bridge| bridge.internal);
    let joined = bridges.clone().filter(|bridge| !bridge.isolated);
    [
        Set::of(BRIDGES, [Field::InputLink]).with(bridges.map(|it| Element::key([link(&it.link)]))),
        Set::of(INTERNAL, [Field::InputLink])
            .with(internal.map(|it| Element::key([link(&it.link)]))),
        Set::of(JOINED, [Field::InputLink, Field::OutputLink])
            .with(joined.map(|it| Element::key([link(&it.link), link(&it.link)]))),
    ]
}

fn subnet_sets(plan: &Plan<'_>, family: IpFamily) -> [Set; 2] {
    let bridges = plan.bridges.iter();
    let masqueraded = bridges.clone().filter(|it| it.masquerade && !it.internal);
    let ranges = |name, subnets: Vec<Subnet>| Set {
        ranges: true,
        ..Set::of(name, [Field::Source(family)]).with(subnets.into_iter().flat_map(Element::range))
    };
    [
        ranges(
            SUBNETS,
            bridges.filter_map(|it| it.subnet(family)).collect(),
        ),
        ranges(
            MASQUERADED,
            masqueraded.filter_map(|it| it.subnet(family)).collect(),
        ),
    ]
}

fn loopback(family: IpFamily) -> Option<Subnet> {
    match family {
        IpFamily::V4 => Subnet::new(Ipv4Addr::new(127, 0, 0, 0), 8),
        IpFamily::V6 => Subnet::new(Ipv6Addr::LOCALHOST, 128),
    }
}

fn from_bridges() -> Condition {
    Condition::In(vec![Field::InputLink], BRIDGES)
}

fn to_bridges() -> Condition {
    Condition::In(vec![Field::OutputLink], BRIDGES)
}

/// The networks' addresses come from their members, and nothing else comes from them. Containers do not reach what
/// listens on the machine's loopback, though the bridges route it for published ports.
fn senders(family: IpFamily) -> Vec<Rule> {
    let other_link = Condition::IsNot(Field::InputLink, Value::Link("lo".to_owned()));
    let not_bridge = Condition::NotIn(vec![Field::InputLink], BRIDGES);
    let own = Condition::In(vec![Field::Source(family)], SUBNETS);
    let stranger = Condition::NotIn(vec![Field::InputLink, Field::Source(family)], MEMBERS);
    let to_loopback = loopback(family).map(|it| Condition::Within(Field::Destination(family), it));
    let mut rules = vec![
        Rule::new([from_bridges(), stranger], Action::Drop),
        Rule::new([other_link, not_bridge, own], Action::Drop),
    ];
    rules.extend(to_loopback.map(|it| Rule::new([from_bridges(), it], Action::Drop)));
    rules
}

/// A neighbour's packet for 127.0.0.1 is none for a port that is published there.
fn from_outside(family: IpFamily) -> Vec<Rule> {
    let to_loopback = loopback(family).map(|it| Condition::Within(Field::Destination(family), it));
    let ends = to_loopback.map(|it| Rule::new([it], Action::Accept));
    ends.into_iter().chain(redirects(family)).collect()
}

/// Ports of ::1 are led to the agent, each by an element of its own: the kernel has no way back to ::1 for answers that
/// come from elsewhere. Where the agent serves none, they are refused at once, and clients of "localhost" go on to
/// 127.0.0.1.
fn from_machine(family: IpFamily) -> Vec<Rule> {
    let [at, everywhere] = redirects(family);
    let to_loopback = loopback(family).map(|it| Condition::Within(Field::Destination(family), it));
    let to_loopback = to_loopback.filter(|_| family == IpFamily::V6);
    let ends = to_loopback.map(|it| Rule::new([it], Action::Accept));
    [at].into_iter().chain(ends).chain([everywhere]).collect()
}

/// By the ports of one address, and by those of all.
fn redirects(family: IpFamily) -> [Rule; 2] {
    let to = |fields, map| Action::Redirect {
        family,
        fields,
        map,
    };
    let local = Value::Number(u32::from(libc::RTN_LOCAL));
    [
        Rule::new([], to(at_fields(family), PUBLISHED_AT)),
        Rule::new(
            [Condition::Is(Field::DestinationKind, local)],
            to(everywhere_fields(), PUBLISHED),
        ),
    ]
}

/// Members of internal networks answer the machine, and do not call on it.
fn input() -> Vec<Rule> {
    let internal = || Condition::In(vec![Field::InputLink], INTERNAL);
    vec![
        Rule::new([internal(), Condition::Established], Action::Accept),
        Rule::new([internal()], Action::Drop),
    ]
}

/// Members of a network reach each other and the world; of the world, and of other networks, only answers and those
/// who come by a published port reach them. The first rule counts where br_netfilter shows bridged packets to this
/// hook.
fn forward() -> Vec<Rule> {
    let joined = Condition::In(vec![Field::InputLink, Field::OutputLink], JOINED);
    let internal = |field| Condition::In(vec![field], INTERNAL);
    vec![
        Rule::new([joined], Action::Accept),
        Rule::new([internal(Field::InputLink)], Action::Drop),
        Rule::new([internal(Field::OutputLink)], Action::Drop),
        Rule::new([to_bridges(), Condition::Established], Action::Accept),
        Rule::new(
            [to_bridges(), Condition::DestinationTranslated],
            Action::Accept,
        ),
        Rule::new([to_bridges()], Action::Drop),
    ]
}

/// The source is kept where the answer comes back by itself. That is not so of a member of the same network, which
/// would be answered past the machine, and of the machine's loopback.
fn sources(family: IpFamily) -> Vec<Rule> {
    let same_network = Condition::In(vec![Field::OutputLink, Field::Source(family)], MEMBERS);
    let masqueraded = Condition::In(vec![Field::Source(family)], MASQUERADED);
    let outward = Condition::NotIn(vec![Field::OutputLink], BRIDGES);
    let from_loopback = loopback(family).map(|it| Condition::Within(Field::Source(family), it));
    let mut rules = vec![
        Rule::new(
            [Condition::DestinationTranslated, same_network],
            Action::Masquerade,
        ),
        Rule::new([masqueraded, outward], Action::Masquerade),
    ];
    rules.extend(from_loopback.map(|it| Rule::new([to_bridges(), it], Action::Masquerade)));
    rules
}
