//! Networks on top of a link of the machine. A kernel without VLAN links cannot show those.

use std::process::Command;

use longshore_network::{Definition, Driver, Error};

use crate::Test;
use crate::container::Container;
use crate::separate::{bridge, id, with_subnet};
use crate::traffic::{PORT, listen, reach};
use crate::world::{Scratch, internet, open, run};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_macvlan_is_on_its_parents_network",
        a_macvlan_is_on_its_parents_network,
    ),
    (
        "a_macvlan_without_a_parent_is_closed",
        a_macvlan_without_a_parent,
    ),
    ("a_missing_parent_is_refused", a_missing_parent_is_refused),
    (
        "a_macvlan_without_ipv6_has_none",
        a_macvlan_without_ipv6_has_none,
    ),
    (WITH_IPVLAN, an_ipvlan_is_on_its_parents_network),
    (WITHOUT_IPVLAN, a_kind_that_the_kernel_lacks),
];

const WITH_IPVLAN: &str = "an_ipvlan_is_on_its_parents_network";
const WITHOUT_IPVLAN: &str = "a_kind_of_link_that_the_kernel_lacks_is_refused";

/// The one of these two tests that this machine's kernel cannot show.
pub(crate) fn unseen() -> &'static str {
    let mut adding = Command::new("ip");
    adding.args(["link", "add", "try0", "type", "ipvlan"]);
    // Without a parent it fails in any case.
    let refusal = adding.output().unwrap().stderr;
    match String::from_utf8_lossy(&refusal).contains("Unknown device type") {
        true => WITH_IPVLAN,
        false => WITHOUT_IPVLAN,
    }
}

fn macvlan(letter: char, parent: &str) -> Definition {
    Definition {
        driver: Driver::Macvlan,
        parent: parent.to_owned(),
        ..with_subnet(letter, "203.0.113.0/24")
    }
}

fn a_macvlan_is_on_its_parents_network() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let mut definition = macvlan('a', "uplink");
    definition.pools[0].gateway = "203.0.113.2".parse().ok();
    definition.pools[0].reserved = vec!["203.0.113.1".parse().unwrap()];
    host.apply(definition).unwrap();
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    let listener = internet.run(|| listen([203, 0, 113, 2]));
    let seen = one
        .namespace
        .run(|| reach(&listener, ([203, 0, 113, 2], PORT)));
    assert_eq!(seen, one.address());
    let listener = two.namespace.run(|| listen(two.address()));
    one.namespace
        .run(|| reach(&listener, (two.address(), PORT)));
    internet.run(|| reach(&listener, (two.address(), PORT)));
    host.leave("one", &id('a'), one.namespace.fd()).unwrap();
    assert!(!one.namespace.command("ip", "-o link").contains("eth0"));
    host.release("two").unwrap();
    host.remove(&id('a')).unwrap();
    assert!(run("ip", "-o link").contains("uplink"), "the parent stays");
}

fn a_macvlan_without_a_parent() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let links = run("ip", "-o link");
    let closed = Definition {
        driver: Driver::Macvlan,
        ..bridge('a')
    };
    host.apply(closed).unwrap();
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    let listener = two.namespace.run(|| listen(two.address()));
    one.namespace
        .run(|| reach(&listener, (two.address(), PORT)));
    host.release("one").unwrap();
    host.release("two").unwrap();
    drop([one, two]);
    host.remove(&id('a')).unwrap();
    assert_eq!(run("ip", "-o link"), links);
}

fn a_missing_parent_is_refused() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    for parent in ["nowhere0", "nowhere0.50"] {
        let refused = host.apply(macvlan('a', parent)).unwrap_err();
        assert!(
            matches!(
                refused,
                Error::Invalid {
                    field: "parent",
                    ..
                }
            ),
            "{refused}"
        );
    }
    assert!(host.network(&id('a')).is_err());
}

fn a_macvlan_without_ipv6_has_none() {
    let scratch = Scratch::new();
    let _internet = internet();
    let host = open(&scratch);
    host.apply(macvlan('a', "uplink")).unwrap();
    let one = Container::on(&host, "one", &[&id('a')]);
    let addresses = one.namespace.command("ip", "addr show dev eth0");
    assert!(!addresses.contains("inet6"), "{addresses}");
    let setting = one
        .namespace
        .run(|| std::fs::read_to_string("/proc/sys/net/ipv6/conf/eth0/disable_ipv6").unwrap());
    assert_eq!(setting, "1\n");
}

fn ipvlan(letter: char, parent: &str) -> Definition {
    Definition {
        driver: Driver::Ipvlan,
        ..macvlan(letter, parent)
    }
}

fn an_ipvlan_is_on_its_parents_network() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let mut definition = ipvlan('a', "uplink");
    definition.pools[0].gateway = "203.0.113.2".parse().ok();
    definition.pools[0].reserved = vec!["203.0.113.1".parse().unwrap()];
    host.apply(definition).unwrap();
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    assert_eq!(one.assigned.mac, two.assigned.mac, "both have the parent's");
    let listener = internet.run(|| listen([203, 0, 113, 2]));
    let seen = one
        .namespace
        .run(|| reach(&listener, ([203, 0, 113, 2], PORT)));
    assert_eq!(seen, one.address());
    let listener = two.namespace.run(|| listen(two.address()));
    one.namespace
        .run(|| reach(&listener, (two.address(), PORT)));
}

fn a_kind_that_the_kernel_lacks() {
    let scratch = Scratch::new();
    let _internet = internet();
    let host = open(&scratch);
    let refused = host.apply(ipvlan('a', "uplink")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "driver: this machine's kernel has no ipvlan links"
    );
    assert!(host.network(&id('a')).is_err());
}
