//! Thin, safe wrappers for kernel calls that `rustix` lacks or offers only in pieces.
//!
//! Everything returns the kernel's errno unchanged ([`Errno`]); the callers know which step failed and put it
//! into words. All descriptors made here are close-on-exec.

pub mod clone;
pub mod descriptors;
pub mod exec;
pub mod fd_passing;
pub mod file_owner;
pub mod loopback;
pub mod mount;
pub mod pidfd;
pub mod pty;
pub mod rooted;
pub mod seccomp;
pub mod signals;

pub use rustix::io::Errno;

/// What every call of this crate returns.
pub type Result<T> = std::result::Result<T, Errno>;

/// The result of a libc call that answers -1 and sets errno.
pub(crate) fn check(returned: libc::c_long) -> Result<libc::c_long> {
    if returned >= 0 {
        return Ok(returned);
    }
    let errno = std::io::Error::last_os_error().raw_os_error();
    Err(Errno::from_raw_os_error(errno.unwrap_or(libc::EIO)))
}
