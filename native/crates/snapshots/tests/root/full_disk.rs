//! A disk that is too small.

use std::path::Path;

use libtest_mimic::Trial;
use longshore_snapshots::{Cancel, ErrorClass, SnapshotStore, UnpackLimits};
use rustix::fs::statvfs;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

use crate::support::tar_builder::Tar;
use crate::test;
use crate::world::{Layer, Scratch, names};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "full_disk",
            "too_large_for_the_disk_is_told_before_it_is_full",
            too_large,
        ),
        test(
            "full_disk",
            "no_space_left_is_an_error_without_residue",
            no_space,
        ),
        test(
            "full_disk",
            "no_inodes_left_is_an_error_without_residue",
            no_inodes,
        ),
    ]
}

/// A small file system of its own.
struct SmallDisk {
    folder: Scratch,
}

impl SmallDisk {
    fn new(options: &std::ffi::CStr) -> Self {
        let folder = Scratch::new();
        mount("tmpfs", &folder.0, "tmpfs", MountFlags::empty(), options).unwrap();
        Self { folder }
    }

    fn free(&self) -> (u64, u64) {
        let stat = statvfs(&self.folder.0).unwrap();
        (stat.f_bfree, stat.f_ffree)
    }

    fn path(&self) -> &Path {
        &self.folder.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        unmount(&self.folder.0, UnmountFlags::DETACH).unwrap();
    }
}

fn fails_without_residue(disk: &SmallDisk, reserve: u64, layer: &Layer, step: &str, errno: i32) {
    let limits = UnpackLimits {
        disk_reserve: reserve,
        ..UnpackLimits::default()
    };
    let store = SnapshotStore::open_with(disk.path(), limits).unwrap();
    let before = disk.free();
    let error = store
        .unpack(&layer.request(), layer.source(), &Cancel::new(), &|_| {})
        .unwrap_err();
    assert_eq!(error.class(), ErrorClass::FailedPrecondition, "{error}");
    assert_eq!((error.step(), error.errno()), (step, errno), "{error}");
    assert!(!error.hint().is_empty());
    assert_eq!(disk.free(), before);
    assert_eq!(names(&disk.path().join("tmp")), Vec::<String>::new());
    // A smaller layer still fits.
    let small = Layer::gzip(&Tar::new().file("a", b"1").finish());
    store
        .unpack(&small.request(), small.source(), &Cancel::new(), &|_| {})
        .unwrap();
}

fn too_large() {
    let disk = SmallDisk::new(c"size=16m,mode=700");
    let layer = Layer::gzip(&Tar::new().file("a", &vec![1; 20 << 20]).finish());
    fails_without_residue(&disk, 4 << 20, &layer, "space", 28);
}

fn no_space() {
    let disk = SmallDisk::new(c"size=16m,mode=700");
    // Small as an archive; each file takes a whole block of the disk.
    let tar = (0..6000).fold(Tar::new(), |tar, n| tar.file(&n.to_string(), b"1"));
    fails_without_residue(&disk, 0, &Layer::gzip(&tar.finish()), "write", 28);
}

fn no_inodes() {
    let disk = SmallDisk::new(c"size=16m,nr_inodes=200,mode=700");
    let tar = (0..300).fold(Tar::new(), |tar, n| tar.file(&n.to_string(), b""));
    fails_without_residue(&disk, 0, &Layer::gzip(&tar.finish()), "open", 28);
}
