//! One thing in a directory, held by a descriptor: what is learned of it is about the same thing that is read.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use longshore_snapshots::archive::Xattr;
use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, openat, readlinkat};
use rustix::io::Errno;

/// The bound of Linux for the value of one extended attribute, and for the list of names.
const MAX_XATTR: usize = 64 << 10;

pub(crate) struct Node {
    fd: OwnedFd,
    pub(crate) stat: Stat,
}

impl Node {
    /// Opens nothing but the name: a FIFO, a device or a dead mount does not notice.
    pub(crate) fn at(directory: impl AsFd, name: &[u8]) -> Result<Self, Errno> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Node::of(openat(directory, name, flags, Mode::empty())?)
    }

    pub(crate) fn of(fd: OwnedFd) -> Result<Self, Errno> {
        let stat = fstat(&fd)?;
        Ok(Node { fd, stat })
    }

    pub(crate) fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }

    /// As if it had these; a link has none of its own.
    pub(crate) fn set_permissions(&mut self, mode: u32) {
        if self.kind() != FileType::Symlink {
            self.stat.st_mode = (self.stat.st_mode & !0o7777) | (mode & 0o7777);
        }
    }

    /// Overlay's mark of a deleted name.
    pub(crate) fn is_whiteout(&self) -> bool {
        self.kind() == FileType::CharacterDevice && self.stat.st_rdev == 0
    }

    /// The very regular file that was looked at.
    pub(crate) fn open_file(&self) -> Result<File, Errno> {
        debug_assert_eq!(self.kind(), FileType::RegularFile);
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let path = self.path();
        rustix::fs::open(path, flags, Mode::empty()).map(File::from)
    }

    pub(crate) fn open_directory(&self) -> Result<OwnedFd, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat(&self.fd, c".", flags, Mode::empty())
    }

    pub(crate) fn link_target(&self) -> Result<Vec<u8>, Errno> {
        readlinkat(&self.fd, c"", Vec::new()).map(|target| target.into_bytes())
    }

    /// The attributes that mean the same on another machine. None of a file system without any.
    pub(crate) fn xattrs(&self) -> Result<Vec<Xattr>, Errno> {
        if !matches!(self.kind(), FileType::RegularFile | FileType::Directory) {
            return Ok(Vec::new());
        }
        let path = self.path();
        let mut names = vec![0; MAX_XATTR];
        let length = match rustix::fs::listxattr(&path, &mut names) {
            Ok(length) => length,
            Err(Errno::OPNOTSUPP) => return Ok(Vec::new()),
            Err(errno) => return Err(errno),
        };
        let mut found = Vec::new();
        for name in names[..length].split(|byte| *byte == 0) {
            if !is_portable(name) {
                continue;
            }
            let mut value = vec![0; MAX_XATTR];
            match rustix::fs::getxattr(&path, name, &mut value) {
                Ok(length) => found.push((name.to_vec(), value[..length].to_vec())),
                Err(Errno::NODATA | Errno::OPNOTSUPP) => {}
                Err(errno) => return Err(errno),
            }
        }
        found.sort();
        Ok(found)
    }

    pub(crate) fn has_xattr(&self, name: &str, wanted: &[u8]) -> bool {
        let mut value = [0; 16];
        let read = rustix::fs::getxattr(self.path(), name, &mut value);
        read.is_ok_and(|length| value[..length] == *wanted)
    }

    /// Leads to this very thing, whatever its name is by now.
    fn path(&self) -> String {
        format!("/proc/self/fd/{}", self.fd.as_raw_fd())
    }
}

impl AsFd for Node {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn is_portable(name: &[u8]) -> bool {
    name == b"security.capability"
        || name.starts_with(b"system.posix_acl_")
        || (name.starts_with(b"user.") && !name.starts_with(b"user.overlay."))
}
