use std::io;

use longshore_snapshots::SnapshotError;
use rustix::io::Errno;

pub type Result<T> = std::result::Result<T, FilesError>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    #[error("there is no {path:?} in the container")]
    NotFound { path: String },
    #[error("{path:?} {reason}")]
    Refused { path: String, reason: &'static str },
    #[error("{path:?} cannot be written: it is on a read-only file system of the container")]
    ReadOnly { path: String },
    #[error("the container has more than {limit} {what}")]
    TooMuch { limit: usize, what: &'static str },
    #[error("the archive cannot be unpacked: {0}")]
    Archive(#[from] SnapshotError),
    /// Whoever takes or brings the bytes has gone.
    #[error("the transfer was cut off")]
    CutOff,
    #[error("{step} failed on {path:?}: {errno}")]
    System {
        step: &'static str,
        path: String,
        errno: Errno,
    },
}

/// The classes of the agent's protocol that this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    NotFound,
    AlreadyExists,
    InvalidArgument,
    FailedPrecondition,
    PermissionDenied,
    Cancelled,
    Internal,
}

impl FilesError {
    pub(crate) fn at(step: &'static str, path: &[u8]) -> impl FnOnce(Errno) -> Self {
        let path = printable(path);
        move |errno| match errno {
            Errno::NOENT => FilesError::NotFound { path },
            Errno::ROFS => FilesError::ReadOnly { path },
            errno => FilesError::System { step, path, errno },
        }
    }

    pub(crate) fn refused(path: &[u8], reason: &'static str) -> Self {
        FilesError::Refused {
            path: printable(path),
            reason,
        }
    }

    pub fn class(&self) -> ErrorClass {
        match self {
            FilesError::NotFound { .. } => ErrorClass::NotFound,
            FilesError::Refused { .. } => ErrorClass::InvalidArgument,
            FilesError::ReadOnly { .. } => ErrorClass::PermissionDenied,
            FilesError::TooMuch { .. } => ErrorClass::FailedPrecondition,
            FilesError::CutOff | FilesError::Archive(SnapshotError::Stopped) => {
                ErrorClass::Cancelled
            }
            FilesError::Archive(_) => ErrorClass::InvalidArgument,
            FilesError::System { errno, .. } => match *errno {
                Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG => ErrorClass::InvalidArgument,
                Errno::EXIST => ErrorClass::AlreadyExists,
                Errno::NOSPC | Errno::DQUOT | Errno::BUSY | Errno::NOTEMPTY => {
                    ErrorClass::FailedPrecondition
                }
                Errno::ACCESS | Errno::PERM => ErrorClass::PermissionDenied,
                _ => ErrorClass::Internal,
            },
        }
    }

    /// The kernel's errno; 0 when this is not about the kernel.
    pub fn errno(&self) -> i32 {
        match self {
            FilesError::System { errno, .. } => errno.raw_os_error(),
            FilesError::ReadOnly { .. } => Errno::ROFS.raw_os_error(),
            FilesError::NotFound { .. } => Errno::NOENT.raw_os_error(),
            FilesError::Archive(error) => error.errno(),
            _ => 0,
        }
    }

    pub fn step(&self) -> &'static str {
        match self {
            FilesError::System { step, .. } => step,
            FilesError::Archive(error) => error.step(),
            _ => "files",
        }
    }

    pub fn path(&self) -> String {
        match self {
            FilesError::NotFound { path }
            | FilesError::Refused { path, .. }
            | FilesError::ReadOnly { path }
            | FilesError::System { path, .. } => path.clone(),
            FilesError::Archive(error) => error.path(),
            _ => String::new(),
        }
    }

    /// What the person can do about it; may be empty.
    pub fn hint(&self) -> &'static str {
        match self {
            FilesError::ReadOnly { .. } => "Copy to a volume or a tmpfs of the container instead.",
            FilesError::System { errno, .. } if *errno == Errno::NOSPC => {
                "Free disk space and try again."
            }
            _ => "",
        }
    }
}

/// A transfer's own end closed is no fault of the disk.
pub(crate) fn cut_off(_: io::Error) -> FilesError {
    FilesError::CutOff
}

/// A name from a container, for people: bounded, and without bytes that are not text.
pub(crate) fn printable(name: &[u8]) -> String {
    const SHOWN: usize = 512;
    let mut text = String::from_utf8_lossy(&name[..name.len().min(SHOWN)]).into_owned();
    if name.len() > SHOWN {
        text.push('…');
    }
    text
}
