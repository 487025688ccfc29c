//! Descriptor tables as a whole: what must not survive an exec.

use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use crate::{Result, check};

/// close_range(2)'s flag, Linux 5.11.
const CLOSE_RANGE_CLOEXEC: libc::c_uint = 1 << 2;

/// Marks every descriptor from `first` on close-on-exec, whoever opened it.
pub fn cloexec_from(first: RawFd) -> Result<()> {
    close_range(first, RawFd::MAX, CLOSE_RANGE_CLOEXEC)
}

/// Closes every descriptor from `first` on, except `keep`.
///
/// # Safety
/// No value that owns or borrows one of the closed descriptors may be used, or dropped, afterwards.
pub unsafe fn close_all_except(first: RawFd, keep: &[RawFd]) -> Result<()> {
    let mut kept: Vec<RawFd> = keep.iter().copied().filter(|fd| *fd >= first).collect();
    kept.sort_unstable();
    let mut from = first;
    for fd in kept {
        if fd > from {
            close_range(from, fd - 1, 0)?;
        }
        from = fd + 1;
    }
    close_range(from, RawFd::MAX, 0)
}

fn close_range(first: RawFd, last: RawFd, flags: libc::c_uint) -> Result<()> {
    // SAFETY: plain integers; which descriptors may go is the caller's concern.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) }).map(drop)
}

/// Makes the three descriptors the process's standard streams, without close-on-exec.
///
/// Sources may themselves be numbered 0 to 2, in any order.
pub fn set_standard_streams(stdin: OwnedFd, stdout: OwnedFd, stderr: OwnedFd) -> Result<()> {
    // Out of the way first, or a dup2 could overwrite a source that is still needed.
    let moved = [
        above_stderr(stdin)?,
        above_stderr(stdout)?,
        above_stderr(stderr)?,
    ];
    for (target, source) in moved.iter().enumerate() {
        // SAFETY: dup2 takes plain integers; 0 to 2 are nobody's Rust-owned descriptors.
        check(unsafe { libc::dup2(source.as_raw_fd(), target as RawFd) }.into())?;
    }
    Ok(())
}

fn above_stderr(fd: OwnedFd) -> Result<OwnedFd> {
    if fd.as_raw_fd() > 2 {
        return Ok(fd);
    }
    rustix::io::fcntl_dupfd_cloexec(fd.as_fd(), 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};

    #[test]
    fn marks_descriptors_that_somebody_opened_without_the_flag() {
        let (read, _write) = rustix::pipe::pipe().unwrap();
        fcntl_setfd(&read, FdFlags::empty()).unwrap();
        cloexec_from(read.as_raw_fd()).unwrap();
        assert!(fcntl_getfd(&read).unwrap().contains(FdFlags::CLOEXEC));
    }
}
