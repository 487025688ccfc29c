//! /dev/shm of another container. Programs that share an IPC namespace expect to share it as well: POSIX shared memory
//! lives in files.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_sys::clone::{self, Namespaces};
use longshore_sys::{Errno, mount, rooted};
use rustix::fs::{Mode, OFlags};

use crate::container::join_container;
use crate::error::{Step, StepError};

pub(crate) const PATH: &str = "/dev/shm";
const OWN_MOUNTS: &str = "/proc/self/ns/mnt";

/// The other container's mount as a detached copy; None when it has none. A mount can be copied only from inside its
/// namespace, so the caller goes there for a moment: it must have one thread, and not be traceable.
///
/// # Errors
/// FAILED_PRECONDITION when the other container does not run any more.
pub(crate) fn copy_of(container: BorrowedFd<'_>) -> Result<Option<OwnedFd>, StepError> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let own = rustix::fs::open(OWN_MOUNTS, flags, Mode::empty()).step("namespace", OWN_MOUNTS)?;
    join_container(container, Namespaces::MOUNT)?;
    let copy = copy_here();
    clone::join_one(own.as_fd(), Namespaces::MOUNT).step("setns", OWN_MOUNTS)?;
    match copy {
        Ok(copy) => Ok(Some(copy)),
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(StepError::kernel("shared memory", PATH, errno)),
    }
}

/// The other container may have put a link in its place: it is not followed.
fn copy_here() -> Result<OwnedFd, Errno> {
    let directory = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::open("/", directory, Mode::empty())?;
    let place = rooted::open_in_root_no_symlinks(&root, PATH, directory, Mode::empty())?;
    mount::clone_tree(&place, false)
}
