//! The mount API by descriptors: every mount is made detached, changed, and attached to an open place.

use std::ffi::CStr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use bitflags::bitflags;
use rustix::fs::CWD;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags,
};
use rustix::path::Arg;
use serde::{Deserialize, Serialize};

use crate::{Result, check};

bitflags! {
    /// `MOUNT_ATTR_*` of mount_setattr(2) and fsmount(2).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
    pub struct MountAttributes: u64 {
        const READ_ONLY = 0x01;
        const NO_SUID = 0x02;
        const NO_DEV = 0x04;
        const NO_EXEC = 0x08;
        /// Not a flag but a field of the mask: which of the four access-time rules holds.
        const ATIME = 0x70;
        const NO_ATIME = 0x10;
        const STRICT_ATIME = 0x20;
        const NO_DIR_ATIME = 0x80;
        const NO_SYMLINK_FOLLOW = 0x0020_0000;
    }
}

/// How mounts and unmounts travel between copies of a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Propagation {
    Private,
    Slave,
    Shared,
    Unbindable,
}

impl Propagation {
    fn bits(self) -> u64 {
        match self {
            Propagation::Private => libc::MS_PRIVATE,
            Propagation::Slave => libc::MS_SLAVE,
            Propagation::Shared => libc::MS_SHARED,
            Propagation::Unbindable => libc::MS_UNBINDABLE,
        }
    }
}

/// A change of a mount's attributes.
#[derive(Debug, Clone, Copy, Default)]
pub struct AttributeChange {
    pub set: MountAttributes,
    pub clear: MountAttributes,
    pub propagation: Option<Propagation>,
    /// The whole tree below as well: all of it changes or nothing.
    pub recursive: bool,
}

/// A file system context: options are given one by one, then it is mounted detached.
#[derive(Debug)]
pub struct FileSystemContext(OwnedFd);

impl FileSystemContext {
    /// # Errors
    /// ENODEV when the kernel does not know the type.
    pub fn open(fs_type: impl Arg) -> Result<FileSystemContext> {
        rustix::mount::fsopen(fs_type, FsOpenFlags::FSOPEN_CLOEXEC).map(FileSystemContext)
    }

    /// At most 255 bytes of value.
    pub fn set_string(&self, key: &str, value: impl Arg) -> Result<()> {
        rustix::mount::fsconfig_set_string(&self.0, key, value)
    }

    /// What the option names is given by descriptor; it may be a detached mount.
    pub fn set_fd(&self, key: &str, value: impl AsFd) -> Result<()> {
        rustix::mount::fsconfig_set_fd(&self.0, key, value)
    }

    pub fn set_flag(&self, key: &str) -> Result<()> {
        rustix::mount::fsconfig_set_flag(&self.0, key)
    }

    /// Makes the superblock and a detached mount of it.
    pub fn mount(&self, attributes: MountAttributes) -> Result<OwnedFd> {
        rustix::mount::fsconfig_create(&self.0)?;
        rustix::mount::fsmount(
            &self.0,
            FsMountFlags::FSMOUNT_CLOEXEC,
            MountAttrFlags::from_bits_retain(attributes.bits() as u32),
        )
    }

    /// The kernel's own words about what went wrong, oldest first; often empty.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let mut messages = Vec::new();
        let mut buffer = [0; 1024];
        while let Ok(length) = rustix::io::read(&self.0, &mut buffer) {
            messages.push(
                String::from_utf8_lossy(&buffer[..length])
                    .trim_end()
                    .to_owned(),
            );
        }
        messages
    }
}

/// A detached copy of the mount behind `place` (a bind mount that is nowhere yet).
pub fn clone_tree(place: impl AsFd, recursive: bool) -> Result<OwnedFd> {
    rustix::mount::open_tree(
        place,
        c"",
        clone_flags(recursive) | OpenTreeFlags::AT_EMPTY_PATH,
    )
}

/// As [`clone_tree`], of a path in the caller's own mount namespace; follows symlinks.
pub fn clone_tree_at(path: impl Arg, recursive: bool) -> Result<OwnedFd> {
    rustix::mount::open_tree(CWD, path, clone_flags(recursive))
}

fn clone_flags(recursive: bool) -> OpenTreeFlags {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
    if recursive {
        flags | OpenTreeFlags::AT_RECURSIVE
    } else {
        flags
    }
}

/// Attaches a detached mount on top of `place`, which stays the very inode that was opened: no path is walked.
pub fn attach(mount: impl AsFd, place: impl AsFd) -> Result<()> {
    rustix::mount::move_mount(
        mount,
        c"",
        place,
        c"",
        MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH,
    )
}

/// mount_setattr(2) on the mount behind a descriptor (Linux 5.12).
pub fn change_attributes(mount: impl AsFd, change: &AttributeChange) -> Result<()> {
    set_attributes(mount.as_fd(), c"", libc::AT_EMPTY_PATH, change)
}

/// As [`change_attributes`], of the mount at an absolute path of the caller's mount namespace.
pub fn change_attributes_at(path: &CStr, change: &AttributeChange) -> Result<()> {
    set_attributes(CWD, path, 0, change)
}

/// Shows the owners of files in a detached mount as the user namespace maps them: an id inside the namespace stands
/// on disk, what it is mapped to is seen (Linux 5.12, for overlay's layers 5.19).
///
/// # Errors
/// EINVAL for a file system that cannot; EPERM for a mount that is mapped already.
pub fn map_ids(mount: impl AsFd, user_namespace: BorrowedFd<'_>, recursive: bool) -> Result<()> {
    let raw = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_IDMAP,
        attr_clr: 0,
        propagation: 0,
        userns_fd: user_namespace.as_raw_fd() as u64,
    };
    mount_setattr(mount.as_fd(), c"", libc::AT_EMPTY_PATH, recursive, &raw)
}

fn set_attributes(
    at: BorrowedFd<'_>,
    path: &CStr,
    flags: libc::c_int,
    change: &AttributeChange,
) -> Result<()> {
    let mut clear = change.clear;
    if change.set.intersects(MountAttributes::ATIME) {
        // The kernel wants the whole field cleared before one of its values is set.
        clear |= MountAttributes::ATIME;
    }
    let raw = libc::mount_attr {
        attr_set: change.set.bits(),
        attr_clr: clear.bits(),
        propagation: change.propagation.map_or(0, Propagation::bits),
        userns_fd: 0,
    };
    mount_setattr(at, path, flags, change.recursive, &raw)
}

fn mount_setattr(
    at: BorrowedFd<'_>,
    path: &CStr,
    flags: libc::c_int,
    recursive: bool,
    raw: &libc::mount_attr,
) -> Result<()> {
    let flags = if recursive {
        flags | libc::AT_RECURSIVE
    } else {
        flags
    };
    // SAFETY: the path is NUL-terminated and the structure outlives the call.
    check(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            at.as_raw_fd(),
            path.as_ptr(),
            flags,
            std::ptr::from_ref(raw),
            size_of::<libc::mount_attr>(),
        )
    })
    .map(drop)
}

/// Makes the mount behind `root` the root of the mount namespace, and detaches the old root with all below it.
///
/// Afterwards the working directory is the new root. The caller must be in a mount namespace of its own.
pub fn pivot_into(root: impl AsFd) -> Result<()> {
    rustix::process::fchdir(root)?;
    // The same directory twice: the old root ends up stacked on the new one, and no place for it has to exist.
    rustix::process::pivot_root(c".", c".")?;
    rustix::mount::unmount(c".", UnmountFlags::DETACH)?;
    rustix::process::chdir(c"/")
}
