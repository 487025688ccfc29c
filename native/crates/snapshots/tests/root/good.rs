//! Layers that must unpack, and what they must look like then.

use libtest_mimic::Trial;

use crate::support::tar_builder::{Header, Tar};
use crate::test;
use crate::world::{GZIP, Layer, World, gzip};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("good", "every_kind_of_entry", every_kind),
        test("good", "whiteouts_become_overlay_marks", whiteouts),
        test("good", "a_later_entry_replaces_an_earlier_one", replaced),
        test(
            "good",
            "symlinked_parents_stay_inside_the_layer",
            symlinked_parents,
        ),
        test(
            "good",
            "overlay_marks_from_outside_are_dropped",
            foreign_marks,
        ),
        test(
            "good",
            "setgid_folders_do_not_pass_their_group_on",
            setgid_folder,
        ),
        test("good", "every_compression", compressions),
        test("good", "gzip_of_several_members", gzip_members),
        test("good", "an_empty_archive", empty_archive),
        test("good", "an_archive_without_its_end_mark", endless_archive),
        test("good", "the_record_counts_entries_and_disk", record),
        test("good", "deep_folders", deep_folders),
        test("good", "sparse_files_keep_their_holes", sparse),
    ]
}

/// Unpacks one layer and answers its tree.
fn unpacked(tar: Tar) -> String {
    let world = World::new();
    let layer = Layer::gzip(&tar.finish());
    world.unpack(&layer).unwrap();
    world.tree(&layer)
}

fn every_kind() {
    let capability: &[u8] = b"\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let tree = unpacked(
        Tar::new()
            .entry(
                Header::new(b'5', "./").mode(0o751).owner(7, 8).mtime(5),
                b"",
            )
            .entry(
                Header::new(b'5', "bin/").mode(0o2775).owner(0, 50).mtime(6),
                b"",
            )
            .entry(
                Header::new(b'0', "bin/su").mode(0o4755).owner(9, 9).size(2),
                b"su",
            )
            .pax(&[
                ("mtime", b"1700000000.123456789"),
                ("SCHILY.xattr.security.capability", capability),
                ("SCHILY.xattr.user.note", b"a b"),
            ])
            .entry(
                Header::new(b'0', "bin/ping")
                    .mode(0o755)
                    .owner(3, 4)
                    .size(4),
                b"ping",
            )
            .symlink("link", "/bin/../x y")
            .hardlink("bin/ping2", "/bin/ping")
            .hardlink("link2", "link")
            .entry(
                Header::new(b'3', "null")
                    .mode(0o666)
                    .owner(1, 2)
                    .device(1, 3),
                b"",
            )
            .entry(Header::new(b'4', "disk").mode(0o660).device(8, 70_000), b"")
            .entry(Header::new(b'6', "fifo").mode(0o622), b"")
            .entry(
                Header::new(b'0', "big-owner").owner(3_000_000_000, 4_294_967_294),
                b"",
            )
            .entry(Header::new(b'7', "contiguous").size(1), b"c")
            .entry(Header::new(0, "old/").mode(0o700), b"")
            .file("/absolute/../absolute", b""),
    );
    let capability_text = capability.escape_ascii();
    let expected = format!(
        ". 751 7:8 dir @5.000000000\n\
         absolute 644 0:0 \"\" @1.000000000\n\
         big-owner 644 3000000000:4294967294 \"\" @1.000000000\n\
         bin 2775 0:50 dir @6.000000000\n\
         bin/ping 755 3:4 \"ping\" @1700000000.123456789 security.capability={capability_text} \
         user.note=a b\n\
         bin/ping2 755 3:4 = bin/ping @1700000000.123456789 security.capability={capability_text} \
         user.note=a b\n\
         bin/su 4755 9:9 \"su\" @1.000000000\n\
         contiguous 644 0:0 \"c\" @1.000000000\n\
         disk 660 0:0 block 8:70000 @1.000000000\n\
         fifo 622 0:0 fifo 0:0 @1.000000000\n\
         link 777 0:0 -> /bin/../x y @1.000000000\n\
         link2 777 0:0 = link @1.000000000\n\
         null 666 1:2 char 1:3 @1.000000000\n\
         old 700 0:0 dir @1.000000000\n"
    );
    assert_eq!(tree, expected);
}

/// The tree without its times, which folders without an entry take from the clock.
fn timeless(tree: &str) -> String {
    tree.lines()
        .map(|line| {
            let words = line.split(' ').filter(|word| !word.starts_with('@'));
            words.collect::<Vec<_>>().join(" ") + "\n"
        })
        .collect()
}

fn whiteouts() {
    let tree = unpacked(
        Tar::new()
            .file("d/.wh.gone", b"its data means nothing")
            .directory("opaque")
            .file("opaque/kept", b"1")
            .file("opaque/.wh..wh..opq", b"")
            .file("implied/.wh..wh..opq", b"")
            // The layer's own entry stays, whichever comes first.
            .file("own", b"2")
            .file(".wh.own", b"")
            .file(".wh.later", b"")
            .file("later", b"3")
            // A folder that has its whiteout hides what is below it.
            .file(".wh.folder", b"")
            .directory("folder")
            .directory("folder2")
            .file(".wh.folder2", b""),
    );
    let expected = ". 755 0:0 dir\n\
         d 755 0:0 dir\n\
         d/gone 0 0:0 char 0:0\n\
         folder 755 0:0 dir trusted.overlay.opaque=y\n\
         folder2 755 0:0 dir trusted.overlay.opaque=y\n\
         implied 755 0:0 dir trusted.overlay.opaque=y\n\
         later 644 0:0 \"3\"\n\
         opaque 755 0:0 dir trusted.overlay.opaque=y\n\
         opaque/kept 644 0:0 \"1\"\n\
         own 644 0:0 \"2\"\n";
    // Whiteouts share an inode on some file systems, never a meaning: only their kind counts.
    assert_eq!(timeless(&tree), expected);
}

fn replaced() {
    let tree = unpacked(
        Tar::new()
            .file("file", b"old")
            .file("file", b"new")
            .directory("becomes-file/sub")
            .file("becomes-file/sub/x", b"x")
            .file("becomes-file", b"now")
            .symlink("becomes-folder", "file")
            .directory("becomes-folder")
            .file("becomes-folder/x", b"x")
            .entry(Header::new(b'5', "folder").mode(0o700), b"")
            .file("folder/kept", b"1")
            .entry(Header::new(b'5', "folder").mode(0o711), b"")
            .file("linked", b"a")
            .hardlink("other", "linked")
            .file("linked", b"b"),
    );
    let expected = ". 755 0:0 dir\n\
         becomes-file 644 0:0 \"now\"\n\
         becomes-folder 755 0:0 dir\n\
         becomes-folder/x 644 0:0 \"x\"\n\
         file 644 0:0 \"new\"\n\
         folder 711 0:0 dir\n\
         folder/kept 644 0:0 \"1\"\n\
         linked 644 0:0 \"b\"\n\
         other 644 0:0 \"a\"\n";
    assert_eq!(timeless(&tree), expected);
}

fn symlinked_parents() {
    let tree = unpacked(
        Tar::new()
            .directory("usr/lib")
            .symlink("lib", "usr/lib")
            .file("lib/a", b"1")
            .symlink("abs", "/usr/lib")
            .file("abs/b", b"2")
            .symlink("usr/up", "../../../../usr/lib")
            .file("usr/up/c", b"3")
            .symlink("run", "/elsewhere/run")
            .file("run/d", b"4")
            .symlink("chain", "lib")
            .file("chain/.wh.e", b"")
            .hardlink("f", "chain/a"),
    );
    for expected in ["usr/lib/a", "usr/lib/b", "usr/lib/c", "elsewhere/run/d"] {
        assert!(
            crate::world::line(&tree, expected).is_some(),
            "{expected} is missing in\n{tree}"
        );
    }
    assert!(
        crate::world::line(&tree, "usr/lib/e")
            .unwrap()
            .contains("char 0:0")
    );
    // The hard link and the file have the name that comes first in order.
    assert!(
        crate::world::line(&tree, "usr/lib/a")
            .unwrap()
            .contains("= f ")
    );
    assert!(!std::path::Path::new("/elsewhere").exists());
}

fn foreign_marks() {
    let marks: &[(&str, &[u8])] = &[
        ("SCHILY.xattr.trusted.overlay.opaque", b"y"),
        ("SCHILY.xattr.trusted.overlay.redirect", b"/etc"),
        ("SCHILY.xattr.trusted.overlay.metacopy", b""),
        ("SCHILY.xattr.user.overlay.opaque", b"y"),
        ("SCHILY.xattr.no.such.namespace", b"1"),
        ("SCHILY.xattr.user.ok", b"1"),
    ];
    let tree = unpacked(
        Tar::new()
            .pax(marks)
            .directory("d")
            .pax(marks)
            .file("f", b""),
    );
    for name in ["d", "f"] {
        let line = crate::world::line(&tree, name).unwrap();
        assert!(line.ends_with(" @1.000000000 user.ok=1"), "{line}");
    }
}

fn setgid_folder() {
    let tree = unpacked(
        Tar::new()
            .entry(Header::new(b'5', "mail").mode(0o2775).owner(0, 8), b"")
            .file("mail/box", b"")
            .directory("mail/sub"),
    );
    assert!(
        crate::world::line(&tree, "mail")
            .unwrap()
            .starts_with("2775 0:8 dir")
    );
    assert!(
        crate::world::line(&tree, "mail/box")
            .unwrap()
            .starts_with("644 0:0 ")
    );
    assert!(
        crate::world::line(&tree, "mail/sub")
            .unwrap()
            .starts_with("755 0:0 ")
    );
}

fn compressions() {
    let tar = Tar::new().file("a", &[b'x'; 500_000]).finish();
    let trees: Vec<_> = [Layer::plain(&tar), Layer::gzip(&tar), Layer::zstd(&tar)]
        .iter()
        .map(|layer| {
            let world = World::new();
            assert!(!world.unpack(layer).unwrap().existed);
            timeless(&world.tree(layer))
        })
        .collect();
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
}

fn gzip_members() {
    let tar = Tar::new()
        .file("a", &[b'x'; 300_000])
        .file("b", b"2")
        .finish();
    let bytes: Vec<u8> = tar.chunks(100_000).flat_map(gzip).collect();
    let world = World::new();
    let layer = Layer::packed(&tar, bytes, GZIP);
    world.unpack(&layer).unwrap();
    assert!(crate::world::line(&world.tree(&layer), "b").is_some());
}

fn empty_archive() {
    let world = World::new();
    let layer = Layer::gzip(&Tar::new().finish());
    assert_eq!(world.unpack(&layer).unwrap().layer.entries, 0);
    assert_eq!(timeless(&world.tree(&layer)), ". 755 0:0 dir\n");
}

fn endless_archive() {
    let world = World::new();
    let layer = Layer::gzip(&Tar::new().file("a", b"1").unfinished());
    world.unpack(&layer).unwrap();
    assert!(crate::world::line(&world.tree(&layer), "a").is_some());
}

fn record() {
    let world = World::new();
    let layer = Layer::gzip(&Tar::new().directory("d").file("d/a", &[1; 5000]).finish());
    let unpacked = world.unpack(&layer).unwrap();
    assert_eq!(unpacked.layer.entries, 2);
    // The root and the folder, a block each; the file, two.
    assert_eq!(unpacked.layer.usage_bytes, 4 * 4096);
    assert_eq!(world.store.list(), [unpacked.layer]);
}

fn deep_folders() {
    let world = World::new();
    let name = "d/".repeat(2000) + "x";
    let layer = Layer::gzip(
        &Tar::new()
            .gnu_long(b'L', name.as_bytes())
            .file("cut", b"1")
            .finish(),
    );
    world.unpack(&layer).unwrap();
    assert_eq!(
        world
            .store
            .remove(&[layer.chain_id], &crate::world::Unused)
            .unwrap(),
        2002 * 4096
    );
    world.assert_empty();
}

fn sparse() {
    use std::os::unix::fs::MetadataExt;
    let world = World::new();
    let records: &[(&str, &[u8])] = &[
        ("GNU.sparse.size", b"104857600"),
        ("GNU.sparse.map", b"4096,3,104857599,1"),
    ];
    let layer = Layer::gzip(&Tar::new().pax(records).file("s", b"abcd").finish());
    world.unpack(&layer).unwrap();
    let path = world.store.layer_path(&layer.chain_id).unwrap().join("s");
    let metadata = std::fs::metadata(&path).unwrap();
    assert_eq!(metadata.len(), 100 << 20);
    assert!(metadata.blocks() * 512 < 1 << 20);
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(
        (&bytes[4096..4099], bytes[104_857_599]),
        (&b"abc"[..], b'd')
    );
    assert_eq!(bytes.iter().filter(|byte| **byte != 0).count(), 4);
}
