//! What can go wrong between clone3 and exec, said so that a person can act on it.

use std::borrow::Cow;
use std::fmt::Display;

use rustix::io::Errno;
use serde::{Deserialize, Serialize};

/// The exit code of a container whose command could not be found, as shells have it.
pub const EXIT_NOT_FOUND: i32 = 127;
/// The exit code of a container whose command was found and could not be executed, as shells have it.
pub const EXIT_NOT_EXECUTABLE: i32 = 126;
/// The exit code when anything before the command failed, as `docker run` has it.
pub const EXIT_SETUP_FAILED: i32 = 125;

/// The classes of the agent's protocol that can occur here, one to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    NotFound,
    InvalidArgument,
    FailedPrecondition,
    PermissionDenied,
    Unavailable,
    NotImplemented,
    Internal,
}

impl ErrorClass {
    fn of(errno: Errno) -> ErrorClass {
        match errno {
            Errno::NOENT | Errno::SRCH => ErrorClass::NotFound,
            Errno::INVAL | Errno::NOTDIR | Errno::ISDIR | Errno::LOOP | Errno::NAMETOOLONG => {
                ErrorClass::InvalidArgument
            }
            Errno::PERM | Errno::ACCESS | Errno::ROFS => ErrorClass::PermissionDenied,
            Errno::NOSPC
            | Errno::DQUOT
            | Errno::NOMEM
            | Errno::AGAIN
            | Errno::MFILE
            | Errno::NFILE
            | Errno::BUSY => ErrorClass::Unavailable,
            Errno::NOSYS | Errno::OPNOTSUPP | Errno::NODEV => ErrorClass::NotImplemented,
            _ => ErrorClass::Internal,
        }
    }
}

/// One failed step. It travels from the container's first process to its parent over [`crate::sync`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct StepError {
    pub class: ErrorClass,
    /// A word of the kernel or of OCI: "overlay", "pivot_root", "mount", "seccomp", "user", "exec".
    pub step: Cow<'static, str>,
    /// 0 when the kernel was not asked.
    pub errno: i32,
    /// The path, name or value that the step worked on.
    pub path: String,
    /// One sentence in a person's words.
    pub message: String,
    /// What the person can do about it; may be empty.
    pub hint: String,
    /// What the container's exit code shall be.
    pub exit_code: i32,
}

impl StepError {
    /// A failure that the kernel answered.
    #[must_use]
    pub fn kernel(step: &'static str, path: impl Display, errno: Errno) -> StepError {
        let path = path.to_string();
        let subject = if path.is_empty() {
            String::new()
        } else {
            format!(" {path}")
        };
        StepError {
            class: ErrorClass::of(errno),
            step: Cow::Borrowed(step),
            errno: errno.raw_os_error(),
            message: format!("{step}{subject}: {}", describe(errno)),
            path,
            hint: String::new(),
            exit_code: EXIT_SETUP_FAILED,
        }
    }

    /// A failure found without asking the kernel.
    #[must_use]
    pub fn refused(
        class: ErrorClass,
        step: &'static str,
        path: impl Display,
        message: impl Into<String>,
    ) -> StepError {
        StepError {
            class,
            step: Cow::Borrowed(step),
            errno: 0,
            path: path.to_string(),
            message: message.into(),
            hint: String::new(),
            exit_code: EXIT_SETUP_FAILED,
        }
    }

    #[must_use]
    pub fn with_class(mut self, class: ErrorClass) -> StepError {
        self.class = class;
        self
    }

    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> StepError {
        self.message = message.into();
        self
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> StepError {
        self.hint = hint.into();
        self
    }

    #[must_use]
    pub fn with_exit_code(mut self, exit_code: i32) -> StepError {
        self.exit_code = exit_code;
        self
    }
}

/// The kernel's words for an errno, without the "(os error N)" that std adds.
pub(crate) fn describe(errno: Errno) -> String {
    let text = std::io::Error::from(errno).to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => text,
    }
}

/// Names the step at which a kernel call failed.
pub(crate) trait Step<T> {
    /// `path` is only formatted when the call failed.
    fn step(self, step: &'static str, path: impl Display) -> Result<T, StepError>;
}

impl<T> Step<T> for Result<T, Errno> {
    fn step(self, step: &'static str, path: impl Display) -> Result<T, StepError> {
        self.map_err(|errno| StepError::kernel(step, path, errno))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_step_path_and_reason() {
        let error = StepError::kernel("mount", "/proc", Errno::PERM);
        assert_eq!(error.to_string(), "mount /proc: operation not permitted");
        assert_eq!(error.class, ErrorClass::PermissionDenied);
        assert_eq!(error.errno, libc::EPERM);
    }

    #[test]
    fn survives_the_way_to_the_parent() {
        let error = StepError::kernel("exec", "foo", Errno::NOENT).with_exit_code(EXIT_NOT_FOUND);
        let bytes = serde_json::to_vec(&error).unwrap();
        assert_eq!(serde_json::from_slice::<StepError>(&bytes).unwrap(), error);
    }
}
