use std::collections::HashSet;

use longshore_network::Error;

use crate::Test;
use crate::container::{Container, attach, on};
use crate::traffic::{connect, listen};
use crate::world::{Namespace, Scratch, open, run};

pub(crate) const TESTS: &[Test] = &[
    ("leases_survive_a_restart", leases_survive_a_restart),
    ("retain_releases_all_others", retain_releases_all_others),
    (
        "ports_left_by_a_killed_agent_are_swept",
        ports_left_by_a_killed_agent_are_swept,
    ),
    (
        "release_deletes_the_port_and_silences_the_container",
        release_deletes_the_port_and_silences_the_container,
    ),
    (
        "a_failed_attach_leaves_nothing",
        a_failed_attach_leaves_nothing,
    ),
    (
        "a_hundred_containers_have_a_hundred_addresses",
        a_hundred_containers_have_a_hundred_addresses,
    ),
    ("teardown_leaves_nothing", teardown_leaves_nothing),
];

fn ports() -> usize {
    run("ip", "-o link show type veth").lines().count()
}

fn leases_survive_a_restart() {
    let scratch = Scratch::new();
    let first = open(&scratch);
    let one = Container::attach(&first, "one");
    drop(first);
    let host = open(&scratch);
    let again = attach(&host, "one", &one.namespace);
    assert!(
        matches!(again, Err(Error::AlreadyAttached { .. })),
        "{again:?}"
    );
    let two = Container::attach(&host, "two");
    assert_ne!(one.address(), two.address());
    let listener = two.namespace.run(|| listen(two.address()));
    connect(&listener, |it| one.namespace.run(|| it.now()));
}

fn retain_releases_all_others() {
    let scratch = Scratch::new();
    let first = open(&scratch);
    let [_kept, _gone] = ["kept", "gone"].map(|id| Container::attach(&first, id));
    drop(first);
    let host = open(&scratch);
    host.retain(&["kept"]).unwrap();
    drop(host);
    assert_eq!(ports(), 1);
    let host = open(&scratch);
    let again = attach(&host, "kept", &Namespace::new());
    assert!(matches!(again, Err(Error::AlreadyAttached { .. })));
    Container::attach(&host, "gone");
}

fn ports_left_by_a_killed_agent_are_swept() {
    let scratch = Scratch::new();
    let first = open(&scratch);
    let _stray = Container::attach(&first, "stray");
    drop(first);
    std::fs::remove_file(scratch.0.join("members/stray.json")).unwrap();
    let host = open(&scratch);
    host.ensure().unwrap();
    drop(host);
    assert_eq!(ports(), 0);
}

fn release_deletes_the_port_and_silences_the_container() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let one = Container::attach(&host, "one");
    let two = Container::attach(&host, "two");
    host.release("one").unwrap();
    host.release("one").unwrap();
    assert!(
        !run("nft", "list set bridge longshore senders").contains(&one.assigned.mac.to_string())
    );
    let three = Container::attach(&host, "one");
    assert_ne!(
        three.address(),
        one.address(),
        "an address rests after its release"
    );
    drop(host);
    assert_eq!(ports(), 2);
    assert!(
        run("nft", "list set bridge longshore senders").contains(&two.assigned.mac.to_string())
    );
}

fn a_failed_attach_leaves_nothing() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let occupied = Namespace::new();
    occupied.command("ip", "link add eth0 type bridge");
    let failed = attach(&host, "one", &occupied).unwrap_err();
    assert!(
        failed.to_string().starts_with("create the veth pair: "),
        "{failed}"
    );
    assert!(matches!(
        host.attach("one", &[on("other")], &[], occupied.fd(), None),
        Err(Error::UnknownNetwork { .. })
    ));
    let rules = run("nft", "list set bridge longshore senders");
    assert!(!rules.contains("elements"), "{rules}");
    Container::attach(&host, "one");
}

fn a_hundred_containers_have_a_hundred_addresses() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let ids: Vec<String> = (0..100)
        .map(|number| format!("container-{number}"))
        .collect();
    let containers: Vec<Container> = std::thread::scope(|scope| {
        let started: Vec<_> = ids
            .iter()
            .map(|id| scope.spawn(|| Container::attach(&host, id)))
            .collect();
        started
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let addresses: HashSet<_> = containers.iter().map(Container::address).collect();
    assert_eq!(addresses.len(), 100);
    let [first, last] = [&containers[0], &containers[99]];
    let listener = last.namespace.run(|| listen(last.address()));
    connect(&listener, |it| first.namespace.run(|| it.now()));
    for id in &ids {
        host.release(id).unwrap();
    }
    drop(host);
    assert_eq!(ports(), 0);
}

fn teardown_leaves_nothing() {
    let scratch = Scratch::new();
    let links = run("ip", "-o link");
    let host = open(&scratch);
    let _containers = ["one", "two"].map(|id| Container::attach(&host, id));
    assert!(run("nft", "list ruleset").contains("longshore"));
    host.teardown().unwrap();
    assert_eq!(run("ip", "-o link"), links);
    assert_eq!(run("nft", "list ruleset"), "");
    assert_eq!(run("cat", "/proc/sys/net/ipv4/ip_forward").trim(), "0");
    assert_eq!(std::fs::read_dir(&scratch.0).unwrap().count(), 0);
    Container::attach(&host, "one");
}
