use std::fs;

use longshore_volumes::{ErrorClass, Removal, VolumeError};

use crate::Test;
use crate::world::{World, name, read, spec};

pub(crate) const TESTS: &[Test] = &[
    ("a_bind_is_there_as_long_as_somebody_uses_it", bind),
    ("a_bind_of_a_missing_folder_says_which", missing),
    ("a_tmpfs_has_its_size_and_goes_with_its_last_user", tmpfs),
    ("an_nfs_that_cannot_be_mounted_says_what_failed", nfs),
    (
        "what_the_driver_mounted_for_the_dead_goes_at_the_next_start",
        left_over,
    ),
    ("a_volume_in_use_is_not_removed", in_use),
    (
        "removing_a_bind_leaves_the_folder_of_the_machine",
        removal_of_a_bind,
    ),
    (
        "a_volume_that_the_driver_mounts_is_neither_emptied_nor_filled",
        foreign,
    ),
];

const TMPFS: &[(&str, &str)] = &[("type", "tmpfs"), ("device", "tmpfs"), ("o", "size=1m")];

fn bind() {
    let world = World::new();
    let source = world.path("source");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("file"), "machine").unwrap();
    world.create("data", &bind_of(source.to_str().unwrap()));
    assert!(!world.data("data").join("file").exists());
    let data = world.store().acquire(&name("data"), "one").unwrap();
    world.store().acquire(&name("data"), "two").unwrap();
    world.store().release("one").unwrap();
    assert_eq!(read(&data.join("file")), "machine");
    world.store().release("two").unwrap();
    assert!(!data.join("file").exists());
}

fn missing() {
    let world = World::new();
    world.create("data", &bind_of("/nowhere/at/all"));
    let error = world.store().acquire(&name("data"), "one").unwrap_err();
    assert_eq!(error.class(), ErrorClass::FailedPrecondition);
    let text = error.to_string();
    assert!(
        text.starts_with("/nowhere/at/all cannot be mounted"),
        "{text}"
    );
    assert_ne!(error.errno(), 0);
}

fn tmpfs() {
    let world = World::new();
    world.create("data", TMPFS);
    let data = world.store().acquire(&name("data"), "one").unwrap();
    fs::write(data.join("file"), "x").unwrap();
    assert!(fs::write(data.join("large"), vec![0; 2 << 20]).is_err());
    world.store().release("one").unwrap();
    let data = world.store().acquire(&name("data"), "two").unwrap();
    assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
    world.store().release("two").unwrap();
}

/// Nobody serves NFS here: the kernel, or the network, says why it cannot be.
fn nfs() {
    let world = World::new();
    let options = "addr=127.0.0.1,nfsvers=4,soft,timeo=1,retrans=0";
    let nfs = [("type", "nfs"), ("device", ":/export"), ("o", options)];
    world.create("data", &nfs);
    let error = world.store().acquire(&name("data"), "one").unwrap_err();
    let VolumeError::Mount {
        name,
        device,
        reason,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((name.as_str(), device.as_str()), ("data", ":/export"));
    assert!(!reason.is_empty());
    assert_eq!(error.class(), ErrorClass::FailedPrecondition);
}

fn left_over() {
    let world = World::new();
    world.create("data", TMPFS);
    world.create("held", TMPFS);
    world.store().acquire(&name("data"), "dead").unwrap();
    let held = world.store().acquire(&name("held"), "alive").unwrap();
    fs::write(held.join("file"), "held").unwrap();
    let next = world.reopened();
    next.adopt("alive", [name("held")]);
    next.unmount_unused().unwrap();
    assert_eq!(read(&held.join("file")), "held");
    assert_eq!(mounts_below(&world.data("data")), 0);
    next.release("alive").unwrap();
    assert_eq!(mounts_below(&world.path("volumes")), 0);
}

fn in_use() {
    let world = World::new();
    world.create_with("data", "file", "kept");
    world.store().acquire(&name("data"), "web").unwrap();
    let error = world
        .store()
        .remove(&name("data"), &Removal::ForGood)
        .unwrap_err();
    assert!(
        matches!(&error, VolumeError::InUse { users, .. } if users == &["web"]),
        "{error}"
    );
    assert_eq!(read(&world.data("data").join("file")), "kept");
}

fn removal_of_a_bind() {
    let world = World::new();
    let source = world.path("source");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("file"), "machine").unwrap();
    world.create("data", &bind_of(source.to_str().unwrap()));
    world.store().acquire(&name("data"), "one").unwrap();
    world.store().release("one").unwrap();
    world
        .store()
        .remove(&name("data"), &Removal::ForGood)
        .unwrap();
    assert_eq!(read(&source.join("file")), "machine");
}

fn foreign() {
    let world = World::new();
    world.create("data", TMPFS);
    let emptied = world
        .store()
        .empty(&name("data"), &crate::world::trash_id('a'));
    assert!(matches!(emptied, Err(VolumeError::Foreign { .. })));
    let imported = world
        .store()
        .import(&spec("new", TMPFS), None, std::io::empty())
        .unwrap_err();
    assert!(
        matches!(&imported, VolumeError::InvalidOption { option, .. } if option == "device"),
        "{imported}"
    );
}

fn bind_of(source: &str) -> [(&str, &str); 3] {
    [("type", "none"), ("device", source), ("o", "bind")]
}

fn mounts_below(folder: &std::path::Path) -> usize {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
    let folder = folder.to_str().unwrap();
    mounts.lines().filter(|line| line.contains(folder)).count()
}
