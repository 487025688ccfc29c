//! The process that makes processes: single-threaded and small, so that its forks are cheap and ordinary code may
//! run in them. It holds what every start needs, found once.

mod request;
mod server;
mod spare_network;

use request::Request;
pub(crate) use request::{ExecRequest, RunRequest};
pub use request::{RunFds, request_exec, request_run};
pub use server::serve;

use longshore_cgroups::CgroupHost;

use crate::failure::{Failure, FailureClass, Result};
use crate::identity::boot_id;
use crate::seccomp::SeccompProfiles;

/// What is the same for all containers of this host.
pub struct Warm {
    pub cgroups: CgroupHost,
    pub boot_id: String,
    pub(crate) seccomp: SeccompProfiles,
}

impl Warm {
    pub fn detect() -> Result<Self> {
        let cgroups = CgroupHost::detect().map_err(|error| {
            Failure::new(
                FailureClass::FailedPrecondition,
                "cgroup",
                error.to_string(),
            )
        })?;
        let boot_id = boot_id().map_err(|error| Failure::io("boot_id", "", &error))?;
        Ok(Warm {
            cgroups,
            boot_id,
            seccomp: SeccompProfiles::compile(),
        })
    }
}
