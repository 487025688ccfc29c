//! Removing what an archive replaces.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, Mode, OFlags, openat, unlinkat};
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::tree::names;

/// Folders within each other; each holds a descriptor.
const MAX_DEPTH: usize = 128;

/// Removes `name` with all that is in it. Links are removed, never followed. Gone already is a success.
pub(crate) fn remove(folder: BorrowedFd<'_>, name: &[u8]) -> Result<()> {
    remove_within(folder, name, MAX_DEPTH)
}

fn remove_within(folder: BorrowedFd<'_>, name: &[u8], depth: usize) -> Result<()> {
    let failed = |errno| FilesError::at("remove", name)(errno);
    match unlinkat(folder, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => return Ok(()),
        Err(Errno::ISDIR) => {}
        Err(errno) => return Err(failed(errno)),
    }
    if depth == 0 {
        return Err(FilesError::TooMuch {
            limit: MAX_DEPTH,
            what: "folders within each other to replace",
        });
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let inside: OwnedFd = match openat(folder, name, flags, Mode::empty()) {
        Ok(inside) => inside,
        Err(Errno::NOENT) => return Ok(()),
        Err(errno) => return Err(failed(errno)),
    };
    for child in names(&inside, name)? {
        remove_within(inside.as_fd(), &child, depth - 1)?;
    }
    match unlinkat(folder, name, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(failed(errno)),
    }
}
