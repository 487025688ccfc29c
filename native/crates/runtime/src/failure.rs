use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

/// The classes of `longshore.agent.v1.ErrorClass` that the runtime can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureClass {
    NotFound,
    AlreadyExists,
    InvalidArgument,
    FailedPrecondition,
    Conflict,
    PermissionDenied,
    Unavailable,
    Cancelled,
    NotImplemented,
    Internal,
}

/// What did not work, as plain data that crosses process borders: the fields of
/// `longshore.agent.v1.Failure`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub class: FailureClass,
    /// A kernel or OCI word: "cgroup", "overlay", "exec".
    pub step: String,
    /// The kernel's errno, 0 when the kernel was not asked.
    pub errno: i32,
    pub path: String,
    /// One sentence in the person's words.
    pub message: String,
    pub hint: String,
}

pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn new(class: FailureClass, step: &str, message: impl Into<String>) -> Self {
        Failure {
            class,
            step: step.to_owned(),
            errno: 0,
            path: String::new(),
            message: message.into(),
            hint: String::new(),
        }
    }

    /// A call into the kernel that should have worked.
    pub fn io(step: &str, path: impl fmt::Display, error: &io::Error) -> Self {
        let path = path.to_string();
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" {path}")
        };
        let class = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FailureClass::Unavailable,
            _ => FailureClass::Internal,
        };
        Failure {
            errno: error.raw_os_error().unwrap_or(0),
            path,
            ..Failure::new(class, step, format!("{step}{place}: {error}"))
        }
    }

    #[must_use]
    pub fn at(mut self, path: impl fmt::Display) -> Self {
        self.path = path.to_string();
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<longshore_isolation::StepError> for Failure {
    fn from(error: longshore_isolation::StepError) -> Self {
        use longshore_isolation::ErrorClass;
        let class = match error.class {
            ErrorClass::NotFound => FailureClass::NotFound,
            ErrorClass::InvalidArgument => FailureClass::InvalidArgument,
            ErrorClass::FailedPrecondition => FailureClass::FailedPrecondition,
            ErrorClass::PermissionDenied => FailureClass::PermissionDenied,
            ErrorClass::Unavailable => FailureClass::Unavailable,
            ErrorClass::NotImplemented => FailureClass::NotImplemented,
            ErrorClass::Internal => FailureClass::Internal,
        };
        Failure {
            class,
            step: error.step.into_owned(),
            errno: error.errno,
            path: error.path,
            message: error.message,
            hint: error.hint,
        }
    }
}

impl From<longshore_isolation::spec::SpecError> for Failure {
    fn from(error: longshore_isolation::spec::SpecError) -> Self {
        longshore_isolation::StepError::from(error).into()
    }
}

impl From<longshore_cgroups::Error> for Failure {
    fn from(error: longshore_cgroups::Error) -> Self {
        use longshore_cgroups::Error;
        let message = error.to_string();
        match error {
            Error::Unsupported { limit, .. } => {
                Failure::new(FailureClass::NotImplemented, "cgroup", message)
                    .at(limit)
                    .hint("run the container without this limit")
            }
            Error::Invalid { limit, .. } => {
                Failure::new(FailureClass::InvalidArgument, "cgroup", message).at(limit)
            }
            Error::Io { path, source, .. } => Failure {
                message,
                ..Failure::io("cgroup", path, &source)
            },
            _ => Failure::new(FailureClass::Internal, "cgroup", message),
        }
    }
}

impl From<longshore_seccomp::Error> for Failure {
    fn from(error: longshore_seccomp::Error) -> Self {
        use longshore_seccomp::Error;
        let class = match &error {
            Error::Unsupported { .. } => FailureClass::NotImplemented,
            Error::Invalid { .. } => FailureClass::InvalidArgument,
            _ => FailureClass::Internal,
        };
        Failure::new(class, "seccomp", error.to_string())
    }
}
