use super::*;

fn id() -> Id {
    Id::parse(&"0f".repeat(32)).unwrap()
}

#[test]
fn a_discarded_id_is_free_at_once_even_before_the_trash_is_emptied() {
    let root = tempfile::tempdir().unwrap();
    let store = ContainerStore::open(root.path()).unwrap();
    for _ in 0..3 {
        let (directory, new) = store.create(&id()).unwrap();
        assert!(new);
        std::fs::write(directory.upper().join("file"), "x").unwrap();
        store.discard(&id()).unwrap();
    }
    assert!(store.open_directory(&id()).unwrap().is_none());
    store.empty_trash().unwrap();
    assert_eq!(
        std::fs::read_dir(root.path().join("trash"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn discarding_an_unknown_id_is_a_success() {
    let root = tempfile::tempdir().unwrap();
    ContainerStore::open(root.path())
        .unwrap()
        .discard(&id())
        .unwrap();
}

#[test]
fn a_record_cut_by_a_power_loss_counts_as_unknown() {
    let root = tempfile::tempdir().unwrap();
    let store = ContainerStore::open(root.path()).unwrap();
    let (directory, _) = store.create(&id()).unwrap();
    directory
        .write_exit(&ExitRecord {
            code: 3,
            ..Default::default()
        })
        .unwrap();
    assert_eq!(directory.exit().unwrap().map(|exit| exit.code), Some(3));
    std::fs::write(directory.path().join("exit.json"), "").unwrap();
    assert!(directory.exit().unwrap().is_none());
}

#[test]
fn folders_are_readable_by_root_alone() {
    let root = tempfile::tempdir().unwrap();
    let store = ContainerStore::open(root.path()).unwrap();
    let (directory, _) = store.create(&id()).unwrap();
    assert_eq!(mode_of(directory.path()), 0o700);
}

#[test]
fn a_file_that_is_no_id_is_not_listed() {
    let root = tempfile::tempdir().unwrap();
    let store = ContainerStore::open(root.path()).unwrap();
    store.create(&id()).unwrap();
    std::fs::create_dir(root.path().join("containers/lost+found")).unwrap();
    assert_eq!(store.list().unwrap().len(), 1);
}

#[test]
fn a_folder_made_ahead_is_as_one_made_when_it_is_needed() {
    let root = tempfile::tempdir().unwrap();
    let store = ContainerStore::open(root.path()).unwrap();
    store.make_spares().unwrap();
    let spares = || {
        std::fs::read_dir(root.path().join("spare"))
            .unwrap()
            .count()
    };
    let before = spares();
    let (directory, new) = store.create(&id()).unwrap();
    assert!(new && spares() == before - 1);
    assert!(directory.upper().is_dir() && directory.work().is_dir() && directory.log().is_dir());
    assert!(directory.bundle().unwrap().is_none() && directory.run().unwrap().is_none());
    assert_eq!(mode_of(directory.path()), 0o700);
    assert_eq!(mode_of(&directory.upper()), 0o755);
    assert_eq!(mode_of(&directory.path().join("bundle.json")), 0o600);
    directory.write_identity_file("hosts", "127.0.0.1").unwrap();
    assert_eq!(mode_of(&directory.identity_file("hosts")), 0o644);
    assert!(!store.create(&id()).unwrap().1);
    store.make_spares().unwrap();
    assert_eq!(spares(), before);
}

#[test]
fn what_another_agent_has_made_ahead_is_not_taken_over() {
    let root = tempfile::tempdir().unwrap();
    let left = root.path().join("spare/1");
    std::fs::create_dir_all(&left).unwrap();
    let store = ContainerStore::open(root.path()).unwrap();
    assert!(!left.exists());
    store.make_spares().unwrap();
    assert!(left.join("upper").is_dir());
}

fn mode_of(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().unwrap().permissions().mode() & 0o777
}
