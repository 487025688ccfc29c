//! Folders that a layer only implies take after the layers below, in whatever order the layers come.

use libtest_mimic::Trial;
use longshore_snapshots::Cancel;

use crate::support::tar_builder::{Header, Tar};
use crate::test;
use crate::world::{Layer, World, line};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "parents",
            "implied_folders_take_after_the_layers_below",
            inherit,
        ),
        test("parents", "whiteouts_below_end_the_search", hidden),
        test("parents", "opaque_folders_do_not_inherit", opaque),
        test("parents", "an_explicit_folder_keeps_its_own", explicit),
        test("parents", "layers_side_by_side_top_first", side_by_side),
    ]
}

fn folder(name: &str, mode: u32, uid: u64) -> Header {
    Header::new(b'5', name)
        .mode(mode)
        .owner(uid, uid + 1)
        .mtime(77)
}

fn stack(tars: Vec<Tar>) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for tar in tars {
        let layer = Layer::gzip(&tar.finish());
        let layer = match layers.last() {
            Some(parent) => layer.on(parent),
            None => layer,
        };
        layers.push(layer);
    }
    layers
}

/// Unpacks the layers in order; answers the tree of the last.
fn top(tars: Vec<Tar>) -> String {
    let world = World::new();
    let layers = stack(tars);
    for layer in &layers {
        world.unpack(layer).unwrap();
    }
    world.tree(layers.last().unwrap())
}

fn inherit() {
    let tree = top(vec![
        Tar::new()
            .entry(folder("./", 0o700, 5), b"")
            .entry(folder("home", 0o711, 10), b"")
            .pax(&[("SCHILY.xattr.user.note", b"n")])
            .entry(folder("home/user", 0o2750, 20), b"")
            .entry(folder("var", 0o755, 1), b""),
        Tar::new().entry(folder("var", 0o1777, 2), b""),
        Tar::new().file("unrelated", b""),
        Tar::new()
            .file("home/user/new/file", b"")
            .file("var/x", b""),
    ]);
    assert_eq!(line(&tree, "."), Some("700 5:6 dir @77.000000000"));
    assert_eq!(line(&tree, "home"), Some("711 10:11 dir @77.000000000"));
    assert_eq!(
        line(&tree, "home/user"),
        Some("2750 20:21 dir @77.000000000 user.note=n")
    );
    // The nearest layer that has it counts.
    assert_eq!(line(&tree, "var"), Some("1777 2:3 dir @77.000000000"));
    assert!(
        line(&tree, "home/user/new")
            .unwrap()
            .starts_with("755 0:0 dir")
    );
}

fn hidden() {
    let below = Tar::new()
        .entry(folder("a", 0o700, 9), b"")
        .entry(folder("a/sub", 0o700, 9), b"")
        .entry(folder("b", 0o711, 9), b"")
        .entry(folder("b/sub", 0o700, 9), b"")
        .entry(folder("c", 0o700, 9), b"")
        .entry(folder("d", 0o700, 9), b"");
    let between = Tar::new()
        .file(".wh.a", b"")
        .file("b/.wh..wh..opq", b"")
        .symlink("c", "d");
    let above = Tar::new()
        .file("a/sub/x", b"")
        .file("b/sub/x", b"")
        .file("c/x", b"")
        .file("d/x", b"");
    let tree = top(vec![below, between, above]);
    for name in ["a", "a/sub", "b/sub", "c"] {
        assert!(
            line(&tree, name).unwrap().starts_with("755 0:0 dir"),
            "{name} in\n{tree}"
        );
    }
    for (name, expected) in [("b", "711 9:10 dir"), ("d", "700 9:10 dir")] {
        assert!(
            line(&tree, name).unwrap().starts_with(expected),
            "{name} in\n{tree}"
        );
    }
}

fn opaque() {
    let below = Tar::new()
        .entry(folder("d", 0o700, 9), b"")
        .entry(folder("d/sub", 0o700, 9), b"");
    let tree = top(vec![
        below,
        Tar::new().file("d/.wh..wh..opq", b"").file("d/sub/x", b""),
    ]);
    assert!(
        line(&tree, "d/sub").unwrap().starts_with("755 0:0 dir"),
        "{tree}"
    );
}

fn explicit() {
    let below = Tar::new()
        .entry(folder("d", 0o700, 9), b"")
        .entry(folder("./", 0o700, 9), b"");
    let above = Tar::new()
        .file("d/x", b"")
        .entry(folder("d", 0o755, 3), b"");
    let tree = top(vec![below, above]);
    assert!(line(&tree, "d").unwrap().starts_with("755 3:4 dir"));
    assert!(line(&tree, ".").unwrap().starts_with("700 9:10 dir"));
}

fn side_by_side() {
    let tars = (0..20).map(|n: u32| {
        let own = format!("layer{n}");
        let tar = Tar::new().entry(folder(&own, 0o700 + n, n.into()), b"");
        // Each layer puts a file into the folders of all layers below it.
        (0..n).fold(tar, |tar, below| {
            tar.file(&format!("layer{below}/from{n}"), b"")
        })
    });
    let layers = stack(tars.collect());
    let world = World::new();
    std::thread::scope(|scope| {
        let world = &world;
        // The top one begins first and must wait for all the others.
        for layer in layers.iter().rev() {
            scope.spawn(move || {
                world
                    .store
                    .unpack(&layer.request(), layer.source(), &Cancel::new(), &|_| {})
                    .unwrap()
            });
        }
    });
    let tree = world.tree(&layers[19]);
    for below in 0..19u32 {
        let expected = format!("{:o} {below}:{} dir @77", 0o700 + below, below + 1);
        assert!(
            line(&tree, &format!("layer{below}"))
                .unwrap()
                .starts_with(&expected),
            "{tree}"
        );
    }
}
