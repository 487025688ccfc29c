//! Layers that must be refused, each with the entry's name, and with nothing left on disk and nothing changed
//! outside the layer.

use libtest_mimic::Trial;
use longshore_snapshots::{ErrorClass, UnpackLimits};

use crate::support::tar_builder::{Header, Tar};
use crate::test;
use crate::world::{Layer, World};

/// What refuses a layer: the step, and the path that the error names.
struct Case {
    name: &'static str,
    tar: Tar,
    step: &'static str,
    path: String,
}

fn entry(name: &'static str, path: &str, tar: Tar) -> Case {
    Case {
        name,
        tar,
        step: "entry",
        path: path.to_owned(),
    }
}

fn archive(name: &'static str, tar: Tar) -> Case {
    Case {
        name,
        tar,
        step: "tar",
        path: String::new(),
    }
}

pub(crate) fn tests() -> Vec<Trial> {
    let cases = names()
        .into_iter()
        .chain(links())
        .chain(whiteouts())
        .chain(numbers())
        .chain(headers());
    let refused = cases.map(|case| test("evil", case.name, move || refuses(case)));
    refused
        .chain([
            test("evil", "too_many_entries", too_many_entries),
            test("evil", "xattrs_too_large", large_xattrs),
            test(
                "evil",
                "links_outside_are_made_but_never_followed",
                links_outside,
            ),
        ])
        .collect()
}

fn refuses(case: Case) {
    let world = World::new();
    let outside = world.scratch.0.join("outside");
    std::fs::write(&outside, "untouched").unwrap();
    let error = world
        .unpack(&Layer::gzip(&case.tar.finish()))
        .expect_err(case.name);
    assert_eq!(error.class(), ErrorClass::InvalidArgument, "{error}");
    assert_eq!(
        (error.step(), error.path()),
        (case.step, case.path),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "untouched");
    world.assert_empty();
}

fn names() -> Vec<Case> {
    let long = "n".repeat(300);
    let deep = "d/".repeat(32_000);
    vec![
        entry("dot_dot", "../outside", Tar::new().file("../outside", b"x")),
        entry("dot_dot_alone", "..", Tar::new().directory("..")),
        entry(
            "dot_dot_inside",
            "a/../../outside",
            Tar::new().file("a/../../outside", b"x"),
        ),
        entry(
            "absolute_dot_dot",
            "/../outside",
            Tar::new().file("/../outside", b"x"),
        ),
        entry("no_name", "", Tar::new().file("", b"x")),
        entry("root_as_file", "./", Tar::new().file("./", b"x")),
        entry("root_as_symlink", "/", Tar::new().symlink("/", "/etc")),
        entry(
            "root_by_dot_dot_as_file",
            "a/..",
            Tar::new().file("a/..", b"x"),
        ),
        entry(
            "name_of_300_bytes",
            &long,
            Tar::new().gnu_long(b'L', long.as_bytes()).file("s", b""),
        ),
        entry(
            "path_of_64_kib",
            &(deep[..512].to_owned() + "…"),
            Tar::new().pax(&[("path", deep.as_bytes())]).file("s", b""),
        ),
        entry(
            "file_as_parent",
            "f/x",
            Tar::new().file("f", b"").file("f/x", b""),
        ),
        entry(
            "fifo_as_parent",
            "f/x",
            Tar::new()
                .entry(Header::new(b'6', "f"), b"")
                .file("f/x", b""),
        ),
        entry(
            "device_as_parent",
            "f/x",
            Tar::new()
                .entry(Header::new(b'3', "f").device(1, 3), b"")
                .file("f/x", b""),
        ),
    ]
}

fn links() -> Vec<Case> {
    let chain = (0..50).fold(Tar::new(), |tar, n| {
        tar.symlink(&format!("l{n}"), &format!("l{}", n + 1))
    });
    vec![
        entry(
            "hardlink_to_host_file",
            "h",
            Tar::new().hardlink("h", "/etc/shadow"),
        ),
        entry("hardlink_up", "h", Tar::new().hardlink("h", "../outside")),
        entry(
            "hardlink_to_itself",
            "h",
            Tar::new().file("h", b"").hardlink("h", "./h"),
        ),
        entry(
            "hardlink_to_folder",
            "h",
            Tar::new().directory("d").hardlink("h", "d"),
        ),
        entry("hardlink_to_root", "h", Tar::new().hardlink("h", "/")),
        entry(
            "hardlink_through_symlink_to_host",
            "h",
            Tar::new().symlink("s", "/etc").hardlink("h", "s/passwd"),
        ),
        entry(
            "hardlink_through_symlink_upwards",
            "h",
            Tar::new()
                .symlink("s", "../../../..")
                .hardlink("h", "s/outside"),
        ),
        entry("hardlink_without_target", "h", Tar::new().hardlink("h", "")),
        entry("symlink_without_target", "s", Tar::new().symlink("s", "")),
        entry(
            "symlink_loop_as_parent",
            "s/x",
            Tar::new().symlink("s", "s").file("s/x", b""),
        ),
        entry("symlink_chain_as_parent", "l0/x", chain.file("l0/x", b"")),
        entry(
            "symlink_to_file_as_parent",
            "s/x",
            Tar::new().file("f", b"").symlink("s", "f").file("s/x", b""),
        ),
        entry(
            "symlink_target_of_5000_bytes",
            "s",
            Tar::new().gnu_long(b'K', &[b'a'; 5000]).symlink("s", "cut"),
        ),
    ]
}

fn whiteouts() -> Vec<Case> {
    let whiteout = |name: &'static str, path: &str| entry(name, path, Tar::new().file(path, b""));
    vec![
        whiteout("whiteout_of_nothing", "d/.wh."),
        whiteout("whiteout_of_dot", "d/.wh.."),
        whiteout("whiteout_of_dot_dot", "d/.wh..."),
        whiteout("whiteout_reserved", ".wh..wh.plnk"),
        whiteout("whiteout_reserved_aufs", "d/.wh..wh.aufs"),
        whiteout("whiteout_almost_opaque", ".wh..wh..opq2"),
        whiteout("whiteout_as_parent", ".wh.d/x"),
        whiteout("whiteout_upwards", "../.wh.outside"),
        whiteout("opaque_upwards", "../.wh..wh..opq"),
        entry(
            "opaque_of_file",
            "f/.wh..wh..opq",
            Tar::new().file("f", b"").file("f/.wh..wh..opq", b""),
        ),
        entry(
            "opaque_through_symlink_loop",
            "s/.wh..wh..opq",
            Tar::new().symlink("s", "s").file("s/.wh..wh..opq", b""),
        ),
        entry(
            "name_in_whiteout",
            "w/x",
            Tar::new().file(".wh.w", b"").file("w/x", b""),
        ),
    ]
}

fn numbers() -> Vec<Case> {
    let file = || Header::new(b'0', "f");
    let minus_one = [0xff; 12];
    vec![
        entry(
            "uid_minus_one",
            "f",
            Tar::new().entry(file().owner(u32::MAX.into(), 0), b""),
        ),
        entry(
            "gid_of_33_bits",
            "f",
            Tar::new().pax(&[("gid", b"4294967296")]).file("f", b""),
        ),
        entry(
            "device_major_out_of_range",
            "f",
            Tar::new().entry(Header::new(b'3', "f").device(1 << 20, 0), b""),
        ),
        entry(
            "device_minor_out_of_range",
            "f",
            Tar::new().entry(Header::new(b'4', "f").device(1, 1 << 20), b""),
        ),
        archive(
            "negative_uid",
            Tar::new().entry(file().field(108, &minus_one[..8]), b""),
        ),
        archive(
            "negative_size",
            Tar::new().entry(file().field(124, &minus_one), b""),
        ),
        archive(
            "size_of_8_exbibytes",
            Tar::new().entry(file().size((1 << 63) - 1), b""),
        ),
        archive(
            "pax_size_negative",
            Tar::new().pax(&[("size", b"-1")]).file("f", b""),
        ),
        archive(
            "pax_uid_negative",
            Tar::new().pax(&[("uid", b"-1")]).file("f", b""),
        ),
    ]
}

fn headers() -> Vec<Case> {
    vec![
        archive("checksum", Tar::new().raw(&[0x41; 512])),
        archive(
            "unknown_type",
            Tar::new().entry(Header::new(b'Z', "f"), b""),
        ),
        archive(
            "pax_with_nul_in_path",
            Tar::new().pax(&[("path", b"a\0/../../b")]).file("f", b""),
        ),
        archive(
            "pax_of_one_gibibyte",
            Tar::new().entry(Header::new(b'x', "x").size(1 << 30), b""),
        ),
        archive(
            "long_name_of_one_gibibyte",
            Tar::new().entry(Header::new(b'L', "x").size(1 << 30), b""),
        ),
        archive(
            "pax_forever",
            (0..100).fold(Tar::new(), |tar, _| tar.pax(&[("path", b"a")])),
        ),
        archive(
            "sparse_larger_than_its_file",
            Tar::new()
                .pax(&[("GNU.sparse.size", b"3"), ("GNU.sparse.map", b"100,4")])
                .file("f", b"abcd"),
        ),
        archive(
            "sparse_overlapping",
            Tar::new()
                .pax(&[("GNU.sparse.size", b"30"), ("GNU.sparse.map", b"0,3,1,1")])
                .file("f", b"abcd"),
        ),
        archive(
            "file_longer_than_the_archive",
            Tar::new().raw(&Header::new(b'0', "f").size(1 << 20).finish()),
        ),
    ]
}

fn too_many_entries() {
    let world = World::with(UnpackLimits {
        entries: 100,
        ..UnpackLimits::default()
    });
    let tar = (0..101).fold(Tar::new(), |tar, n| tar.file(&n.to_string(), b""));
    let error = world.unpack(&Layer::gzip(&tar.finish())).unwrap_err();
    assert_eq!(
        (error.class(), error.step()),
        (ErrorClass::FailedPrecondition, "quota")
    );
    world.assert_empty();
}

fn large_xattrs() {
    let world = World::with(UnpackLimits {
        xattr_bytes: 1000,
        ..UnpackLimits::default()
    });
    let tar = Tar::new()
        .pax(&[("SCHILY.xattr.user.a", &[b'x'; 1000])])
        .file("f", b"");
    let error = world.unpack(&Layer::gzip(&tar.finish())).unwrap_err();
    assert_eq!((error.step(), error.path()), ("entry", "f".to_owned()));
    world.assert_empty();
}

/// What a container may do with such links is the container's; the host's files stay as they are.
fn links_outside() {
    let world = World::new();
    let outside = world.scratch.0.join("outside");
    std::fs::create_dir(&outside).unwrap();
    let target = outside.display().to_string();
    let up = "../".repeat(20) + &target;
    let tar = Tar::new()
        .symlink("absolute", &target)
        .file("absolute/planted", b"x")
        .symlink("relative", &up)
        .file("relative/planted", b"x")
        .file("absolute/.wh.removed", b"")
        .file("relative/.wh..wh..opq", b"")
        .entry(Header::new(b'5', "absolute/").mode(0o777), b"")
        .symlink("file", &(target.clone() + "/file"))
        .file("file", b"x");
    let layer = Layer::gzip(&tar.finish());
    world.unpack(&layer).unwrap();
    assert_eq!(crate::world::names(&outside), Vec::<String>::new());
    let line = world.tree(&layer);
    assert!(crate::world::line(&line, "file").unwrap().contains("\"x\""));
}
