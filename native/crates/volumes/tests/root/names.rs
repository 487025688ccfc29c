use std::fs;

use longshore_volumes::{ErrorClass, Removal, VolumeError};

use crate::Test;
use crate::world::{World, name, spec, trash_id};

pub(crate) const TESTS: &[Test] = &[
    ("a_volume_of_the_same_settings_is_made_once", same_settings),
    (
        "names_that_differ_only_in_case_are_refused_by_all_that_make_one",
        only_in_case,
    ),
    ("a_restored_volume_takes_no_name_that_is_taken", restored),
    (
        "a_folder_without_a_record_is_a_plain_volume",
        without_record,
    ),
    (
        "a_record_of_a_version_that_knows_more_is_read",
        newer_record,
    ),
];

fn same_settings() {
    let world = World::new();
    world.create("data", &[("type", "tmpfs"), ("device", "tmpfs")]);
    let again = spec("data", &[("type", "tmpfs"), ("device", "tmpfs")]);
    assert!(!world.store().create(&again).unwrap());
    let other = world.store().create(&spec("data", &[])).unwrap_err();
    assert!(matches!(other, VolumeError::OtherOptions { .. }), "{other}");
}

fn only_in_case() {
    let world = World::new();
    world.create_with("Data", "file", "x");
    world.create_with("other", "file", "x");
    let never = || false;
    let made = [
        world.store().create(&spec("data", &[])).map(drop),
        world
            .store()
            .clone_volume(&name("other"), &spec("DATA", &[]), &never),
        world
            .store()
            .import(&spec("dAtA", &[]), None, std::io::empty()),
    ];
    for refused in made {
        let error = refused.unwrap_err();
        assert!(
            matches!(error, VolumeError::DiffersInCase { .. }),
            "{error}"
        );
        assert_eq!(error.class(), ErrorClass::AlreadyExists);
    }
    assert_eq!(world.names(), ["Data", "other"]);
}

fn restored() {
    let world = World::new();
    world.create_with("data", "file", "old");
    let removal = Removal::Trash(trash_id('a'));
    world.store().remove(&name("data"), &removal).unwrap();
    world.create_with("data", "file", "new");
    let taken = world.store().restore(&trash_id('a'), None).unwrap_err();
    assert!(matches!(taken, VolumeError::Exists { .. }), "{taken}");
    let in_case = world.store().restore(&trash_id('a'), Some(&name("DATA")));
    let in_case = in_case.unwrap_err();
    assert!(
        matches!(in_case, VolumeError::DiffersInCase { .. }),
        "{in_case}"
    );
    let restored = world.store().restore(&trash_id('a'), Some(&name("data-2")));
    assert_eq!(restored.unwrap().record, "record of data");
    assert_eq!(
        fs::read_to_string(world.data("data-2").join("file")).unwrap(),
        "old"
    );
    assert_eq!(
        fs::read_to_string(world.data("data").join("file")).unwrap(),
        "new"
    );
}

fn without_record() {
    let world = World::new();
    world.create_with("data", "file", "kept");
    fs::remove_file(world.path("volumes/data/volume.json")).unwrap();
    let [found] = world.reopened().list().unwrap().try_into().unwrap();
    assert_eq!(
        (found.spec.record.as_str(), found.spec.options.len()),
        ("", 0)
    );
    assert_eq!(
        fs::read_to_string(world.data("data").join("file")).unwrap(),
        "kept"
    );
}

/// Going back to an older version after an upgrade.
fn newer_record() {
    let world = World::new();
    world.create_with("data", "file", "kept");
    let file = world.path("volumes/data/volume.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen('{', r#"{"unheard_of":[1,2],"#, 1)).unwrap();
    let [found] = world.reopened().list().unwrap().try_into().unwrap();
    assert_eq!(found.spec.record, "record of data");
}
