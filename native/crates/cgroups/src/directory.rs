use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use crate::error::{Error, Result, at};

/// The longest interface file that is read. `cgroup.procs` of a fork bomb comes in several reads up to this.
const MAX_FILE: usize = 4 << 20;

/// An open cgroup folder of one hierarchy.
#[derive(Debug)]
pub(crate) struct Directory {
    fd: OwnedFd,
    path: PathBuf,
}

impl Directory {
    pub(crate) fn open(path: PathBuf) -> rustix::io::Result<Directory> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let fd = rustix::fs::open(&path, flags, Mode::empty())?;
        Ok(Directory { fd, path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, file: &str, value: &str) -> rustix::io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::TRUNC | OFlags::CLOEXEC;
        let fd = openat(&self.fd, file, flags, Mode::empty())?;
        // The kernel takes an interface file's value in one write, whole or not at all.
        rustix::io::retry_on_intr(|| rustix::io::write(&fd, value.as_bytes())).map(drop)
    }

    /// Writes a limit, and tells a refused value and a missing file apart.
    pub(crate) fn write_limit(&self, limit: &'static str, file: &str, value: &str) -> Result<()> {
        let invalid = |words: &str| Error::Invalid {
            limit,
            reason: format!("{value}: {words}"),
        };
        self.write(file, value).map_err(|errno| match errno {
            Errno::NOENT => Error::Unsupported {
                limit,
                reason: format!("the kernel has no {file}"),
            },
            Errno::OPNOTSUPP => Error::Unsupported {
                limit,
                reason: format!("the kernel refuses {file}"),
            },
            Errno::INVAL | Errno::RANGE | Errno::ACCESS | Errno::NOSPC => {
                invalid("the kernel refuses this value")
            }
            other => at("write", &self.path.join(file))(other),
        })
    }

    pub(crate) fn read(&self, file: &str) -> Result<String> {
        self.try_read(file)
            .map_err(at("read", &self.path.join(file)))
    }

    /// None when there is no such file.
    pub(crate) fn read_if_present(&self, file: &str) -> Result<Option<String>> {
        match self.try_read(file) {
            Ok(text) => Ok(Some(text)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(at("read", &self.path.join(file))(errno)),
        }
    }

    fn try_read(&self, file: &str) -> rustix::io::Result<String> {
        let fd = openat(
            &self.fd,
            file,
            OFlags::RDONLY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        let mut bytes = Vec::new();
        let mut block = [0; 4096];
        while bytes.len() < MAX_FILE {
            match rustix::io::read(&fd, &mut block) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(&block[..count]),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno),
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl AsFd for Directory {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
