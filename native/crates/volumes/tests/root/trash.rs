use std::fs;

use longshore_volumes::{Purge, Removal, VolumeError};

use crate::Test;
use crate::world::{World, name, read, trash_id};

pub(crate) const TESTS: &[Test] = &[
    ("what_was_emptied_comes_back_as_a_volume", emptied),
    ("the_trash_outlives_the_process", outlives),
    ("the_oldest_go_first_when_it_is_too_large", by_size),
    ("what_is_older_than_its_time_goes", by_age),
    (
        "a_removal_that_came_no_further_than_its_note_is_none",
        half_removed,
    ),
    (
        "what_was_staged_by_a_dead_process_is_deleted_and_seen_by_nobody",
        staged,
    ),
];

fn emptied() {
    let world = World::new();
    world.create_with("data", "file", "former");
    assert!(world.store().empty(&name("data"), &trash_id('a')).unwrap());
    assert!(!world.store().empty(&name("data"), &trash_id('b')).unwrap());
    fs::write(world.data("data").join("file"), "new").unwrap();
    let restored = world.store().restore(&trash_id('a'), Some(&name("former")));
    restored.unwrap();
    assert_eq!(read(&world.data("former").join("file")), "former");
    assert_eq!(read(&world.data("data").join("file")), "new");
}

fn outlives() {
    let world = World::new();
    trashed(&world, 'a', 10);
    let next = world.reopened();
    let [found] = next.trashed().unwrap().try_into().unwrap();
    assert_eq!(found.volume.spec.name.as_str(), "volume-a");
    assert_eq!(found.volume.spec.record, "record of volume-a");
    next.restore(&trash_id('a'), None).unwrap();
    assert_eq!(world.names(), ["volume-a"]);
}

fn by_size() {
    let world = World::new();
    for digit in ['a', 'b', 'c'] {
        trashed(&world, digit, 1 << 20);
    }
    let beyond = Purge::Beyond {
        removed_before_unix_ns: 0,
        max_bytes: 5 << 19,
    };
    let purged = world.store().purge(&beyond).unwrap();
    assert_eq!(purged.ids, [trash_id('a')]);
    assert!(purged.freed_bytes >= 1 << 20);
    let gone = world.store().restore(&trash_id('a'), None).unwrap_err();
    assert!(matches!(gone, VolumeError::NotInTrash { .. }), "{gone}");
}

fn by_age() {
    let world = World::new();
    trashed(&world, 'a', 10);
    let [first] = world.store().trashed().unwrap().try_into().unwrap();
    trashed(&world, 'b', 10);
    let beyond = Purge::Beyond {
        removed_before_unix_ns: first.removed_at_unix_ns + 1,
        max_bytes: u64::MAX,
    };
    assert_eq!(world.store().purge(&beyond).unwrap().ids, [trash_id('a')]);
    assert_eq!(world.store().trashed().unwrap().len(), 1);
}

/// Killed between the note and the move.
fn half_removed() {
    let world = World::new();
    world.create_with("data", "file", "kept");
    let note = world.path("volumes/data/trash.json");
    fs::write(&note, r#"{"name":"data","removed_at_unix_ns":1}"#).unwrap();
    let next = world.reopened();
    assert!(!note.exists());
    assert_eq!(next.list().unwrap().len(), 1);
    assert!(next.trashed().unwrap().is_empty());
    assert_eq!(read(&world.data("data").join("file")), "kept");
}

fn staged() {
    let world = World::new();
    let half = world.path("volumes/.staging/7/_data");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("file"), "half").unwrap();
    let next = world.reopened();
    assert!(next.list().unwrap().is_empty());
    // It is deleted in the background: a thread that has ended has nothing more to delete.
    let staging = world.path("volumes/.staging");
    while fs::read_dir(&staging).unwrap().count() > 0 {
        std::thread::yield_now();
    }
}

/// A volume of one file of so many bytes, removed.
fn trashed(world: &World, digit: char, bytes: usize) {
    let volume = format!("volume-{digit}");
    world.create_with(&volume, "file", &"x".repeat(bytes));
    let removal = Removal::Trash(trash_id(digit));
    world.store().remove(&name(&volume), &removal).unwrap();
}
