//! Namespaces that stand ready before a container asks.

use std::os::fd::{AsFd, OwnedFd};
use std::thread;
use std::time::Duration;

use longshore_network::{Connection, Definition, NetworkHost, ReadyNamespace};

use crate::Test;
use crate::container::{Container, attach, on};
use crate::separate::bridge;
use crate::traffic::{listen, reach, receive, receiver, send, until};
use crate::world::{Namespace, Scratch, open, run};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_ready_namespace_is_as_good_as_a_fresh_one",
        a_ready_namespace_is_as_good_as_a_fresh_one,
    ),
    (
        "a_ready_namespace_does_for_any_bridge_network",
        a_ready_namespace_does_for_any_bridge_network,
    ),
    (
        "an_abandoned_ready_namespace_leaves_nothing",
        an_abandoned_ready_namespace_leaves_nothing,
    ),
    (
        "a_new_agent_removes_what_stood_ready",
        a_new_agent_removes_what_stood_ready,
    ),
    (
        "the_end_removes_what_stands_ready",
        the_end_removes_what_stands_ready,
    ),
    ("the_first_datagram_arrives", the_first_datagram_arrives),
];

/// Whoever asks is starting a container: nothing is made ahead for some milliseconds.
const ASK_AGAIN: Duration = Duration::from_millis(20);

fn take(host: &NetworkHost, network: &str) -> ReadyNamespace {
    host.keep_ready(2);
    let mut taken = None;
    until("a namespace stands ready", || {
        thread::sleep(ASK_AGAIN);
        host.take_ready(&[on(network)])
            .map(|ready| taken = Some(ready))
            .is_some()
    });
    taken.unwrap()
}

/// On the network, in a namespace that stood ready.
fn attach_ready(host: &NetworkHost, id: &str, network: &str) -> (Namespace, Connection) {
    let ready = take(host, network);
    let netns: OwnedFd = ready.as_fd().try_clone_to_owned().unwrap();
    let connection = host
        .attach(id, &[on(network)], &[], netns.as_fd(), Some(ready))
        .unwrap();
    (Namespace::of(netns), connection)
}

fn port_count() -> usize {
    let links = run("ip", "-o link show type veth");
    links.lines().filter(|line| line.contains(": lv")).count()
}

fn a_ready_namespace_is_as_good_as_a_fresh_one() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let (ready, connection) = attach_ready(&host, "ready", "bridge");
    let fresh = Container::attach(&host, "fresh");
    let own = &connection.addresses[0];
    let address = own.ipv4.unwrap().address();
    let listener = ready.run(|| listen(address));
    let seen = fresh
        .namespace
        .run(|| reach(&listener, listener.local_addr().unwrap()));
    assert_eq!(seen, fresh.address());
    let link = ready.command("ip", "addr show dev eth0");
    assert!(link.contains(&format!("link/ether {}", own.mac)), "{link}");
    assert!(!link.contains("inet6"), "{link}");
}

fn a_ready_namespace_does_for_any_bridge_network() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let definition = Definition {
        mtu: 1400,
        ipv6: true,
        ..bridge('a')
    };
    let own = host.apply(definition).unwrap().id;
    let (ready, connection) = attach_ready(&host, "ready", &own);
    let fresh = Container::on(&host, "fresh", &[&own]);
    let link = ready.command("ip", "link show dev eth0");
    assert!(link.contains("mtu 1400"), "{link}");
    for address in [connection.addresses[0].ipv4, connection.addresses[0].ipv6] {
        let listener = ready.run(|| listen(address.unwrap().address()));
        fresh
            .namespace
            .run(|| reach(&listener, listener.local_addr().unwrap()));
    }
}

fn an_abandoned_ready_namespace_leaves_nothing() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    drop(take(&host, "bridge"));
    host.keep_ready(0);
    until("no port is left", || port_count() == 0);
}

fn a_new_agent_removes_what_stood_ready() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let ready = take(&host, "bridge");
    // As of an agent that was killed: nobody says that the namespace is no longer needed, and it still stands.
    let netns = ready.as_fd().try_clone_to_owned().unwrap();
    std::mem::forget(ready);
    drop(host);
    assert!(port_count() > 0);
    let host = open(&scratch);
    let namespace = Namespace::new();
    attach(&host, "one", &namespace).unwrap();
    until("the container's port alone is left", || port_count() == 1);
    drop((netns, namespace));
}

fn the_end_removes_what_stands_ready() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let ready = take(&host, "bridge");
    host.teardown().unwrap();
    assert_eq!(port_count(), 0);
    drop(ready);
}

/// The kernel lets packets through a new link only once it has noticed its carrier; an attachment waits for that.
fn the_first_datagram_arrives() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    for round in 0..20 {
        let [one, two] =
            ["one", "two"].map(|id| Container::attach(&host, &format!("{id}-{round}")));
        let socket = two.namespace.run(|| receiver(two.address()));
        one.namespace
            .run(|| send(one.address(), two.address(), "first"));
        assert_eq!(receive(&socket), "first");
    }
}
