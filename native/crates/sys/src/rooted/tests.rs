use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o755);

struct Root {
    outside: TempDir,
    fd: OwnedFd,
}

/// A root directory inside a directory that stands for the host.
fn root() -> Root {
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(outside.path().join("root")).unwrap();
    let path = outside.path().join("root");
    let fd = rustix::fs::open(path, OFlags::PATH | OFlags::DIRECTORY, Mode::empty()).unwrap();
    Root { outside, fd }
}

impl Root {
    fn path(&self, inside: &str) -> PathBuf {
        self.outside.path().join("root").join(inside)
    }
}

#[test]
fn dots_and_absolute_symlinks_stay_inside() {
    let root = root();
    fs::write(root.outside.path().join("secret"), "host").unwrap();
    fs::write(root.path("secret"), "image").unwrap();
    symlink("/secret", root.path("absolute")).unwrap();
    for path in ["/secret", "../secret", "../../../../secret", "absolute"] {
        let fd = open_in_root(&root.fd, path, OFlags::RDONLY, Mode::empty()).unwrap();
        assert_eq!(
            std::io::read_to_string(fs::File::from(fd)).unwrap(),
            "image",
            "{path}"
        );
    }
}

#[test]
fn beneath_refuses_to_leave() {
    let root = root();
    symlink("../..", root.path("up")).unwrap();
    for path in ["../x", "up", "/etc"] {
        let opened = open_beneath(&root.fd, path, OFlags::PATH, Mode::empty());
        assert_eq!(opened.unwrap_err(), Errno::XDEV, "{path}");
    }
}

#[test]
fn magic_links_are_refused() {
    let proc = rustix::fs::open("/proc", OFlags::PATH, Mode::empty()).unwrap();
    let opened = open_in_root(&proc, "self/cwd", OFlags::PATH, Mode::empty());
    assert_eq!(opened.unwrap_err(), Errno::LOOP);
}

#[test]
fn missing_directories_are_made_through_symlinks_inside() {
    let root = root();
    symlink("/data/run", root.path("run")).unwrap();
    let place = open_or_create(
        &root.fd,
        "/run/../run/a/b",
        Missing::Directory,
        DIRECTORY_MODE,
    )
    .unwrap();
    assert!(place.created);
    assert!(root.path("data/run/a/b").is_dir());
    let again = open_or_create(&root.fd, "/run/a/b", Missing::Directory, DIRECTORY_MODE).unwrap();
    assert!(!again.created);
}

#[test]
fn a_dangling_symlink_that_points_outside_makes_its_target_inside() {
    let root = root();
    let host_file = root.outside.path().join("made");
    symlink(&host_file, root.path("link")).unwrap();
    symlink("../../../escaped", root.path("dots")).unwrap();
    open_or_create(&root.fd, "link", Missing::File, DIRECTORY_MODE).unwrap();
    open_or_create(&root.fd, "dots", Missing::Directory, DIRECTORY_MODE).unwrap();
    assert!(!host_file.exists());
    assert!(!root.outside.path().join("escaped").exists());
    assert!(root.path("escaped").is_dir());
}

#[test]
fn a_loop_of_symlinks_ends() {
    let root = root();
    symlink("b", root.path("a")).unwrap();
    symlink("a", root.path("b")).unwrap();
    let opened = open_or_create(&root.fd, "a/c", Missing::Directory, DIRECTORY_MODE);
    assert_eq!(opened.unwrap_err(), Errno::LOOP);
}

#[test]
fn a_file_where_a_directory_is_needed_is_said() {
    let root = root();
    fs::write(root.path("file"), "").unwrap();
    for path in ["file", "file/below"] {
        let opened = open_or_create(&root.fd, path, Missing::Directory, DIRECTORY_MODE);
        assert_eq!(opened.unwrap_err(), Errno::NOTDIR, "{path}");
    }
}
