//! What stays, what goes, and what a crash leaves.

use libtest_mimic::Trial;
use longshore_snapshots::{ChainId, Digest, ErrorClass, InUse, SnapshotError, SnapshotStore};

use crate::support::tar_builder::Tar;
use crate::test;
use crate::world::{Layer, Unused, World, wait_until_empty};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("keeping", "layers_are_there_after_a_restart", restart),
        test("keeping", "leftovers_of_a_crash_are_cleared", leftovers),
        test(
            "keeping",
            "removed_layers_are_gone_with_their_files",
            remove,
        ),
        test(
            "keeping",
            "used_and_pinned_layers_and_parents_stay",
            protected,
        ),
        test("keeping", "unknown_layers_are_no_error_to_remove", unknown),
        test("keeping", "others_cannot_reach_the_layers", private),
        test("keeping", "one_process_at_a_time", locked),
    ]
}

fn pair() -> (Layer, Layer) {
    let lower = Layer::gzip(&Tar::new().file("d/a", b"1").finish());
    let upper = Layer::gzip(&Tar::new().file("d/b", b"2").finish()).on(&lower);
    (lower, upper)
}

fn unpacked_pair() -> (World, Layer, Layer) {
    let world = World::new();
    let (lower, upper) = pair();
    world.unpack(&lower).unwrap();
    world.unpack(&upper).unwrap();
    (world, lower, upper)
}

fn restart() {
    let (world, lower, upper) = unpacked_pair();
    let World { store, scratch } = world;
    let before = store.list();
    drop(store);
    let store = SnapshotStore::open(&scratch.0.join("layers")).unwrap();
    assert_eq!(store.list(), before);
    let mut ids = [lower.chain_id, upper.chain_id];
    ids.sort();
    assert_eq!(
        before
            .iter()
            .map(|layer| layer.chain_id)
            .collect::<Vec<_>>(),
        ids
    );
    assert_eq!(
        store.layer(&upper.chain_id).unwrap().parent,
        Some(lower.chain_id)
    );
}

fn leftovers() {
    let (world, lower, upper) = unpacked_pair();
    let folder = world.layers_folder();
    let World { store, scratch } = world;
    drop(store);
    std::fs::create_dir_all(folder.join("tmp/half/tree/etc")).unwrap();
    std::fs::create_dir_all(folder.join("trash/3/tree/etc")).unwrap();
    std::fs::write(folder.join("trash/4"), b"").unwrap();
    // A layer whose record is damaged is none.
    let record = folder
        .join(upper.chain_id.digest().hex())
        .join("layer.json");
    std::fs::write(record, b"{").unwrap();
    let store = SnapshotStore::open(&folder).unwrap();
    assert_eq!(store.list().len(), 1);
    assert_eq!(store.list()[0].chain_id, lower.chain_id);
    wait_until_empty(&folder.join("tmp"));
    wait_until_empty(&folder.join("trash"));
    drop(store);
    drop(scratch);
}

fn remove() {
    let (world, lower, upper) = unpacked_pair();
    let usage: u64 = world
        .store
        .list()
        .iter()
        .map(|layer| layer.usage_bytes)
        .sum();
    let freed = world
        .store
        .remove(&[lower.chain_id, upper.chain_id], &Unused)
        .unwrap();
    assert_eq!(freed, usage);
    assert_eq!(world.store.layer_path(&upper.chain_id), None);
    world.assert_empty();
}

struct Used(ChainId);

impl InUse for Used {
    fn container_using(&self, chain_id: &ChainId) -> Option<String> {
        (*chain_id == self.0).then(|| "c0ffee".to_owned())
    }
}

fn protected() {
    let (world, lower, upper) = unpacked_pair();
    let both = [lower.chain_id, upper.chain_id];
    let error = world
        .store
        .remove(&both, &Used(upper.chain_id))
        .unwrap_err();
    assert_eq!(error.class(), ErrorClass::Conflict);
    assert!(matches!(error, SnapshotError::InUse { container, .. } if container == "c0ffee"));
    let error = world.store.remove(&[lower.chain_id], &Unused).unwrap_err();
    assert!(matches!(error, SnapshotError::HasChild { child, .. } if child == upper.chain_id));
    let pin = world.store.pin(&both).unwrap();
    let error = world.store.remove(&both, &Unused).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Conflict);
    // Nothing of a refused call has happened.
    assert_eq!(world.store.list().len(), 2);
    drop(pin);
    world.store.remove(&both, &Unused).unwrap();
    assert_eq!(
        world.store.pin(&both).err().map(|error| error.class()),
        Some(ErrorClass::NotFound)
    );
}

fn unknown() {
    let world = World::new();
    let unknown = ChainId::of(None, &Digest::of(b"unknown"));
    assert_eq!(world.store.remove(&[unknown], &Unused).unwrap(), 0);
}

fn private() {
    use std::os::unix::fs::PermissionsExt;
    let (world, lower, _) = unpacked_pair();
    let folder = world.layers_folder();
    for path in [
        folder.clone(),
        folder.join("tmp"),
        folder.join("trash"),
        folder.join(lower.chain_id.digest().hex()),
    ] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o700, "{}", path.display());
    }
}

fn locked() {
    let world = World::new();
    let lock = world.layers_folder().join("lock");
    // A record lock is its process's own: whether there is one, only another process can see.
    let file = std::fs::File::open(lock).unwrap();
    let inode = std::os::unix::fs::MetadataExt::ino(&file.metadata().unwrap());
    let own = format!(":{inode} 0 EOF");
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let line = locks
        .lines()
        .find(|line| line.ends_with(&own))
        .expect("the store holds no lock");
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(
        words[1..5],
        [
            "POSIX",
            "ADVISORY",
            "WRITE",
            &std::process::id().to_string()
        ]
    );
}
