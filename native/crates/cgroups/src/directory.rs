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
        write_whole(&self.open_for_writing(file)?, value)
    }

    /// Writes a limit, and tells a refused value and a missing file apart.
    pub(crate) fn write_limit(&self, limit: &'static str, file: &str, value: &str) -> Result<()> {
        self.open_limit(limit, file)?.write(value)
    }

    /// For a file that takes several values one after another.
    pub(crate) fn open_limit(&self, limit: &'static str, file: &str) -> Result<LimitFile> {
        let path = self.path.join(file);
        match self.open_for_writing(file) {
            Ok(fd) => Ok(LimitFile { fd, path, limit }),
            Err(Errno::NOENT) => Err(Error::Unsupported {
                limit,
                reason: format!("the kernel has no {file}"),
            }),
            Err(errno) => Err(at("write", &path)(errno)),
        }
    }

    fn open_for_writing(&self, file: &str) -> rustix::io::Result<OwnedFd> {
        let flags = OFlags::WRONLY | OFlags::TRUNC | OFlags::CLOEXEC;
        openat(&self.fd, file, flags, Mode::empty())
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

/// An interface file that sets a limit.
pub(crate) struct LimitFile {
    fd: OwnedFd,
    path: PathBuf,
    limit: &'static str,
}

impl LimitFile {
    pub(crate) fn write(&self, value: &str) -> Result<()> {
        let limit = self.limit;
        write_whole(&self.fd, value).map_err(|errno| match errno {
            Errno::OPNOTSUPP => Error::Unsupported {
                limit,
                reason: format!("the kernel refuses {}", self.path.display()),
            },
            Errno::INVAL | Errno::RANGE | Errno::ACCESS | Errno::NOSPC => Error::Invalid {
                limit,
                reason: format!("{value}: the kernel refuses this value"),
            },
            other => at("write", &self.path)(other),
        })
    }
}

/// The kernel takes an interface file's value in one write, whole or not at all.
fn write_whole(fd: &OwnedFd, value: &str) -> rustix::io::Result<()> {
    rustix::io::retry_on_intr(|| rustix::io::write(fd, value.as_bytes())).map(drop)
}

impl AsFd for Directory {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
