//! A cancelled call ends, wherever it is, and leaves nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use libtest_mimic::Trial;
use longshore_snapshots::{Cancel, ErrorClass, Feed, SnapshotError};

use crate::support::tar_builder::Tar;
use crate::test;
use crate::world::{Layer, World, noise};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("cancelling", "before_it_begins", before),
        test("cancelling", "at_every_report_of_progress", while_unpacking),
        test("cancelling", "while_it_waits_for_bytes", waiting_for_bytes),
        test(
            "cancelling",
            "while_it_waits_for_its_parent",
            waiting_for_parent,
        ),
        test(
            "cancelling",
            "while_it_waits_for_another_call",
            waiting_for_other,
        ),
        test("cancelling", "whoever_pushes_is_freed", pushing),
    ]
}

fn layer() -> Layer {
    let noise = noise(3_000_000);
    let tar = noise
        .chunks(10_000)
        .enumerate()
        .fold(Tar::new(), |tar, (number, data)| {
            tar.file(&format!("d{}/{number}", number % 7), data)
        });
    Layer::gzip(&tar.finish())
}

fn assert_cancelled<T: std::fmt::Debug>(result: Result<T, SnapshotError>) {
    assert_eq!(result.unwrap_err().class(), ErrorClass::Cancelled);
}

fn before() {
    let world = World::new();
    let cancel = Cancel::new();
    cancel.cancel();
    let layer = layer();
    assert_cancelled(
        world
            .store
            .unpack(&layer.request(), layer.source(), &cancel, &|_| {}),
    );
    world.assert_empty();
}

fn while_unpacking() {
    let layer = layer();
    let reports = AtomicU64::new(0);
    let count = |_| {
        reports.fetch_add(1, Ordering::Relaxed);
    };
    World::new()
        .store
        .unpack(&layer.request(), layer.source(), &Cancel::new(), &count)
        .unwrap();
    let all = reports.into_inner();
    assert!(all > 4);
    // The last report may come when everything is through already; then there is nothing to cancel.
    for at in 0..all - 1 {
        let world = World::new();
        let cancel = Cancel::new();
        let reports = AtomicU64::new(0);
        let progress = |_| {
            if reports.fetch_add(1, Ordering::Relaxed) == at {
                cancel.cancel();
            }
        };
        assert_cancelled(
            world
                .store
                .unpack(&layer.request(), layer.source(), &cancel, &progress),
        );
        world.assert_empty();
    }
}

fn waiting_for_bytes() {
    let world = World::new();
    let layer = layer();
    let cancel = Cancel::new();
    let (feed, source) = Feed::pushed();
    feed.push(layer.bytes[..200_000].to_vec(), &cancel).unwrap();
    std::thread::scope(|scope| {
        let (progress, reports) = std::sync::mpsc::channel();
        let unpack = scope.spawn({
            let (world, layer, cancel) = (&world, &layer, &cancel);
            move || {
                let progress = move |bytes| progress.send(bytes).unwrap();
                world
                    .store
                    .unpack(&layer.request(), source, cancel, &progress)
            }
        });
        reports.recv().unwrap();
        cancel.cancel();
        assert_cancelled(unpack.join().unwrap());
    });
    world.assert_empty();
}

fn waiting_for_parent() {
    let world = World::new();
    let layer = layer().on(&Layer::gzip(&Tar::new().finish()));
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let unpack = scope.spawn(|| {
            world
                .store
                .unpack(&layer.request(), layer.source(), &cancel, &|_| {})
        });
        let record = world
            .layers_folder()
            .join("tmp")
            .join(layer.chain_id.digest().hex())
            .join("layer.json");
        while !record.exists() {
            std::thread::yield_now();
        }
        cancel.cancel();
        assert_cancelled(unpack.join().unwrap());
    });
    world.assert_empty();
}

fn waiting_for_other() {
    let world = World::new();
    let layer = layer();
    let (feed, source) = Feed::pushed();
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            world
                .store
                .unpack(&layer.request(), source, &Cancel::new(), &|_| {})
        });
        while crate::world::names(&world.layers_folder().join("tmp")).is_empty() {
            std::thread::yield_now();
        }
        let second = scope.spawn(|| {
            world
                .store
                .unpack(&layer.request(), layer.source(), &cancel, &|_| {})
        });
        cancel.cancel();
        assert_cancelled(second.join().unwrap());
        feed.push(layer.bytes.clone(), &Cancel::new()).unwrap();
        feed.complete();
        first.join().unwrap().unwrap();
    });
    assert_eq!(world.store.list().len(), 1);
}

fn pushing() {
    let (feed, source) = Feed::pushed();
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let pusher = scope.spawn(|| {
            loop {
                if let Err(error) = feed.push(vec![0; 1 << 20], &cancel) {
                    return error;
                }
            }
        });
        cancel.cancel();
        assert_eq!(pusher.join().unwrap().class(), ErrorClass::Cancelled);
    });
    drop(source);
    // With nobody who reads, pushing does nothing, but never blocks.
    for _ in 0..100 {
        feed.push(vec![0; 1 << 20], &Cancel::new()).unwrap();
    }
    assert!(feed.is_abandoned());
}
