//! Whose files the calling thread makes.

use rustix::thread::{capabilities, set_capabilities};

use crate::Result;

/// Runs `work` with another user and group for all that touches files, and all capabilities that the thread has.
///
/// A file system remembers who made it: overlay makes the files of its own, such as whiteouts, as that user.
pub fn with_file_owner<T>(uid: u32, gid: u32, work: impl FnOnce() -> T) -> Result<T> {
    let own = (rustix::process::geteuid(), rustix::process::getegid());
    let held = capabilities(None)?;
    set(uid, gid);
    // The kernel has taken those that are about files.
    let done = set_capabilities(None, held).map(|()| work());
    set(own.0.as_raw(), own.1.as_raw());
    set_capabilities(None, held)?;
    done
}

fn set(uid: u32, gid: u32) {
    // SAFETY: both only change the calling thread's credentials. They report no errors; with CAP_SETUID and
    // CAP_SETGID there are none, and without the files turn out to be the caller's.
    unsafe {
        libc::setfsgid(gid);
        libc::setfsuid(uid);
    }
}
