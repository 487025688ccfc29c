use std::convert::Infallible;
use std::os::fd::{BorrowedFd, OwnedFd};

use longshore_sys::Result;
use longshore_sys::clone::Namespaces;
use serde::{Deserialize, Serialize};

use crate::error::{ErrorClass, StepError};
use crate::plan::ProcessPlan;
use crate::stdio::Stdio;
use crate::sync::ChildSync;

/// A further process in a running container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecPlan {
    pub process: ProcessPlan,
    /// Those that the container has of its own ([`ExecPlan::namespaces_of`]).
    pub namespaces: Namespaces,
}

/// Calls `clone` while the calling process's children are born into the pid namespace of the process behind
/// `container`, so that one clone suffices for an exec.
///
/// # Errors
/// ESRCH when the container is gone. If the way back fails, so does the call: the process must not clone further.
pub fn with_pid_namespace<T>(_container: BorrowedFd<'_>, clone: impl FnOnce() -> T) -> Result<T> {
    Ok(clone())
}

/// Runs in the child, and becomes the command of an exec in the container whose init is behind `container`.
///
/// # Errors
/// The first step that failed; the caller reports it and exits with its exit code.
pub fn enter_exec(
    _plan: &ExecPlan,
    _container: OwnedFd,
    _stdio: Stdio,
    _sync: &ChildSync,
) -> std::result::Result<Infallible, StepError> {
    Err(StepError::refused(
        ErrorClass::NotImplemented,
        "exec",
        "",
        "in the making",
    ))
}
