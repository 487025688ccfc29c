//! The same archives through GNU tar: both must make the same tree.

use std::fs;
use std::os::unix::fs::{FileExt, symlink};
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use crate::test;
use crate::world::{Layer, Scratch, World, describe};

pub(crate) fn tests() -> Vec<Trial> {
    let formats: [(&str, &[&str]); 6] = [
        ("v7", &["--format=v7"]),
        ("ustar", &["--format=ustar"]),
        ("gnu", &["--format=gnu", "--sparse"]),
        (
            "pax_sparse_0_0",
            &[
                "--format=pax",
                "--sparse",
                "--sparse-version=0.0",
                "--xattrs",
            ],
        ),
        (
            "pax_sparse_0_1",
            &[
                "--format=pax",
                "--sparse",
                "--sparse-version=0.1",
                "--xattrs",
            ],
        ),
        (
            "pax_sparse_1_0",
            &[
                "--format=pax",
                "--sparse",
                "--sparse-version=1.0",
                "--xattrs",
            ],
        ),
    ];
    let each = formats.into_iter().map(|(name, options)| {
        test("gnu_tar", &format!("same_tree_from_{name}"), move || {
            same_tree(options)
        })
    });
    each.collect()
}

/// Files of every kind that tar knows; short names only where the format cannot write long ones.
fn make_tree(at: &Path, options: &[&str]) {
    let old = options.contains(&"--format=v7") || options.contains(&"--format=ustar");
    fs::create_dir_all(at.join("d/e")).unwrap();
    for (name, size) in [
        ("empty", 0),
        ("one", 1),
        ("d/block", 512),
        ("d/e/odd", 70_001),
    ] {
        fs::write(at.join(name), vec![b'x'; size]).unwrap();
    }
    symlink("../one", at.join("d/link")).unwrap();
    fs::hard_link(at.join("one"), at.join("d/hard")).unwrap();
    rustix::fs::chmod(at.join("d"), rustix::fs::Mode::from_raw_mode(0o1770)).unwrap();
    std::os::unix::fs::chown(at.join("d/block"), Some(1234), Some(5678)).unwrap();
    if old {
        return;
    }
    let long = at.join("l".repeat(120)).join("m".repeat(130));
    fs::create_dir_all(&long).unwrap();
    fs::write(long.join("n"), b"long").unwrap();
    symlink("t".repeat(300), at.join("long-link")).unwrap();
    std::os::unix::fs::chown(at.join("empty"), Some(3_000_000_000), Some(7)).unwrap();
    let sparse = fs::File::create(at.join("sparse")).unwrap();
    // More pieces than one header of the old form holds.
    for piece in 0..60u64 {
        sparse.write_all_at(b"piece", piece * 100_000).unwrap();
    }
    sparse.set_len(9_000_000).unwrap();
    rustix::fs::lsetxattr(
        at.join("one"),
        "user.note",
        b"a\0b",
        rustix::fs::XattrFlags::empty(),
    )
    .unwrap();
    let mknod = Command::new("mkfifo")
        .arg(at.join("fifo"))
        .status()
        .unwrap();
    assert!(mknod.success());
}

fn same_tree(options: &[&str]) {
    let scratch = Scratch::new();
    let source = scratch.0.join("source");
    fs::create_dir(&source).unwrap();
    make_tree(&source, options);
    let archive = scratch.0.join("archive.tar");
    let tar = |arguments: &[&str], folder: &Path| {
        let mut command = Command::new("tar");
        command
            .arg("--numeric-owner")
            .args(arguments)
            .arg("-f")
            .arg(&archive)
            .arg("-C")
            .arg(folder);
        command
    };
    let created = tar(options, &source).args(["-c", "."]).status().unwrap();
    assert!(created.success());
    let expected = scratch.0.join("expected");
    fs::create_dir(&expected).unwrap();
    let extracted = tar(&["-x", "-p", "--xattrs", "--xattrs-include=*"], &expected)
        .status()
        .unwrap();
    assert!(extracted.success());
    let world = World::new();
    let layer = Layer::gzip(&fs::read(&archive).unwrap());
    world.unpack(&layer).unwrap();
    assert_eq!(world.tree(&layer), describe(&expected));
}
