//! Any bytes as gzip, zstd, bzip2 or xz: decompression ends within its limit. The first byte chooses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use longshore_snapshots::Compression;
use longshore_snapshots::fuzzing::decompress;

const LIMIT: u64 = 1 << 20;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let compression = match choice % 4 {
        0 => Compression::Gzip,
        1 => Compression::Zstd,
        2 => Compression::Bzip2,
        _ => Compression::Xz,
    };
    if let Ok(length) = decompress(compression, bytes, LIMIT) {
        assert!(length <= LIMIT);
    }
});
