//! Networks with IPv6.

use std::net::{IpAddr, Ipv6Addr};

use longshore_network::{AddressPool, Attachment, Definition, NetworkHost, Protocol};

use crate::Test;
use crate::container::{Container, on};
use crate::ports::{HOST_PORT, publish, tcp};
use crate::separate::{bridge, id};
use crate::traffic::{listen, reach, receive, receiver, send};
use crate::world::{Namespace, Scratch, internet, open, run};

pub(crate) const TESTS: &[Test] = &[
    ("members_reach_each_other_by_ipv6", members_reach_each_other),
    (
        "the_world_sees_the_machines_ipv6_address",
        the_world_sees_the_machine,
    ),
    (
        "different_networks_are_apart_by_ipv6",
        different_networks_are_apart,
    ),
    ("ports_are_published_by_ipv6", ports_are_published),
    ("false_ipv6_senders_are_dropped", false_senders_are_dropped),
    ("a_network_can_have_ipv6_alone", ipv6_alone),
    ("ipv6_is_chosen_or_as_asked_for", chosen_or_as_asked_for),
    (
        "ipv6_forwarding_is_switched_off_again",
        forwarding_is_switched_off,
    ),
];

fn definition(letter: char) -> Definition {
    Definition {
        ipv6: true,
        ..bridge(letter)
    }
}

fn two_members(host: &NetworkHost) -> [Container; 2] {
    host.apply(definition('a')).unwrap();
    ["one", "two"].map(|it| Container::on(host, it, &[&id('a')]))
}

/// Behind the machine's uplink, which has 2001:db8::1.
fn internet6() -> Namespace {
    let internet = internet();
    run("ip", "addr add 2001:db8::1/64 dev uplink nodad");
    run("ip", "route add default via 2001:db8::2");
    internet.command("ip", "addr add 2001:db8::2/64 dev far nodad");
    internet
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn members_reach_each_other() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two] = two_members(&host);
    let listener = two.namespace.run(|| listen(two.ipv6()));
    let seen = one
        .namespace
        .run(|| reach(&listener, (two.ipv6(), crate::traffic::PORT)));
    assert_eq!(seen, one.ipv6());
    reach(&listener, (two.ipv6(), crate::traffic::PORT));
}

fn the_world_sees_the_machine() {
    let scratch = Scratch::new();
    let internet = internet6();
    let host = open(&scratch);
    let [one, _] = two_members(&host);
    let listener = internet.run(|| listen(address("2001:db8::2")));
    let target = (address("2001:db8::2"), crate::traffic::PORT);
    let seen = one.namespace.run(|| reach(&listener, target));
    assert_eq!(seen, address("2001:db8::1"));
}

fn different_networks_are_apart() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, _] = two_members(&host);
    host.apply(definition('b')).unwrap();
    let other = Container::on(&host, "other", &[&id('b')]);
    let socket = one.namespace.run(|| receiver(one.ipv6()));
    other
        .namespace
        .run(|| send(Ipv6Addr::UNSPECIFIED, one.ipv6(), "from a stranger"));
    send(Ipv6Addr::UNSPECIFIED, one.ipv6(), "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn ports_are_published() {
    let scratch = Scratch::new();
    let internet = internet6();
    let host = open(&scratch);
    host.apply(definition('a')).unwrap();
    let web = Container::with(&host, "web", &[on(&id('a'))], &tcp());
    assert_eq!(web.ports.len(), 2, "one for each family");
    let other = Container::on(&host, "other", &[&id('a')]);
    let listener = web.namespace.run(|| listen(web.ipv6()));
    let uplink = (address("2001:db8::1"), HOST_PORT);
    let seen = internet.run(|| reach(&listener, uplink));
    assert_eq!(seen, address("2001:db8::2"));
    reach(&listener, uplink);
    for container in [&other, &web] {
        container.namespace.run(|| reach(&listener, uplink));
    }
    // Refused, not left waiting: a client goes on to 127.0.0.1.
    let loopback = (address("::1"), HOST_PORT);
    let refused = std::net::TcpStream::connect(loopback).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    let only_six = [publish(Protocol::Udp, Some("::"))];
    let six = Container::with(&host, "six", &[on(&id('a'))], &only_six);
    assert_eq!(six.ports[0].host_address, address("::"));
}

fn false_senders_are_dropped() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [thief, owner] = two_members(&host);
    let witness = Container::on(&host, "witness", &[&id('a')]);
    let socket = witness.namespace.run(|| receiver(witness.ipv6()));
    let command = |arguments: &str| thief.namespace.command("ip", arguments);
    thief
        .namespace
        .run(|| send(thief.ipv6(), witness.ipv6(), "first"));
    let stolen = owner.ipv6();
    command(&format!("addr add {stolen}/64 dev eth0 nodad"));
    thief
        .namespace
        .run(|| send(stolen, witness.ipv6(), "spoofed"));
    thief
        .namespace
        .run(|| send(thief.ipv6(), witness.ipv6(), "honest"));
    assert_eq!([receive(&socket), receive(&socket)], ["first", "honest"]);
    // Asked for the owner's address, thief and owner both answer; only the owner is heard.
    let asked = witness.namespace.run(|| listen(witness.ipv6()));
    let listener = owner.namespace.run(|| listen(stolen));
    witness
        .namespace
        .run(|| reach(&listener, (stolen, crate::traffic::PORT)));
    let neighbours = witness.namespace.command("ip", "-6 neigh show dev eth0");
    let line = neighbours
        .lines()
        .find(|line| line.starts_with(&format!("{stolen} ")));
    assert!(
        line.unwrap().contains(&owner.assigned.mac.to_string()),
        "{neighbours}"
    );
    drop(asked);
}

fn ipv6_alone() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let alone = Definition {
        ipv4: false,
        ..definition('a')
    };
    host.apply(alone).unwrap();
    let [one, two] = ["one", "two"].map(|it| Container::on(&host, it, &[&id('a')]));
    assert_eq!(one.addresses[0].ipv4, None);
    let listener = two.namespace.run(|| listen(two.ipv6()));
    one.namespace
        .run(|| reach(&listener, (two.ipv6(), crate::traffic::PORT)));
    assert!(
        !one.namespace
            .command("ip", "addr show dev eth0")
            .contains("inet ")
    );
}

fn chosen_or_as_asked_for() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let chosen = host.apply(definition('a')).unwrap();
    assert!(chosen.pools[1].subnet.to_string().starts_with("fd"));
    let asked = Definition {
        pools: vec![AddressPool::of("2001:db8:7::/64".parse().unwrap())],
        ..definition('b')
    };
    host.apply(asked).unwrap();
    let wanted = Attachment {
        ipv6: Some("2001:db8:7::99".parse().unwrap()),
        ..on(&id('b'))
    };
    let one = Container::with(&host, "one", &[wanted], &[]);
    assert_eq!(one.ipv6(), address("2001:db8:7::99"));
    assert_eq!(
        one.addresses[0].ipv6_gateway,
        Some(address("2001:db8:7::1"))
    );
}

fn forwarding_is_switched_off() {
    let scratch = Scratch::new();
    let forwards = || run("cat", "/proc/sys/net/ipv6/conf/all/forwarding");
    std::fs::write("/proc/sys/net/ipv6/conf/all/forwarding", "0").unwrap();
    let host = open(&scratch);
    host.ensure().unwrap();
    assert_eq!(forwards(), "0\n");
    host.apply(definition('a')).unwrap();
    assert_eq!(forwards(), "1\n");
    assert!(run("nft", "list tables").contains("table ip6 longshore-guard"));
    host.teardown().unwrap();
    assert_eq!(forwards(), "0\n");
    assert_eq!(run("nft", "list ruleset"), "");
}
