//! Containers on several networks, and those that change them while they run.

use longshore_network::{Attachment, Error};

use crate::Test;
use crate::container::{Container, on};
use crate::separate::{bridge, id, with_subnet};
use crate::traffic::{connect, listen};
use crate::world::{Scratch, open};

pub(crate) const TESTS: &[Test] = &[
    ("a_container_is_on_several_networks", on_several_networks),
    (
        "the_default_route_goes_by_priority",
        the_default_route_goes_by_priority,
    ),
    ("a_running_container_joins_and_leaves", joins_and_leaves),
    ("a_failed_join_leaves_nothing", a_failed_join_leaves_nothing),
    (
        "a_container_without_networks_can_join",
        without_networks_can_join,
    ),
];

fn default_route(container: &Container) -> String {
    container.namespace.command("ip", "route show default")
}

fn on_several_networks() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    for letter in ['a', 'b'] {
        host.apply(bridge(letter)).unwrap();
    }
    let both = Container::on(&host, "both", &[&id('a'), &id('b')]);
    let names: Vec<&str> = both
        .addresses
        .iter()
        .map(|it| it.interface.as_str())
        .collect();
    assert_eq!(names, ["eth0", "eth1"]);
    for (number, letter) in ['a', 'b'].into_iter().enumerate() {
        let other = Container::on(&host, &format!("in-{letter}"), &[&id(letter)]);
        let listener = both.namespace.run(|| listen(both.address_on(number)));
        let seen = connect(&listener, |it| other.namespace.run(|| it.now()));
        assert_eq!(seen, other.address());
    }
    assert!(default_route(&both).contains("dev eth0"));
}

fn the_default_route_goes_by_priority() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    for letter in ['a', 'b'] {
        host.apply(bridge(letter)).unwrap();
    }
    let second = Attachment {
        gateway_priority: 1,
        ..on(&id('b'))
    };
    let both = Container::with(&host, "both", &[on(&id('a')), second], &[]);
    assert!(default_route(&both).contains("dev eth1"));
}

fn joins_and_leaves() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let one = Container::attach(&host, "one");
    let other = Container::on(&host, "other", &[&id('a')]);
    let before = default_route(&one);
    let prior = Attachment {
        gateway_priority: 1,
        ..on(&id('a'))
    };
    let (address, _) = host.join("one", &prior, one.namespace.fd()).unwrap();
    assert_eq!(address.interface, "eth1");
    assert!(default_route(&one).contains("dev eth1"));
    let listener = other.namespace.run(|| listen(other.address()));
    connect(&listener, |it| one.namespace.run(|| it.now()));
    assert!(matches!(
        host.join("one", &prior, one.namespace.fd()),
        Err(Error::AlreadyAttached { .. })
    ));
    host.leave("one", &id('a'), one.namespace.fd()).unwrap();
    host.leave("one", &id('a'), one.namespace.fd()).unwrap();
    assert_eq!(default_route(&one), before);
    assert!(!one.namespace.command("ip", "-o link").contains("eth1"));
    assert_eq!(host.members(&id('a')).len(), 1);
    // Its address is to be had again.
    let wanted = Attachment {
        ipv4: match address.ipv4.unwrap().address() {
            std::net::IpAddr::V4(address) => Some(address),
            std::net::IpAddr::V6(_) => None,
        },
        ..on(&id('a'))
    };
    Container::with(&host, "next", &[wanted], &[]);
}

fn a_failed_join_leaves_nothing() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(with_subnet('a', "10.77.0.0/24")).unwrap();
    let one = Container::attach(&host, "one");
    one.namespace.command("ip", "link add eth1 type bridge");
    let route = default_route(&one);
    let failed = host.join("one", &on(&id('a')), one.namespace.fd());
    assert!(matches!(failed, Err(Error::Netlink(_))), "{failed:?}");
    assert!(host.members(&id('a')).is_empty());
    assert_eq!(default_route(&one), route);
    assert_eq!(host.connection("one").unwrap().addresses, one.addresses);
    let elsewhere = Attachment {
        ipv4: Some([10, 99, 0, 2].into()),
        ..on(&id('a'))
    };
    let refused = host.join("one", &elsewhere, one.namespace.fd());
    assert!(refused.unwrap_err().to_string().starts_with("ipv4: "));
}

fn without_networks_can_join() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let namespace = crate::world::Namespace::new();
    host.join("one", &on(&id('a')), namespace.fd()).unwrap();
    assert!(
        namespace
            .command("ip", "route show default")
            .contains("eth0")
    );
    host.release("one").unwrap();
    assert!(host.connection("one").is_none());
}
