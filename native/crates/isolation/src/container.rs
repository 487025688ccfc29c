use std::convert::Infallible;

use crate::error::{ErrorClass, StepError};
use crate::plan::ContainerPlan;
use crate::stdio::Handles;
use crate::sync::ChildSync;

/// Runs in the child that clone3 made with [`ContainerPlan::namespaces_to_create`], and becomes the container's
/// command.
///
/// On failure the caller reports the error ([`ChildSync::report_failure`]) and exits with its exit code; nothing
/// needs cleaning up, for all mounts go with the process's namespace.
///
/// # Errors
/// The first step that failed.
pub fn enter_container(
    plan: &ContainerPlan,
    _handles: Handles,
    _sync: &ChildSync,
) -> Result<Infallible, StepError> {
    Err(StepError::refused(
        ErrorClass::NotImplemented,
        "start",
        &plan.id,
        "in the making",
    ))
}
