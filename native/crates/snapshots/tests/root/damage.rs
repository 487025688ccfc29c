//! Bytes that are not what they were said to be: none of them lands in the store.

use std::io::Write;

use libtest_mimic::Trial;
use longshore_snapshots::{
    Cancel, ChainId, Digest, ErrorClass, Feed, SnapshotError, UnpackLimits, UnpackRequest,
};

use crate::support::tar_builder::Tar;
use crate::test;
use crate::world::{GZIP, Layer, PLAIN, World, ZSTD, gzip, noise};

pub(crate) fn tests() -> Vec<Trial> {
    let table = cases().into_iter().map(|(name, layer, step)| {
        test("damage", name, move || {
            let world = World::new();
            let error = world.unpack(&layer).expect_err(name);
            assert_eq!(
                (error.step(), error.class()),
                (step, ErrorClass::InvalidArgument),
                "{error}"
            );
            world.assert_empty();
        })
    });
    table
        .chain([
            test("damage", "gzip_bomb_ends_at_the_limit", bomb),
            test("damage", "feed_that_goes_away", feed_gone),
            test("damage", "file_shorter_than_said", short_file),
            test("damage", "a_repeated_pull_succeeds", repeated),
            test("damage", "chain_id_that_does_not_fit", wrong_chain_id),
            test("damage", "media_types_that_are_no_layer", media_types),
        ])
        .collect()
}

fn tar() -> Vec<u8> {
    let noise = noise(600_000);
    Tar::new().file("a", &noise).file("b", b"2").finish()
}

fn cases() -> Vec<(&'static str, Layer, &'static str)> {
    let good = Layer::gzip(&tar());
    let change = |edit: &dyn Fn(&mut Layer)| {
        let mut layer = good.clone();
        edit(&mut layer);
        layer
    };
    // A layer whose digest is right, so that only its content is damaged.
    let made_so = |bytes: Vec<u8>, media_type| Layer {
        diff_id: good.diff_id,
        chain_id: good.chain_id,
        ..Layer::packed(&tar(), bytes, media_type)
    };
    let cut = |bytes: &[u8], by: usize| bytes[..bytes.len() - by].to_vec();
    let flipped = |mut bytes: Vec<u8>, at: usize| {
        bytes[at] ^= 0x10;
        bytes
    };
    let zstd = checked_zstd(&tar());
    vec![
        (
            "wrong_bytes_of_the_right_length",
            change(&|layer| layer.bytes = flipped(layer.bytes.clone(), 1000)),
            "digest",
        ),
        (
            "bytes_of_another_layer",
            change(&|layer| layer.digest = Digest::of(b"other")),
            "digest",
        ),
        (
            "truncated_on_its_way",
            change(&|layer| layer.bytes = cut(&layer.bytes, 100)),
            "size",
        ),
        (
            "longer_than_said",
            change(&|layer| layer.bytes.push(0)),
            "size",
        ),
        (
            "nothing_at_all",
            change(&|layer| layer.bytes.clear()),
            "size",
        ),
        (
            "other_tar_than_promised",
            Layer {
                diff_id: Digest::of(b"x"),
                chain_id: ChainId::of(None, &Digest::of(b"x")),
                ..good.clone()
            },
            "diff-id",
        ),
        (
            "gzip_truncated_by_its_maker",
            made_so(cut(&good.bytes, 100), GZIP),
            "decompress",
        ),
        (
            "gzip_without_its_checksum",
            made_so(cut(&good.bytes, 8), GZIP),
            "decompress",
        ),
        (
            "gzip_corrupted_by_its_maker",
            made_so(flipped(good.bytes.clone(), 300_000), GZIP),
            "decompress",
        ),
        (
            "gzip_with_garbage_behind",
            made_so([&good.bytes[..], b"garbage"].concat(), GZIP),
            "decompress",
        ),
        (
            "zstd_truncated",
            made_so(cut(&zstd, 100), ZSTD),
            "decompress",
        ),
        (
            "zstd_corrupted",
            made_so(flipped(zstd.clone(), 300_000), ZSTD),
            "decompress",
        ),
        (
            "zstd_with_a_window_of_2_gib",
            made_so(wide_zstd(), ZSTD),
            "decompress",
        ),
        (
            "gzip_said_to_be_plain",
            made_so(good.bytes.clone(), PLAIN),
            "media-type",
        ),
        (
            "gzip_said_to_be_zstd",
            made_so(good.bytes.clone(), ZSTD),
            "media-type",
        ),
        ("plain_said_to_be_gzip", made_so(tar(), GZIP), "media-type"),
        (
            "text_said_to_be_plain",
            made_so(b"<html>".repeat(1000), PLAIN),
            "tar",
        ),
        (
            "tar_that_ends_inside_a_file",
            Layer::gzip(&tar()[..300_000]),
            "tar",
        ),
    ]
}

/// With a checksum of the content, which `zstd` writes unless told otherwise.
fn checked_zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A frame header that asks for a window of 2 GiB (RFC 8878, 3.1.1.1.2: exponent 21), then an empty block.
fn wide_zstd() -> Vec<u8> {
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3][..], &[0x01, 0, 0]].concat()
}

fn bomb() {
    let world = World::with(UnpackLimits {
        tar_bytes: 32 << 20,
        ..UnpackLimits::default()
    });
    let zeros = vec![0u8; 64 << 20];
    let tar = Tar::new().file("zeros", &zeros).finish();
    for bytes in [gzip(&tar), zstd::encode_all(&tar[..], 1).unwrap()] {
        assert!(bytes.len() < 1 << 20);
        let media_type = if bytes[0] == 0x1f { GZIP } else { ZSTD };
        let error = world
            .unpack(&Layer::packed(&tar, bytes, media_type))
            .unwrap_err();
        assert_eq!(
            (error.class(), error.step()),
            (ErrorClass::FailedPrecondition, "quota")
        );
        world.assert_empty();
    }
}

fn feed_gone() {
    let world = World::new();
    let layer = Layer::gzip(&tar());
    let (feed, source) = Feed::pushed();
    feed.push(layer.bytes[..200_000].to_vec(), &Cancel::new())
        .unwrap();
    drop(feed);
    let unpacked = world
        .store
        .unpack(&layer.request(), source, &Cancel::new(), &|_| {});
    assert_eq!(unpacked.unwrap_err().class(), ErrorClass::Unavailable);
    world.assert_empty();
}

fn short_file() {
    let world = World::new();
    let layer = Layer::gzip(&tar());
    let path = world.scratch.0.join("blob");
    std::fs::write(&path, &layer.bytes[..200_000]).unwrap();
    let (feed, source) = Feed::from_file(&path).unwrap();
    feed.available(layer.size);
    feed.complete();
    let unpacked = world
        .store
        .unpack(&layer.request(), source, &Cancel::new(), &|_| {});
    assert_eq!(unpacked.unwrap_err().class(), ErrorClass::Unavailable);
    world.assert_empty();
}

fn repeated() {
    let world = World::new();
    let good = Layer::gzip(&tar());
    let mut damaged = good.clone();
    damaged.bytes[500] ^= 1;
    world.unpack(&damaged).unwrap_err();
    assert!(!world.unpack(&good).unwrap().existed);
    assert!(world.unpack(&good).unwrap().existed);
}

fn wrong_chain_id() {
    let layer = Layer::gzip(&tar());
    let parent = ChainId::of(None, &Digest::of(b"parent"));
    let request = UnpackRequest::new(
        layer.chain_id,
        Some(parent),
        layer.diff_id,
        layer.digest,
        layer.size,
        GZIP,
    );
    assert!(matches!(request, Err(SnapshotError::ChainId { .. })));
}

fn media_types() {
    let layer = Layer::gzip(&tar());
    let request = |media_type: &str| {
        UnpackRequest::new(
            layer.chain_id,
            None,
            layer.diff_id,
            layer.digest,
            layer.size,
            media_type,
        )
    };
    for media_type in [
        "",
        "application/json",
        "application/vnd.oci.image.layer.v1.tar+xz",
    ] {
        let error = request(media_type).unwrap_err();
        assert_eq!(
            (error.step(), error.path().as_str()),
            ("media-type", media_type)
        );
    }
    for media_type in [
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    ] {
        request(media_type).unwrap();
    }
}
