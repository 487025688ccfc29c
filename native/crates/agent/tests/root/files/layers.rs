//! What a container changed, and its files as a layer and as a whole.

use libtest_mimic::Trial;
use longshore_snapshots::archive::EntryKind;

use super::support::{after, changes, contents, during, entries, export, layer, names};
use crate::agent::Agent;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("changes are told as docker diff tells them", diff),
        trial("a container that changed nothing has no changes", nothing),
        trial(
            "the writable layer is an OCI layer, the same each time",
            oci_layer,
        ),
        trial(
            "an export is the whole root without what is mounted in it",
            whole,
        ),
    ]
}

const SCRIPT: &str = "echo x > /home/new; mkdir -p /etc/a/b; touch /etc/a/b/c; \
    rm=/bin/busybox; $rm rm /etc/group; $rm rm -r /tmp; mkdir /tmp; touch /tmp/t; $rm chmod 600 /etc/passwd";

async fn diff() {
    let agent = Agent::start().await;
    let expected = [
        "C /etc",
        "A /etc/a",
        "A /etc/a/b",
        "A /etc/a/b/c",
        "D /etc/group",
        "C /etc/passwd",
        "C /home",
        "A /home/new",
        "C /tmp",
        "A /tmp/t",
    ];
    let stopped = after(&agent, SCRIPT).await;
    assert_eq!(changes(&agent, &stopped).await, expected);
    let running = during(&agent, SCRIPT).await;
    assert_eq!(changes(&agent, &running).await, expected);
    agent.delete(&running).await;
}

async fn nothing() {
    let agent = Agent::start().await;
    // The engine has mounted over /etc/hosts and others meanwhile.
    let id = after(&agent, "cat /etc/passwd > /dev/null").await;
    assert_eq!(changes(&agent, &id).await, [""; 0]);
    assert_eq!(names(&layer(&agent, &id).await), [""; 0]);
}

async fn oci_layer() {
    let agent = Agent::start().await;
    let script = format!(
        "{SCRIPT}; cd /home; /bin/busybox ln new hard; /bin/busybox mkfifo fifo; \
        /bin/busybox dd if=/dev/zero of=sparse bs=1 count=1 seek=8388608 2> /dev/null"
    );
    let id = after(&agent, &script).await;
    let tar = layer(&agent, &id).await;
    assert_eq!(tar, layer(&agent, &id).await);
    assert!(tar.len() < 1 << 20, "{} bytes: holes are kept", tar.len());
    let expected = [
        "etc/",
        "etc/a/",
        "etc/a/b/",
        "etc/a/b/c",
        "etc/.wh.group",
        "etc/passwd",
        "home/",
        "home/fifo",
        "home/hard",
        "home/new",
        "home/sparse",
        "tmp/",
        "tmp/.wh..wh..opq",
        "tmp/t",
    ];
    assert_eq!(names(&tar), expected);
    let kinds = entries(&tar);
    let kind = |name: &str| {
        let found = kinds
            .iter()
            .find(|(entry, _)| entry.name == name.as_bytes());
        found.unwrap().0.kind.clone()
    };
    let target = b"home/hard".to_vec();
    assert_eq!(kind("home/new"), EntryKind::Hardlink { target });
    assert_eq!(kind("home/fifo"), EntryKind::Fifo);
    assert_eq!(contents(&tar)["home/hard"], "x\n");
}

async fn whole() {
    let agent = Agent::start().await;
    let running = during(&agent, "echo x > /home/new; echo hidden > /dev/shm/y").await;
    let tar = export(&agent, &running).await;
    let names = names(&tar);
    for name in ["bin/busybox", "bin/sh", "etc/passwd", "home/new", "proc/"] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
    assert!(
        !names
            .iter()
            .any(|name| name.starts_with("proc/1") || name.contains("shm"))
    );
    assert_eq!(contents(&tar)["home/new"], "x\n");
    agent.delete(&running).await;
}
