//! Several calls at once.

use std::sync::Barrier;

use libtest_mimic::Trial;
use longshore_snapshots::{Cancel, ErrorClass, Feed};

use crate::support::tar_builder::Tar;
use crate::test;
use crate::world::{Layer, Unused, World, noise};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "concurrency",
            "two_calls_for_one_layer_unpack_it_once",
            once,
        ),
        test(
            "concurrency",
            "the_second_call_takes_over_when_the_first_fails",
            take_over,
        ),
        test(
            "concurrency",
            "a_layer_unpacks_while_its_file_grows",
            growing_file,
        ),
        test(
            "concurrency",
            "a_layer_that_waits_for_its_parent_keeps_its_grandparent",
            keeps_grandparent,
        ),
    ]
}

fn layer() -> Layer {
    Layer::gzip(&Tar::new().file("a", &[7; 400_000]).finish())
}

fn once() {
    let world = World::new();
    let layer = layer();
    let together = Barrier::new(8);
    let existed: Vec<bool> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    world.unpack(&layer).unwrap().existed
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(existed.iter().filter(|existed| !**existed).count(), 1);
}

fn take_over() {
    let world = World::new();
    let layer = layer();
    let (feed, source) = Feed::pushed();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            world
                .store
                .unpack(&layer.request(), source, &Cancel::new(), &|_| {})
        });
        while crate::world::names(&world.layers_folder().join("tmp")).is_empty() {
            std::thread::yield_now();
        }
        let second = scope.spawn(|| world.unpack(&layer));
        drop(feed);
        assert_eq!(
            first.join().unwrap().unwrap_err().class(),
            ErrorClass::Unavailable
        );
        assert!(!second.join().unwrap().unwrap().existed);
    });
}

fn growing_file() {
    let noise = noise(700_000);
    let layer = Layer::gzip(&Tar::new().file("a", &noise).finish());
    let world = World::new();
    let path = world.scratch.0.join("blob");
    std::fs::write(&path, b"").unwrap();
    let (feed, source) = Feed::from_file(&path).unwrap();
    let (progress, reports) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let unpack = scope.spawn(|| {
            let progress = move |bytes| progress.send(bytes).unwrap();
            world
                .store
                .unpack(&layer.request(), source, &Cancel::new(), &progress)
                .unwrap()
        });
        let half = layer.bytes.len() / 2;
        std::fs::write(&path, &layer.bytes[..half]).unwrap();
        feed.available(half as u64);
        // It unpacks what is there before the rest comes.
        while reports.recv().unwrap() < half as u64 / 4 {}
        std::fs::write(&path, &layer.bytes).unwrap();
        feed.available(layer.size);
        feed.complete();
        unpack.join().unwrap();
    });
    assert_eq!(reports.iter().last(), Some(layer.size));
}

fn keeps_grandparent() {
    let world = World::new();
    let lowest = layer();
    let middle = Layer::gzip(&Tar::new().file("m", b"").finish()).on(&lowest);
    let top = Layer::gzip(&Tar::new().file("t", b"").finish()).on(&middle);
    world.unpack(&lowest).unwrap();
    let cancel = Cancel::new();
    let (feed, source) = Feed::pushed();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| world.unpack(&top));
        let middle_call = scope.spawn(|| {
            world
                .store
                .unpack(&middle.request(), source, &cancel, &|_| {})
        });
        while crate::world::names(&world.layers_folder().join("tmp")).len() < 2 {
            std::thread::yield_now();
        }
        let refused = world.store.remove(&[lowest.chain_id], &Unused).unwrap_err();
        assert_eq!(refused.class(), ErrorClass::Conflict);
        feed.push(middle.bytes.clone(), &Cancel::new()).unwrap();
        feed.complete();
        middle_call.join().unwrap().unwrap();
        waiting.join().unwrap().unwrap();
    });
    assert_eq!(world.store.list().len(), 3);
}
