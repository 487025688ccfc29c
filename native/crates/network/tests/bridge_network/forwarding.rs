//! Forwarding and its guard, which all instances of a machine share: the last one out switches both off.

use longshore_network::NetworkHost;

use crate::Test;
use crate::container::Container;
use crate::world::{Scratch, internet, open, open_instance, run};

pub(crate) const TESTS: &[Test] = &[
    ("forwarding_ends_with_the_last_instance_in_order", || {
        ends_with_the_last_instance([0, 1])
    }),
    (
        "forwarding_ends_with_the_last_instance_in_reverse_order",
        || ends_with_the_last_instance([1, 0]),
    ),
    (
        "an_instance_whose_folder_was_deleted_can_still_be_torn_down",
        an_instance_whose_folder_was_deleted_can_still_be_torn_down,
    ),
    (
        "a_crashed_instance_keeps_forwarding_until_its_bridge_goes",
        a_crashed_instance_keeps_forwarding_until_its_bridge_goes,
    ),
    (
        "a_flushed_guard_is_put_back_by_an_instance_that_did_not_make_it",
        a_flushed_guard_is_put_back_by_an_instance_that_did_not_make_it,
    ),
    (
        "the_forwarding_of_a_router_is_left_alone",
        the_forwarding_of_a_router_is_left_alone,
    ),
    (
        "instances_that_come_and_go_at_once_leave_nothing",
        instances_that_come_and_go_at_once_leave_nothing,
    ),
];

fn ensured(scratch: &Scratch, instance: &str) -> NetworkHost {
    let host = open_instance(scratch, instance);
    host.ensure().unwrap();
    host
}

fn forwards() -> bool {
    std::fs::read_to_string("/proc/sys/net/ipv4/ip_forward")
        .unwrap()
        .trim()
        == "1"
}

fn is_guarded() -> bool {
    run("nft", "list tables").contains("longshore-guard")
}

fn assert_nothing_is_left() {
    assert!(!forwards());
    assert_eq!(run("nft", "list ruleset"), "");
    assert!(!run("ip", "-o link").contains("ls-"));
}

fn ends_with_the_last_instance(order: [usize; 2]) {
    let _internet = internet();
    let scratches = [Scratch::new(), Scratch::new()];
    let hosts = [
        ensured(&scratches[0], "first"),
        ensured(&scratches[1], "second"),
    ];
    let _containers = hosts.each_ref().map(|host| Container::attach(host, "one"));
    hosts[order[0]].teardown().unwrap();
    assert!(forwards() && is_guarded());
    hosts[order[1]].teardown().unwrap();
    // Before the links of the uplink's namespace go with it.
    assert!(!forwards() && !is_guarded());
    assert_nothing_is_left();
}

fn an_instance_whose_folder_was_deleted_can_still_be_torn_down() {
    let [scratch, other_scratch] = [Scratch::new(), Scratch::new()];
    let switched_it_on = ensured(&scratch, "first");
    let other = ensured(&other_scratch, "second");
    drop(switched_it_on);
    std::fs::remove_dir_all(&scratch.0).unwrap();
    other.teardown().unwrap();
    assert!(forwards() && is_guarded());
    open_instance(&scratch, "first").teardown().unwrap();
    assert_nothing_is_left();
}

fn a_crashed_instance_keeps_forwarding_until_its_bridge_goes() {
    let [scratch, other_scratch] = [Scratch::new(), Scratch::new()];
    let crashed = ensured(&scratch, "first");
    let bridge = crashed.ensure().unwrap().link;
    let _port = Container::attach(&crashed, "one");
    drop(crashed);
    let other = ensured(&other_scratch, "second");
    other.teardown().unwrap();
    assert!(forwards() && is_guarded());
    run("ip", &format!("link del {bridge}"));
    other.ensure().unwrap();
    other.teardown().unwrap();
    assert!(!forwards() && !is_guarded());
}

fn a_flushed_guard_is_put_back_by_an_instance_that_did_not_make_it() {
    let [scratch, other_scratch] = [Scratch::new(), Scratch::new()];
    let first = ensured(&scratch, "first");
    let second = ensured(&other_scratch, "second");
    let guard = run("nft", "list table longshore-guard");
    first.teardown().unwrap();
    run("nft", "flush ruleset");
    second.ensure().unwrap();
    assert_eq!(run("nft", "list table longshore-guard"), guard);
    second.teardown().unwrap();
    assert_nothing_is_left();
}

fn the_forwarding_of_a_router_is_left_alone() {
    let scratch = Scratch::new();
    std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").unwrap();
    let host = open(&scratch);
    host.ensure().unwrap();
    assert!(!is_guarded());
    host.teardown().unwrap();
    assert!(forwards());
}

fn instances_that_come_and_go_at_once_leave_nothing() {
    let scratches: Vec<Scratch> = (0..4).map(|_| Scratch::new()).collect();
    std::thread::scope(|scope| {
        for (number, scratch) in scratches.iter().enumerate() {
            scope.spawn(move || {
                let host = open_instance(scratch, &format!("instance-{number}"));
                for _ in 0..5 {
                    host.ensure().unwrap();
                    assert!(forwards() && is_guarded());
                    host.teardown().unwrap();
                }
            });
        }
    });
    assert_nothing_is_left();
}
