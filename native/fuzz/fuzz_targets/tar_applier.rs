//! Any bytes as a layer, unpacked for real: nothing beside the layer changes. To be run as root, so that nothing
//! is refused for lack of rights; the files are made below /dev/shm and removed.

#![no_main]

mod checksums;

use std::fs;
use std::path::PathBuf;

use libfuzzer_sys::fuzz_target;
use longshore_snapshots::UnpackLimits;
use longshore_snapshots::fuzzing::apply_tar;

fuzz_target!(|bytes: &[u8]| {
    let bytes = checksums::mend(bytes);
    let folder = PathBuf::from(format!("/dev/shm/longshore-fuzz-{}", std::process::id()));
    let at = folder.join("layer");
    fs::create_dir_all(&at).expect("a folder to work in");
    fs::write(folder.join("outside"), "untouched").expect("a file to watch");
    let limits = UnpackLimits {
        entries: 1000,
        ..UnpackLimits::default()
    };
    let _ = apply_tar(&at, &bytes[..], &limits);
    let beside: Vec<_> = fs::read_dir(&folder)
        .expect("the folder")
        .flatten()
        .collect();
    assert_eq!(beside.len(), 2);
    assert_eq!(
        fs::read_to_string(folder.join("outside")).ok().as_deref(),
        Some("untouched")
    );
    fs::remove_dir_all(&folder).expect("to clean up");
});
