//! Several networks of one machine, and what they are to each other.

use std::net::Ipv4Addr;

use longshore_network::{AddressPool, Attachment, Definition, Error, NetworkHost};

use crate::Test;
use crate::container::{Container, on};
use crate::traffic::{connect, listen, receive, receiver, send};
use crate::world::{Scratch, internet, open, run};

pub(crate) const TESTS: &[Test] = &[
    (
        "members_of_one_network_reach_each_other",
        members_reach_each_other,
    ),
    (
        "members_of_different_networks_do_not",
        members_of_different_networks_do_not,
    ),
    (
        "an_internal_network_has_no_way_out",
        an_internal_network_has_no_way_out,
    ),
    (
        "members_of_an_isolated_network_are_kept_apart",
        isolated_members_are_kept_apart,
    ),
    (
        "without_masquerade_the_world_sees_the_container",
        without_masquerade,
    ),
    (
        "a_subnet_in_use_is_refused_and_named",
        a_subnet_in_use_is_refused,
    ),
    ("subnets_are_chosen_clear_of_each_other", subnets_are_clear),
    (
        "addresses_and_links_can_be_asked_for",
        addresses_can_be_asked_for,
    ),
    (
        "an_address_is_free_again_at_once",
        an_address_is_free_at_once,
    ),
    (
        "definitions_survive_restart_and_teardown",
        definitions_survive,
    ),
    (
        "a_network_with_members_stays_as_it_is",
        a_network_with_members_stays,
    ),
    (
        "a_removed_network_leaves_nothing",
        a_removed_network_leaves_nothing,
    ),
];

/// Sixty-four digits.
pub(crate) fn id(letter: char) -> String {
    letter.to_string().repeat(64)
}

pub(crate) fn bridge(letter: char) -> Definition {
    Definition {
        name: format!("net-{letter}"),
        ..Definition::bridge(&id(letter))
    }
}

pub(crate) fn with_subnet(letter: char, subnet: &str) -> Definition {
    Definition {
        pools: vec![AddressPool::of(subnet.parse().unwrap())],
        ..bridge(letter)
    }
}

/// Of two datagrams only the one of the host arrives.
fn only_the_host_reaches(from: &Container, to: &Container, address: Ipv4Addr) {
    let socket = to.namespace.run(|| receiver(address));
    from.namespace
        .run(|| send(Ipv4Addr::UNSPECIFIED, address, "from a stranger"));
    send(Ipv4Addr::UNSPECIFIED, address, "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn two_networks(host: &NetworkHost) -> [Container; 2] {
    ['a', 'b'].map(|letter| {
        host.apply(bridge(letter)).unwrap();
        Container::on(host, &format!("in-{letter}"), &[&id(letter)])
    })
}

fn members_reach_each_other() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    let listener = two.namespace.run(|| listen(two.address()));
    let seen = connect(&listener, |it| one.namespace.run(|| it.now()));
    assert_eq!(seen, one.address());
}

fn members_of_different_networks_do_not() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two] = two_networks(&host);
    only_the_host_reaches(&one, &two, two.address());
    let default = Container::attach(&host, "default");
    only_the_host_reaches(&default, &one, one.address());
    only_the_host_reaches(&two, &default, default.address());
}

fn an_internal_network_has_no_way_out() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let definition = Definition {
        internal: true,
        ..bridge('a')
    };
    let subnet = host.apply(definition).unwrap().pools[0].subnet;
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    assert_eq!(one.namespace.command("ip", "route show default"), "");
    assert_eq!(one.addresses[0].ipv4_gateway, None);
    let listener = two.namespace.run(|| listen(two.address()));
    connect(&listener, |it| one.namespace.run(|| it.now()));
    // Though it makes itself a route.
    let gateway = subnet.first_host();
    let route = format!("route add default via {gateway}");
    one.namespace.command("ip", &route);
    let outside = internet.run(|| receiver([203, 0, 113, 2]));
    let machine = receiver(gateway);
    one.namespace.run(|| {
        send(Ipv4Addr::UNSPECIFIED, [203, 0, 113, 2], "escaped");
        send(Ipv4Addr::UNSPECIFIED, gateway, "escaped");
    });
    send(Ipv4Addr::UNSPECIFIED, [203, 0, 113, 2], "from the host");
    send(Ipv4Addr::UNSPECIFIED, gateway, "from the host");
    assert_eq!(receive(&outside), "from the host");
    assert_eq!(receive(&machine), "from the host");
}

fn isolated_members_are_kept_apart() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let definition = Definition {
        isolated: true,
        ..bridge('a')
    };
    host.apply(definition).unwrap();
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    only_the_host_reaches(&one, &two, two.address());
    let listener = internet.run(|| listen([203, 0, 113, 2]));
    connect(&listener, |it| one.namespace.run(|| it.now()));
}

fn without_masquerade() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let definition = Definition {
        masquerade: false,
        ..with_subnet('a', "10.77.0.0/24")
    };
    host.apply(definition).unwrap();
    let one = Container::on(&host, "one", &[&id('a')]);
    internet.command("ip", "route add 10.77.0.0/24 via 203.0.113.1");
    let listener = internet.run(|| listen([203, 0, 113, 2]));
    let seen = connect(&listener, |it| one.namespace.run(|| it.now()));
    assert_eq!(seen, one.address());
}

fn a_subnet_in_use_is_refused() {
    let scratch = Scratch::new();
    let _internet = internet();
    run("ip", "route add 10.66.0.0/16 via 203.0.113.2");
    let host = open(&scratch);
    host.apply(with_subnet('a', "10.77.0.0/16")).unwrap();
    let links = run("ip", "-o link");
    for (subnet, by) in [
        ("10.77.4.0/24", "the network net-a"),
        ("10.66.4.0/24", "the route 10.66.0.0/16 by the link uplink"),
        ("203.0.113.0/24", "link uplink"),
    ] {
        let refused = host.apply(with_subnet('b', subnet)).unwrap_err();
        assert!(matches!(refused, Error::SubnetTaken { .. }), "{refused}");
        assert!(refused.to_string().contains(by), "{refused}");
    }
    assert_eq!(run("ip", "-o link"), links);
}

fn subnets_are_clear() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let chosen = ['a', 'b', 'c'].map(|letter| {
        let network = host.apply(bridge(letter)).unwrap();
        network.pools[0].subnet
    });
    assert!(!chosen[0].overlaps(chosen[1]) && !chosen[1].overlaps(chosen[2]));
    let again = host.apply(bridge('b')).unwrap();
    assert_eq!(
        again.pools[0].subnet, chosen[1],
        "a repetition changes nothing"
    );
}

fn addresses_can_be_asked_for() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let definition = Definition {
        link: "front0".to_owned(),
        mtu: 1300,
        ..with_subnet('a', "10.77.0.0/24")
    };
    host.apply(definition).unwrap();
    let wanted = Attachment {
        ipv4: Some([10, 77, 0, 99].into()),
        mac: Some("02:00:00:00:00:99".parse().unwrap()),
        interface: Some("front".to_owned()),
        ..on(&id('a'))
    };
    let one = Container::with(&host, "one", std::slice::from_ref(&wanted), &[]);
    let link = one.namespace.command("ip", "addr show dev front");
    for part in ["inet 10.77.0.99/24", "02:00:00:00:00:99", "mtu 1300"] {
        assert!(link.contains(part), "{link}");
    }
    assert!(run("ip", "link show master front0").contains("lv"));
    let two = Container::on(&host, "two", &[&id('a')]);
    let listener = one.namespace.run(|| listen(one.address()));
    connect(&listener, |it| two.namespace.run(|| it.now()));
    let namespace = crate::world::Namespace::new();
    let taken = host.attach("three", &[wanted], &[], namespace.fd(), None);
    let text = taken.unwrap_err().to_string();
    assert_eq!(text, "ipv4: 10.77.0.99 is in use by container one");
}

fn an_address_is_free_at_once() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(with_subnet('a', "10.77.0.0/24")).unwrap();
    for _ in 0..5 {
        let wanted = Attachment {
            ipv4: Some([10, 77, 0, 99].into()),
            ..on(&id('a'))
        };
        Container::with(&host, "one", &[wanted], &[]);
        host.release("one").unwrap();
    }
}

fn definitions_survive() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let made = host.apply(bridge('a')).unwrap();
    drop(host);
    let host = open(&scratch);
    assert_eq!(host.network(&id('a')).unwrap().pools, made.pools);
    host.teardown().unwrap();
    assert!(!run("ip", "-o link").contains(&made.link));
    let one = Container::on(&host, "one", &[&id('a')]);
    assert!(made.pools[0].subnet.contains(one.address().into()));
}

fn a_network_with_members_stays() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let one = Container::on(&host, "one", &[&id('a')]);
    let other = with_subnet('a', "10.77.0.0/24");
    assert!(matches!(
        host.apply(other.clone()),
        Err(Error::Differs { .. })
    ));
    assert!(matches!(
        host.remove(&id('a')),
        Err(Error::HasMembers { count: 1, .. })
    ));
    let members = host.members(&id('a'));
    assert_eq!(members[0].address, one.addresses[0]);
    host.release("one").unwrap();
    assert_eq!(
        host.apply(other.clone()).unwrap().pools[0].subnet,
        other.pools[0].subnet
    );
}

fn a_removed_network_leaves_nothing() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let state = || [run("ip", "-o link"), run("nft", "list table ip longshore")];
    let before = state();
    host.apply(bridge('a')).unwrap();
    assert_ne!(state(), before);
    host.remove(&id('a')).unwrap();
    host.remove(&id('a')).unwrap();
    assert_eq!(state(), before);
    assert!(matches!(
        host.network(&id('a')),
        Err(Error::UnknownNetwork { .. })
    ));
}
