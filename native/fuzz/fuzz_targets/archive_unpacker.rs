//! Any bytes as an archive that is copied into a container, unpacked for real: nothing beside the container's root
//! changes. To be run as root, so that nothing is refused for lack of rights; the files are made below /dev/shm and
//! removed.

#![no_main]

mod checksums;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use libfuzzer_sys::fuzz_target;
use longshore_files::fuzzing::unpack;

fuzz_target!(|bytes: &[u8]| {
    let bytes = checksums::mend(bytes);
    let folder = PathBuf::from(format!("/dev/shm/longshore-fuzz-{}", std::process::id()));
    let root = folder.join("root");
    fs::create_dir_all(root.join("to/a")).expect("a folder to work in");
    fs::write(folder.join("outside"), "untouched").expect("a file to watch");
    // A way out, if there were one.
    symlink("../../..", root.join("to/b")).expect("a link");
    let _ = unpack(&root, b"to", &bytes[..]);
    let beside = fs::read_dir(&folder).expect("the folder").count();
    assert_eq!(beside, 2);
    let outside = fs::read_to_string(folder.join("outside"));
    assert_eq!(outside.ok().as_deref(), Some("untouched"));
    fs::remove_dir_all(&folder).expect("to clean up");
});
