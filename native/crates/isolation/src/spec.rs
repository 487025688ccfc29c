//! From an OCI runtime-spec config.json to a [`ContainerPlan`].
//!
//! What this version cannot do is refused by name, never ignored: a container runs with what its spec says or not at
//! all.

mod linux;
mod mounts;
mod namespaces;
mod process;
mod sysctl;

use std::fmt::Display;

use oci_spec::runtime::Spec;

use crate::error::{ErrorClass, StepError};
use crate::plan::{CgroupView, ContainerPlan, IdentityFiles, RootPlan};

/// A config.json of Docker's making has 10 to 20 KB.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The first thing that is wrong in a spec.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct SpecError {
    pub class: ErrorClass,
    /// As in config.json: "linux.namespaces", "mounts[3].options".
    pub field: String,
    pub reason: String,
}

impl SpecError {
    pub(crate) fn invalid(field: impl Display, reason: impl Into<String>) -> SpecError {
        SpecError {
            class: ErrorClass::InvalidArgument,
            field: field.to_string(),
            reason: reason.into(),
        }
    }

    pub(crate) fn precondition(field: impl Display, reason: impl Into<String>) -> SpecError {
        SpecError {
            class: ErrorClass::FailedPrecondition,
            ..SpecError::invalid(field, reason)
        }
    }

    pub(crate) fn unsupported(field: impl Display) -> SpecError {
        SpecError {
            class: ErrorClass::NotImplemented,
            field: field.to_string(),
            reason: "is not supported".into(),
        }
    }
}

impl From<SpecError> for StepError {
    fn from(error: SpecError) -> StepError {
        let message = error.to_string();
        StepError::refused(error.class, "spec", error.field, message)
    }
}

/// Reads a config.json.
///
/// # Errors
/// Not JSON, not of runtime-spec 1.x, or larger than 4 MiB.
pub fn parse(json: &[u8]) -> Result<Spec, SpecError> {
    if json.len() > MAX_BYTES {
        return Err(SpecError::invalid("config.json", "is larger than 4 MiB"));
    }
    let spec: Spec = serde_json::from_slice(json)
        .map_err(|error| SpecError::invalid("config.json", error.to_string()))?;
    if !spec.version().starts_with("1.") {
        let reason = format!(
            "{:?} is not a version 1 of the runtime spec",
            spec.version()
        );
        return Err(SpecError::invalid("ociVersion", reason));
    }
    Ok(spec)
}

impl ContainerPlan {
    /// The plan of a spec. `root` says what the root file system is made of (`root.path` is ignored, and
    /// `root.readonly` counts in addition to `root.read_only`). Cgroup view, identity files, `init` and default
    /// rlimits are the caller's to set; `linux.seccomp` is the caller's to compile into `process.seccomp`.
    ///
    /// # Errors
    /// The first field that is invalid or not supported.
    pub fn from_spec(
        id: impl Into<String>,
        spec: &Spec,
        mut root: RootPlan,
    ) -> Result<ContainerPlan, SpecError> {
        if spec.hooks().is_some() {
            return Err(SpecError::unsupported("hooks"));
        }
        let given = spec.root().as_ref().and_then(|root| root.readonly());
        root.read_only |= given.unwrap_or(false);
        let linux = spec.linux().clone().unwrap_or_default();
        linux::refuse_unsupported(&linux)?;
        let namespaces = namespaces::plan(&linux)?;
        Ok(ContainerPlan {
            id: id.into(),
            root,
            root_propagation: linux::root_propagation(&linux)?,
            mounts: mounts::plans(spec.mounts().as_deref().unwrap_or_default(), &namespaces)?,
            identity: IdentityFiles::default(),
            cgroup_view: CgroupView::None,
            devices: linux::devices(&linux)?,
            masked_paths: linux::paths("linux.maskedPaths", linux.masked_paths().as_deref())?,
            readonly_paths: linux::paths("linux.readonlyPaths", linux.readonly_paths().as_deref())?,
            sysctls: sysctl::plans(linux.sysctl().as_ref(), &namespaces)?,
            hostname: linux::host_name("hostname", spec.hostname().as_deref(), &namespaces)?,
            domainname: linux::host_name("domainname", spec.domainname().as_deref(), &namespaces)?,
            process: process::plan(spec.process().as_ref())?,
            init: false,
            namespaces,
        })
    }
}

#[cfg(test)]
mod tests;
