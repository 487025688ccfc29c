use std::io;

use longshore_files::FilesError;
use rustix::io::Errno;

pub type Result<T> = std::result::Result<T, VolumeError>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VolumeError {
    #[error(
        "{name:?} is no volume name: it has letters, digits, \"_\", \".\" and \"-\", and begins with a letter or digit"
    )]
    InvalidName { name: String },
    #[error("{id:?} is no id of something in the trash: it is 32 hex digits")]
    InvalidTrashId { id: String },
    #[error("the driver option {option:?} {reason}")]
    InvalidOption { option: String, reason: String },
    #[error("there is no volume {name:?}")]
    Unknown { name: String },
    #[error("the volume {name:?} exists already")]
    Exists { name: String },
    #[error("the volume {name:?} exists already, with other options of its driver")]
    OtherOptions { name: String },
    #[error("the volume {other:?} exists already, and {name:?} differs from it only in case")]
    DiffersInCase { name: String, other: String },
    #[error("the volume {name:?} is used by {} running container(s)", .users.len())]
    InUse { name: String, users: Vec<String> },
    #[error("the volume {name:?} is being read or changed by something else")]
    Busy { name: String },
    #[error("the data of the volume {name:?} is not the engine's own: the driver mounts {device}")]
    Foreign { name: String, device: String },
    #[error("there is no {id:?} in the trash")]
    NotInTrash { id: String },
    #[error("{device} cannot be mounted for the volume {name:?}: {reason}")]
    Mount {
        name: String,
        device: String,
        reason: String,
        errno: Errno,
    },
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("{step} failed on {path}: {errno}")]
    System {
        step: &'static str,
        path: String,
        errno: Errno,
    },
}

/// The classes of the agent's protocol that this crate uses, besides those of [`FilesError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    NotFound,
    AlreadyExists,
    InvalidArgument,
    FailedPrecondition,
    Conflict,
    Unavailable,
    Internal,
}

impl VolumeError {
    pub(crate) fn at(
        step: &'static str,
        path: impl std::fmt::Display,
    ) -> impl FnOnce(Errno) -> Self {
        let path = path.to_string();
        move |errno| VolumeError::System { step, path, errno }
    }

    pub(crate) fn io(
        step: &'static str,
        path: impl std::fmt::Display,
    ) -> impl FnOnce(io::Error) -> Self {
        let failed = VolumeError::at(step, path);
        move |error| failed(Errno::from_io_error(&error).unwrap_or(Errno::IO))
    }

    pub fn class(&self) -> ErrorClass {
        match self {
            VolumeError::Unknown { .. } | VolumeError::NotInTrash { .. } => ErrorClass::NotFound,
            VolumeError::Exists { .. }
            | VolumeError::OtherOptions { .. }
            | VolumeError::DiffersInCase { .. } => ErrorClass::AlreadyExists,
            VolumeError::InvalidName { .. }
            | VolumeError::InvalidTrashId { .. }
            | VolumeError::InvalidOption { .. } => ErrorClass::InvalidArgument,
            VolumeError::InUse { .. } | VolumeError::Busy { .. } => ErrorClass::Conflict,
            VolumeError::Foreign { .. } | VolumeError::Mount { .. } => {
                ErrorClass::FailedPrecondition
            }
            VolumeError::System { errno, .. } => match *errno {
                Errno::NOSPC | Errno::DQUOT => ErrorClass::Unavailable,
                _ => ErrorClass::Internal,
            },
            VolumeError::Files(_) => ErrorClass::Internal,
        }
    }

    /// The kernel's errno; 0 when this is not about the kernel.
    pub fn errno(&self) -> i32 {
        match self {
            VolumeError::System { errno, .. } | VolumeError::Mount { errno, .. } => {
                errno.raw_os_error()
            }
            VolumeError::Files(error) => error.errno(),
            _ => 0,
        }
    }

    pub fn step(&self) -> &'static str {
        match self {
            VolumeError::System { step, .. } => step,
            VolumeError::Files(error) => error.step(),
            VolumeError::Mount { .. } => "mount",
            _ => "volume",
        }
    }

    pub fn path(&self) -> String {
        match self {
            VolumeError::System { path, .. } => path.clone(),
            VolumeError::Files(error) => error.path(),
            VolumeError::InvalidOption { option, .. } => option.clone(),
            VolumeError::InvalidName { name }
            | VolumeError::Unknown { name }
            | VolumeError::Exists { name }
            | VolumeError::OtherOptions { name }
            | VolumeError::DiffersInCase { name, .. }
            | VolumeError::InUse { name, .. }
            | VolumeError::Busy { name }
            | VolumeError::Foreign { name, .. }
            | VolumeError::Mount { name, .. } => name.clone(),
            VolumeError::InvalidTrashId { id } | VolumeError::NotInTrash { id } => id.clone(),
        }
    }

    /// What the person can do about it; may be empty.
    pub fn hint(&self) -> &'static str {
        match self {
            VolumeError::InUse { .. } => "Stop the containers first.",
            VolumeError::Busy { .. } => "Try again when that has ended.",
            VolumeError::Mount { .. } => "Look at the volume's driver options.",
            VolumeError::System { errno, .. } if *errno == Errno::NOSPC => {
                "Free disk space and try again."
            }
            VolumeError::Files(error) => error.hint(),
            _ => "",
        }
    }
}
