use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_sys::Errno;
use longshore_sys::rooted::{self, Missing};
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid};

use crate::container::invalid;
use crate::error::{Step, StepError};
use crate::users::ResolvedUser;

const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o755);

/// What happens when the working directory is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingDirectory {
    /// It is made with its parents, and belongs to the command's user.
    Create,
    Refuse,
}

/// Opens the working directory inside the root. Magic links such as /proc/self/fd/7, which could lead to a directory
/// of the host, are refused (CVE-2024-21626).
pub(super) fn open(
    root: BorrowedFd<'_>,
    path: &str,
    missing: MissingDirectory,
    user: &ResolvedUser,
) -> Result<OwnedFd, StepError> {
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let opened = rooted::open_in_root(root, path, flags, Mode::empty());
    if missing == MissingDirectory::Refuse || !matches!(opened, Err(Errno::NOENT)) {
        return opened.map_err(|errno| failure(path, errno));
    }
    let place = rooted::open_or_create(root, path, Missing::Directory, DIRECTORY_MODE)
        .map_err(|errno| failure(path, errno))?;
    if place.created {
        let (uid, gid) = (Uid::from_raw(user.uid), Gid::from_raw(user.gid));
        rustix::fs::chownat(
            place.fd.as_fd(),
            c"",
            Some(uid),
            Some(gid),
            AtFlags::EMPTY_PATH,
        )
        .step("cwd", path)?;
    }
    Ok(place.fd)
}

fn failure(path: &str, errno: Errno) -> StepError {
    let error = StepError::kernel("cwd", path, errno);
    match errno {
        Errno::NOENT => error.with_message(format!("working directory {path} does not exist")),
        Errno::NOTDIR => error.with_message(format!("working directory {path} is no directory")),
        Errno::LOOP => error.with_message(format!(
            "working directory {path} leads through a magic link or a loop"
        )),
        _ => error,
    }
}

/// Makes it the current directory, after pivot_root or setns, and makes sure that it lies below the root.
pub(super) fn enter(directory: BorrowedFd<'_>, path: &str) -> Result<(), StepError> {
    rustix::process::fchdir(directory).step("cwd", path)?;
    let current = rustix::process::getcwd(Vec::new()).step("cwd", path)?;
    // The kernel says "(unreachable)/..." for a directory outside the root.
    if current.as_bytes().first() == Some(&b'/') {
        return Ok(());
    }
    Err(invalid(
        "cwd",
        path,
        "the working directory lies outside the container",
    ))
}
