//! What needs root: a disk that is really full. `cargo test --test root`, as root; else listed as ignored.

use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use longshore_logs::{LogPolicy, LogReader, LogWriter, Next, Query, Stream};
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};

fn main() {
    let is_root = rustix::process::geteuid().is_root();
    let tests = vec![
        Trial::test(
            "a_full_disk_tears_no_record_and_is_told_once_there_is_room",
            full_disk,
        )
        .with_ignored_flag(!is_root),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn full_disk() -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    mount_small_disk(dir.path())?;
    let ballast = dir.path().join("ballast");
    std::fs::write(&ballast, vec![0; 128 * 1024])?;
    let mut writer = LogWriter::open(dir.path(), LogPolicy::default())?;
    for number in 0..2000 {
        writer.write(Stream::Stdout, number, line(number).as_bytes());
    }
    std::fs::remove_file(&ballast)?;
    writer.write(Stream::Stdout, 2000, line(2000).as_bytes());
    let text = read(dir.path())?;
    let mut lines: Vec<_> = text.split_inclusive('\n').collect();
    assert_eq!(lines.pop(), Some(line(2000).as_str()));
    let marker = lines.pop().ok_or("no marker")?.to_owned();
    let kept: usize = lines.iter().map(|line| line.len()).sum();
    let lost = 2000 * line(0).len() - kept;
    assert_eq!(marker, format!("[{lost} bytes lost: no space left]\n"));
    for (number, found) in lines.iter().enumerate() {
        assert_eq!(*found, line(number as i64));
    }
    rustix::mount::unmount(dir.path(), rustix::mount::UnmountFlags::DETACH)?;
    Ok(())
}

/// Of odd length, so that pages do not end where records do.
fn line(number: i64) -> String {
    format!("{number:06} {}\n", "x".repeat(150))
}

/// 256 KiB, in a mount namespace of this thread alone.
fn mount_small_disk(at: &Path) -> Result<(), Failed> {
    // SAFETY: only this thread's file system context is unshared, and the thread ends with the test.
    unsafe { rustix::thread::unshare_unsafe(rustix::thread::UnshareFlags::NEWNS)? };
    mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )?;
    mount(
        "tmpfs",
        at,
        "tmpfs",
        MountFlags::empty(),
        Some(c"size=256k"),
    )?;
    Ok(())
}

fn read(dir: &Path) -> Result<String, Failed> {
    let mut reader = LogReader::open(dir, Query::default())?;
    let mut bytes = Vec::new();
    while let Next::Records(batch) = reader.next_batch(4096)? {
        batch.for_each(|record| bytes.extend_from_slice(record.data));
    }
    Ok(String::from_utf8(bytes)?)
}
