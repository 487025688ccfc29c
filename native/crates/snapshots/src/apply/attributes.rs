//! Owner, mode, times and extended attributes of what an entry made.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use rustix::fs::{
    AtFlags, Gid, Mode, Timespec, Timestamps, Uid, XattrFlags, chownat, fchmod, fchown, fsetxattr,
    futimens, lsetxattr, utimensat,
};
use rustix::io::Errno;

use crate::tar::{Entry, Timestamp, Xattr};

/// Marks that only overlay itself may make; from an archive they could hide or redirect other layers' files.
const FORBIDDEN: [&[u8]; 2] = [b"trusted.overlay.", b"user.overlay."];
/// Namespaces that Linux knows; other names cannot be set at all.
const ALLOWED: [&[u8]; 4] = [b"user.", b"trusted.", b"security.", b"system.posix_acl_"];

const SPECIAL_BITS: u32 = 0o7000;

/// What an entry says about its owner, mode, times and extended attributes.
#[derive(Clone, Debug)]
pub struct Attributes {
    pub uid: u32,
    pub gid: u32,
    pub mode: u32,
    /// `None`: whatever making it gave.
    pub mtime: Option<Timestamp>,
    pub xattrs: Vec<Xattr>,
}

impl Attributes {
    /// Marks that only overlay itself may make are left out.
    pub fn of(entry: &Entry) -> Self {
        let permitted = entry.xattrs.iter().filter(|(name, _)| may_set(name));
        Self {
            uid: entry.uid,
            gid: entry.gid,
            mode: entry.mode,
            mtime: Some(entry.mtime),
            xattrs: permitted.cloned().collect(),
        }
    }

    /// Of a file that was made by root with this mode's permission bits, and has its content.
    pub fn apply_to_new_file(&self, file: BorrowedFd<'_>) -> Result<(), Errno> {
        if (self.uid, self.gid) != (0, 0) {
            fchown(file, Some(self.user()), Some(self.group()))?;
        }
        // After the owner and the content: changing either clears setuid.
        if self.mode & SPECIAL_BITS != 0 {
            fchmod(file, Mode::from_raw_mode(self.mode))?;
        }
        self.set_xattrs(file)?;
        self.set_times(file)
    }

    pub fn apply_to_directory(&self, directory: BorrowedFd<'_>) -> Result<(), Errno> {
        fchown(directory, Some(self.user()), Some(self.group()))?;
        fchmod(directory, Mode::from_raw_mode(self.mode))?;
        self.set_xattrs(directory)?;
        self.set_times(directory)
    }

    /// Of a symlink, device or FIFO, made by root with this mode, that cannot be opened.
    pub fn apply_to_node(&self, parent: BorrowedFd<'_>, name: &[u8]) -> Result<(), Errno> {
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        if (self.uid, self.gid) != (0, 0) {
            chownat(parent, name, Some(self.user()), Some(self.group()), flags)?;
        }
        if !self.xattrs.is_empty() {
            // The last part is not followed, and there is only one.
            let mut path = format!("/proc/self/fd/{}/", parent.as_raw_fd()).into_bytes();
            path.extend_from_slice(name);
            for (key, value) in &self.xattrs {
                tolerate(lsetxattr(&*path, &**key, value, XattrFlags::empty()))?;
            }
        }
        match self.mtime {
            Some(mtime) => utimensat(parent, name, &timestamps(mtime), flags),
            None => Ok(()),
        }
    }

    fn set_xattrs(&self, file: BorrowedFd<'_>) -> Result<(), Errno> {
        for (name, value) in &self.xattrs {
            tolerate(fsetxattr(file.as_fd(), &**name, value, XattrFlags::empty()))?;
        }
        Ok(())
    }

    fn set_times(&self, file: BorrowedFd<'_>) -> Result<(), Errno> {
        match self.mtime {
            Some(mtime) => futimens(file, &timestamps(mtime)),
            None => Ok(()),
        }
    }

    fn user(&self) -> Uid {
        Uid::from_raw(self.uid)
    }

    fn group(&self) -> Gid {
        Gid::from_raw(self.gid)
    }
}

pub(crate) fn may_set(name: &[u8]) -> bool {
    ALLOWED.iter().any(|prefix| name.starts_with(prefix))
        && !FORBIDDEN.iter().any(|prefix| name.starts_with(prefix))
        && !name.contains(&0)
}

/// A file system without this kind of attribute takes the layer without it, as containerd does; symlinks and
/// devices cannot have `user.` ones (EPERM).
fn tolerate(set: Result<(), Errno>) -> Result<(), Errno> {
    match set {
        Err(Errno::OPNOTSUPP | Errno::PERM) => Ok(()),
        other => other,
    }
}

fn timestamps(at: Timestamp) -> Timestamps {
    let time = Timespec {
        tv_sec: at.seconds,
        tv_nsec: at.nanoseconds.into(),
    };
    Timestamps {
        last_access: time,
        last_modification: time,
    }
}
