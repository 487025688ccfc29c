//! Writes an entry's data.

use std::io::BufRead;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use rustix::fs::ftruncate;
use rustix::io::{Errno, pwrite};

use crate::error::{Result, SnapshotError, printable};
use crate::tar::{Entry, Segment, TarReader};

/// Files from this size on are sent to the disk as soon as they are written, so that the sync at the end has
/// less to wait for.
const EARLY_WRITEBACK: u64 = 256 << 10;

/// The unit in which file systems give space to files.
const DISK_BLOCK: u64 = 4096;

/// Writes the data of `entry` into the new, empty `file`; answers the bytes of disk it takes.
pub fn write<R: BufRead>(
    file: BorrowedFd<'_>,
    entry: &Entry,
    sparse: Option<&[Segment]>,
    tar: &mut TarReader<R>,
) -> Result<u64> {
    let whole = [Segment {
        offset: 0,
        length: entry.size,
    }];
    let mut usage = 0;
    for segment in sparse.unwrap_or(&whole) {
        write_segment(file, *segment, entry, tar)?;
        usage += segment.length.next_multiple_of(DISK_BLOCK);
    }
    if sparse.is_some() {
        ftruncate(file, entry.size).map_err(|errno| failed("ftruncate", entry, errno))?;
    }
    if usage >= EARLY_WRITEBACK {
        start_writeback(file);
    }
    Ok(usage)
}

fn write_segment<R: BufRead>(
    file: BorrowedFd<'_>,
    segment: Segment,
    entry: &Entry,
    tar: &mut TarReader<R>,
) -> Result<()> {
    let mut position = segment.offset;
    let mut left = segment.length;
    while left > 0 {
        let data = tar.data()?;
        let count = data.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if count == 0 {
            return Err(SnapshotError::Stopped);
        }
        let written = match pwrite(file, &data[..count], position) {
            Err(Errno::INTR) => continue,
            written => written.map_err(|errno| failed("write", entry, errno))?,
        };
        tar.consume(written);
        position += written as u64;
        left -= written as u64;
    }
    Ok(())
}

fn failed(step: &'static str, entry: &Entry, errno: Errno) -> SnapshotError {
    SnapshotError::System {
        step,
        path: printable(&entry.name),
        errno,
    }
}

fn start_writeback(file: BorrowedFd<'_>) {
    // SAFETY: the call takes a descriptor and numbers; `file` is open while it is borrowed.
    // Its result is of no interest: it only begins what the sync at the end completes.
    let _ = unsafe {
        libc::sync_file_range(file.as_fd().as_raw_fd(), 0, 0, libc::SYNC_FILE_RANGE_WRITE)
    };
}
