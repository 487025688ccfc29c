use rustix::fs::Mode;
use rustix::thread::{UnshareFlags, unshare_unsafe};

use crate::error::{Result, SnapshotError};

/// Gives this thread its own umask, so that nodes are made with exactly their mode.
pub fn own_umask() -> Result<()> {
    // SAFETY: unsharing the file system attributes makes this thread's umask and working folder its own;
    // no other thread can tell.
    unsafe { unshare_unsafe(UnshareFlags::FS) }.map_err(SnapshotError::system("unshare", ""))?;
    rustix::process::umask(Mode::empty());
    Ok(())
}
