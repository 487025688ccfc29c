//! Containers whose users are other users on the host.
//!
//! The child is born in its user namespace and has no rights on the host from its first instant. What only the host's
//! root can do is done by its parent: the mappings, and the mounts of the host's files, which arrive detached, those
//! of the image with owners as the namespace maps them. So the same layers serve containers with any mapping, and the
//! writable layer keeps plain ids.

use std::os::fd::{AsFd, BorrowedFd};

use longshore_sys::Errno;
use longshore_sys::mount;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::process::{Gid, Pid, Uid};

use crate::error::{ErrorClass, Step, StepError};
use crate::plan::{ContainerPlan, IdRange};
use crate::rootfs::{self, Slot};
use crate::sync::ParentSync;

/// The parent's part, after the clone and before "go". Without mapped users there is nothing to do.
///
/// # Errors
/// The child waits on; the caller ends it.
pub fn equip(plan: &ContainerPlan, child: Pid, sync: &ParentSync) -> Result<(), StepError> {
    let Some(users) = &plan.namespaces.users else {
        return Ok(());
    };
    write_map(child, "uid_map", &users.uids)?;
    write_map(child, "gid_map", &users.gids)?;
    let path = format!("/proc/{}/ns/user", child.as_raw_pid());
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let namespace = rustix::fs::openat(CWD, &path, flags, Mode::empty()).step("user", &path)?;
    let root = rootfs::overlay::make_mapped(&plan.root, users, namespace.as_fd())?;
    sync.send_tree(Slot::Root, root.as_fd())?;
    for source in rootfs::sources(plan) {
        let (slot, tree, mapped) = source?;
        if let Some(recursive) = mapped {
            map(tree.as_fd(), namespace.as_fd(), recursive)?;
        }
        sync.send_tree(slot, tree.as_fd())?;
    }
    sync.end_trees()
}

/// Shows the files of a detached mount with owners as in the namespace.
pub(crate) fn map(
    tree: BorrowedFd<'_>,
    namespace: BorrowedFd<'_>,
    recursive: bool,
) -> Result<(), StepError> {
    mount::map_ids(tree, namespace, recursive).map_err(|errno| {
        let error = StepError::kernel("idmap", "", errno);
        if errno != Errno::INVAL {
            return error;
        }
        error
            .with_class(ErrorClass::NotImplemented)
            .with_message("linux.uidMappings: a file system of this host cannot show its files with mapped owners")
            .with_hint("It takes Linux 5.19 and, for the image's files, a file system such as ext4, xfs or btrfs.")
    })
}

fn write_map(child: Pid, file: &str, ranges: &[IdRange]) -> Result<(), StepError> {
    let path = format!("/proc/{}/{file}", child.as_raw_pid());
    let line = |it: &IdRange| format!("{} {} {}\n", it.inside, it.outside, it.count);
    let text: String = ranges.iter().map(line).collect();
    let flags = OFlags::WRONLY | OFlags::CLOEXEC;
    let file = rustix::fs::openat(CWD, &path, flags, Mode::empty()).step("user", &path)?;
    // The kernel takes a mapping in one write, whole or not at all.
    rustix::io::write(&file, text.as_bytes()).step("user", &path)?;
    Ok(())
}

/// In the child: from an unmapped user of the host to the container's root.
pub(crate) fn become_root() -> Result<(), StepError> {
    rustix::thread::set_thread_groups(&[]).step("setgroups", "")?;
    let (uid, gid) = (Uid::ROOT, Gid::ROOT);
    rustix::thread::set_thread_res_gid(gid, gid, gid).step("setgid", 0)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid).step("setuid", 0)
}
