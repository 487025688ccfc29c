//! Containers that share namespaces with others or with the host.

use std::os::fd::AsFd;

use longshore_isolation::{ErrorClass, SharedNamespaces};
use longshore_sys::clone::Namespaces;
use longshore_sys::pidfd;
use serde_json::json;

use crate::Test;
use crate::fixture::{Fixture, Running};

pub(crate) const TESTS: &[Test] = &[
    (
        "anothers_namespaces_are_the_same",
        anothers_namespaces_are_the_same,
    ),
    (
        "anothers_namespaces_by_path_are_the_same",
        anothers_namespaces_by_path_are_the_same,
    ),
    ("anothers_processes_are_seen", anothers_processes_are_seen),
    (
        "who_does_not_run_shares_nothing",
        who_does_not_run_shares_nothing,
    ),
    ("the_hosts_processes_are_seen", the_hosts_processes_are_seen),
    (
        "an_init_adopts_in_anothers_namespace",
        an_init_adopts_in_anothers_namespace,
    ),
];

const KINDS: [(&str, Namespaces); 4] = [
    ("pid", Namespaces::PID),
    ("net", Namespaces::NETWORK),
    ("ipc", Namespaces::IPC),
    ("uts", Namespaces::UTS),
];
const READ_NAMESPACES: &str = "for kind in pid net ipc uts; do readlink /proc/self/ns/$kind; done";

fn namespaces_of(pid: i32) -> String {
    let link = |(name, _): &(&str, Namespaces)| {
        let link = std::fs::read_link(format!("/proc/{pid}/ns/{name}")).unwrap();
        format!("{}\n", link.display())
    };
    KINDS.iter().map(link).collect()
}

fn sleeping() -> Running {
    let fixture = Fixture::shell("echo up; read line");
    let mut running = Running::start(&fixture.plan(), false);
    assert_eq!(running.line(), "up\n");
    running
}

fn of(container: &Running, namespaces: Namespaces) -> Vec<SharedNamespaces> {
    vec![SharedNamespaces {
        namespaces,
        container: container.pidfd.try_clone().unwrap(),
    }]
}

fn anothers_namespaces_are_the_same() {
    let other = sleeping();
    for (name, kind) in KINDS {
        let mut plan = Fixture::shell(READ_NAMESPACES);
        plan.spec["hostname"] = json!("");
        let fixture = plan;
        let mut plan = fixture.plan();
        plan.share(kind).unwrap();
        let outcome = Running::start_sharing(&plan, false, of(&other, kind)).finish();
        let (own, others) = (outcome.success(), namespaces_of(other.pid()));
        for (index, (own, other)) in own.lines().zip(others.lines()).enumerate() {
            assert_eq!(own == other, KINDS[index].0 == name, "{name}: {own}");
        }
    }
    other.kill();
}

fn anothers_namespaces_by_path_are_the_same() {
    let other = sleeping();
    let namespaces: Vec<_> = [
        ("pid", "pid"),
        ("network", "net"),
        ("ipc", "ipc"),
        ("uts", "uts"),
    ]
    .map(|(kind, file)| json!({ "type": kind, "path": format!("/proc/{}/ns/{file}", other.pid()) }))
    .into_iter()
    .chain([json!({ "type": "mount" })])
    .collect();
    let fixture = Fixture::shell(READ_NAMESPACES)
        .set("/linux/namespaces", json!(namespaces))
        .set("/hostname", json!(""));
    assert_eq!(fixture.run().success(), namespaces_of(other.pid()));
    other.kill();
}

fn anothers_processes_are_seen() {
    let other = sleeping();
    let script =
        "cat /proc/1/cmdline | tr '\\0' ' '; echo; echo $$; readlink /proc/1/fd/0; kill -9 1; true";
    let fixture = Fixture::shell(script);
    let mut plan = fixture.plan();
    plan.share(Namespaces::PID).unwrap();
    let shared = of(&other, Namespaces::PID);
    let text = Running::start_sharing(&plan, false, shared).finish();
    let text = text.output;
    assert!(text.starts_with("/bin/sh -c echo up; read line"), "{text}");
    let own = text
        .lines()
        .nth(1)
        .and_then(|line| line.parse::<i32>().ok());
    assert!(own.is_some_and(|own| own > 1), "{text}");
    // A container without CAP_SYS_PTRACE may signal its neighbours, as in Docker, and PID 1 is safe from its own.
    other.kill();
}

fn who_does_not_run_shares_nothing() {
    let other = sleeping();
    let gone = other.pidfd.try_clone().unwrap();
    other.kill();
    assert!(pidfd::wait(gone.as_fd()).is_err(), "reaped already");
    let fixture = Fixture::shell("echo never");
    let mut plan = fixture.plan();
    plan.share(Namespaces::IPC).unwrap();
    let shared = vec![SharedNamespaces {
        namespaces: Namespaces::IPC,
        container: gone,
    }];
    let error = Running::start_sharing(&plan, false, shared)
        .finish()
        .refusal();
    assert_eq!(error.class, ErrorClass::FailedPrecondition, "{error:?}");
}

fn the_hosts_processes_are_seen() {
    let namespaces = json!([{ "type": "mount" }, { "type": "network" }, { "type": "ipc" }]);
    let script = "readlink /proc/self/ns/pid; test -d /proc/$PARENT && echo seen";
    let mut fixture = Fixture::shell(script)
        .set("/linux/namespaces", namespaces)
        .set("/hostname", json!(""));
    let parent = format!("PARENT={}", std::process::id());
    fixture.spec["process"]["env"]
        .as_array_mut()
        .unwrap()
        .push(json!(parent));
    let own = std::fs::read_link("/proc/self/ns/pid").unwrap();
    assert_eq!(
        fixture.run().success(),
        format!("{}\nseen\n", own.display())
    );
}

fn an_init_adopts_in_anothers_namespace() {
    let other = sleeping();
    // The grandchild's parent ends; whoever adopts it is the init of its own container.
    let script = "(sh -c 'sleep 0.2; cut -d \" \" -f 4 /proc/$$/stat > /parent' &); \
        while ! test -s /parent; do sleep 0.05; done; cat /parent; echo $PPID";
    let fixture = Fixture::shell(script);
    let mut plan = fixture.plan();
    plan.init = true;
    plan.share(Namespaces::PID).unwrap();
    let shared = of(&other, Namespaces::PID);
    let text = Running::start_sharing(&plan, false, shared)
        .finish()
        .success();
    let (adopter, init) = text.trim().split_once('\n').unwrap();
    assert_eq!(adopter, init);
    other.kill();
}
