use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use longshore_sys::Errno;
use longshore_sys::mount::{self, AttributeChange};
use longshore_sys::rooted::{Missing, open_beneath};
use rustix::fs::{FileType, Mode, OFlags};

use super::{Rootfs, places};
use crate::error::{ErrorClass, Step, StepError};
use crate::plan::MountPlan;

/// Binds a directory or file of the host, which has been cloned already.
pub(super) fn add(rootfs: &Rootfs, plan: &MountPlan, tree: &OwnedFd) -> Result<(), StepError> {
    let status = rustix::fs::fstat(tree).step("mount", plan.destination.display())?;
    let missing = if FileType::from_raw_mode(status.st_mode).is_dir() {
        Missing::Directory
    } else {
        Missing::File
    };
    let place = places::open(rootfs, &plan.destination, missing)?;
    change_attributes(tree, plan)?;
    mount::attach(tree, &place.fd).step("mount", plan.destination.display())
}

/// Links in the subpath, which whoever writes there may have put there, lead nowhere else.
pub(super) fn clone_source(
    source: &Path,
    subpath: Option<&Path>,
    recursive: bool,
) -> Result<OwnedFd, StepError> {
    let Some(subpath) = subpath else {
        return mount::clone_tree_at(source, recursive).map_err(|errno| missing(source, errno));
    };
    let path = source.join(subpath);
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let root = rustix::fs::open(source, flags | OFlags::CLOEXEC, Mode::empty());
    let root = root.map_err(|errno| missing(source, errno))?;
    let place = open_beneath(&root, subpath, OFlags::PATH, Mode::empty());
    let place = place.map_err(|errno| match errno {
        Errno::XDEV => {
            let message = format!(
                "a link in {} leads out of {}",
                subpath.display(),
                source.display()
            );
            StepError::refused(
                ErrorClass::InvalidArgument,
                "mount",
                path.display(),
                message,
            )
        }
        errno => missing(&path, errno),
    })?;
    mount::clone_tree(&place, recursive).step("mount", path.display())
}

pub(super) fn missing(source: &Path, errno: Errno) -> StepError {
    let error = StepError::kernel("mount", source.display(), errno);
    if errno == Errno::NOENT {
        let message = format!("the path to mount does not exist: {}", source.display());
        return error.with_message(message);
    }
    error
}

/// While the mount is still detached: nobody ever sees it with other rights.
pub(super) fn change_attributes(tree: impl AsFd, plan: &MountPlan) -> Result<(), StepError> {
    let own = AttributeChange {
        set: plan.set,
        clear: plan.clear - plan.set,
        propagation: plan
            .propagation
            .filter(|(_, recursive)| !recursive)
            .map(|(it, _)| it),
        recursive: false,
    };
    let below = AttributeChange {
        set: plan.set_recursive,
        clear: plan.clear_recursive - plan.set_recursive,
        propagation: plan
            .propagation
            .filter(|(_, recursive)| *recursive)
            .map(|(it, _)| it),
        recursive: true,
    };
    for change in [own, below] {
        let empty = change.set.is_empty() && change.clear.is_empty();
        if !empty || change.propagation.is_some() {
            mount::change_attributes(&tree, &change).step("mount", plan.destination.display())?;
        }
    }
    Ok(())
}
