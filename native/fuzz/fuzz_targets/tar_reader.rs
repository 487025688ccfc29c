//! Any bytes as an archive: the reader ends, and what it says about entries holds.

#![no_main]

mod checksums;

use libfuzzer_sys::fuzz_target;
use longshore_snapshots::fuzzing::{EntryKind, TarReader};

fuzz_target!(|bytes: &[u8]| {
    let bytes = checksums::mend(bytes);
    let mut tar = TarReader::new(&bytes[..]);
    while let Ok(Some(entry)) = tar.next_entry() {
        assert!(!entry.name.contains(&0));
        assert!(entry.mode <= 0o7777 && entry.mtime.nanoseconds < 1_000_000_000);
        let mut stored = 0;
        while let Ok(data) = tar.data()
            && !data.is_empty()
        {
            let count = data.len();
            stored += count as u64;
            tar.consume(count);
        }
        if let EntryKind::File {
            sparse: Some(segments),
        } = &entry.kind
        {
            let end = segments.last().map_or(0, |last| last.offset + last.length);
            assert!(end <= entry.size);
        }
        assert!(stored <= bytes.len() as u64);
    }
});
