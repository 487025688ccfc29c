use std::net::Ipv4Addr;

use longshore_network::MacAddress;

use crate::Test;
use crate::container::Container;
use crate::traffic::{receive, receiver, send};
use crate::world::{Namespace, Scratch, internet, neighbour, open, open_instance, run};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_source_outside_of_the_subnet_is_dropped",
        a_source_outside_of_the_subnet_is_dropped,
    ),
    (
        "a_neighbours_address_cannot_be_used",
        a_neighbours_address_cannot_be_used,
    ),
    (
        "a_neighbours_address_cannot_be_claimed_by_arp",
        a_neighbours_address_cannot_be_claimed_by_arp,
    ),
    (
        "another_mac_address_is_dropped",
        another_mac_address_is_dropped,
    ),
    (
        "the_outside_cannot_open_a_connection_inward",
        the_outside_cannot_open_a_connection_inward,
    ),
    (
        "another_instances_containers_cannot_reach_in",
        another_instances_containers_cannot_reach_in,
    ),
    (
        "the_host_does_not_become_a_router",
        the_host_does_not_become_a_router,
    ),
];

const STRANGER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 9);

/// Of a datagram sent with `spoofed` as source and an honest one after it, only the honest one arrives.
fn only_the_honest_arrives(from: &Container, spoofed: Ipv4Addr, to: &Container) {
    let socket = to.namespace.run(|| receiver(to.address()));
    from.namespace
        .command("ip", &format!("addr add {spoofed}/32 dev eth0"));
    from.namespace.run(|| {
        send(from.address(), to.address(), "first");
        send(spoofed, to.address(), "spoofed");
        send(from.address(), to.address(), "honest");
    });
    assert_eq!([receive(&socket), receive(&socket)], ["first", "honest"]);
}

fn a_source_outside_of_the_subnet_is_dropped() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two] = ["one", "two"].map(|id| Container::attach(&host, id));
    only_the_honest_arrives(&one, STRANGER, &two);
}

fn a_neighbours_address_cannot_be_used() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two, three] = ["one", "two", "three"].map(|id| Container::attach(&host, id));
    only_the_honest_arrives(&one, three.address(), &two);
}

fn a_neighbours_address_cannot_be_claimed_by_arp() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [thief, owner] = ["thief", "owner"].map(|id| Container::attach(&host, id));
    let gateway = thief.assigned.gateway;
    let socket = receiver(gateway);
    let command = |arguments: &str| thief.namespace.command("ip", arguments);
    // To send this, the thief asks for the gateway by ARP as the owner, from which the host would learn.
    command(&format!("addr add {}/32 dev eth0", owner.address()));
    thief
        .namespace
        .run(|| send(owner.address(), gateway, "spoofed"));
    command(&format!(
        "neigh replace {gateway} lladdr {} dev eth0",
        MacAddress::of(gateway.into())
    ));
    thief
        .namespace
        .run(|| send(thief.address(), gateway, "honest"));
    assert_eq!(receive(&socket), "honest");
    let neighbours = run("ip", "neigh show dev longshore0");
    assert!(
        !neighbours.contains(&format!("{} ", owner.address())),
        "{neighbours}"
    );
}

fn another_mac_address_is_dropped() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two] = ["one", "two"].map(|id| Container::attach(&host, id));
    let socket = two.namespace.run(|| receiver(two.address()));
    let mac = one.assigned.mac;
    let neighbour = format!(
        "neigh replace {} lladdr {} dev eth0",
        two.address(),
        two.assigned.mac
    );
    one.namespace.command("ip", &neighbour);
    let send_as = |mac: &str, text: &str| {
        one.namespace
            .command("ip", &format!("link set eth0 address {mac}"));
        one.namespace
            .run(|| send(one.address(), two.address(), text));
    };
    send_as("02:00:00:00:00:09", "spoofed");
    send_as(&mac.to_string(), "honest");
    assert_eq!(receive(&socket), "honest");
}

fn the_outside_cannot_open_a_connection_inward() {
    let scratch = Scratch::new();
    let internet = internet();
    // A router already, so that no guard stands before the instance's own rules.
    std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").unwrap();
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    internet.command("ip", "route add 172.16.0.0/12 via 203.0.113.1");
    let socket = container.namespace.run(|| receiver(container.address()));
    internet.run(|| send(Ipv4Addr::UNSPECIFIED, container.address(), "from outside"));
    send(Ipv4Addr::UNSPECIFIED, container.address(), "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn another_instances_containers_cannot_reach_in() {
    let [scratch, other_scratch] = [Scratch::new(), Scratch::new()];
    let host = open(&scratch);
    let other = open_instance(&other_scratch, "6f1c2d8e-another-data-folder");
    let ours = Container::attach(&host, "one");
    let theirs = Container::attach(&other, "one");
    assert_ne!(ours.assigned.gateway, theirs.assigned.gateway);
    let socket = ours.namespace.run(|| receiver(ours.address()));
    theirs
        .namespace
        .run(|| send(theirs.address(), ours.address(), "from the other instance"));
    send(Ipv4Addr::UNSPECIFIED, ours.address(), "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn the_host_does_not_become_a_router() {
    let scratch = Scratch::new();
    let internet = internet();
    let lan = lan();
    internet.command("ip", "route add 192.0.2.0/24 via 203.0.113.1");
    let socket = lan.run(|| receiver([192, 0, 2, 2]));
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    assert_eq!(run("cat", "/proc/sys/net/ipv4/ip_forward").trim(), "1");
    internet.run(|| send(Ipv4Addr::UNSPECIFIED, [192, 0, 2, 2], "through the host"));
    container
        .namespace
        .run(|| send(container.address(), [192, 0, 2, 2], "from the container"));
    assert_eq!(receive(&socket), "from the container");
}

/// A namespace at 192.0.2.2 on another interface of the host, with the host as its default route.
fn lan() -> Namespace {
    let lan = neighbour("lan", "192.0.2");
    lan.command("ip", "route add default via 192.0.2.1");
    lan
}
