//! Other limits for a cgroup whose processes run: all of them or none.

mod before;
mod change;
mod join;
mod memory;

use crate::create::check_path;
use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::group::Cgroup;
use crate::host::{CgroupHost, Controller, Version};
use crate::limits::Limits;
use crate::{v1, v2};

use before::Before;
use change::Lifted;
pub use change::LimitChange;

impl CgroupHost {
    /// Sets what `change` names on the cgroup at `path`, and leaves the rest. A hierarchy in which the container had
    /// no limit so far is joined, and stays joined. On failure all limits are as they were before.
    pub fn update(&self, path: &str, change: &LimitChange) -> Result<()> {
        check_path(path)?;
        let wanted = change.limits.controllers();
        self.check_present(&wanted)?;
        for (controller, _) in &wanted {
            self.join(path, *controller)?;
        }
        let cgroup = Cgroup::open(self, path)?;
        let before = Before::read(&cgroup);
        let done = set(&cgroup, change);
        if done.is_err() {
            before.restore();
        }
        done
    }

    fn check_present(&self, wanted: &[(Controller, &'static str)]) -> Result<()> {
        for (controller, limit) in wanted {
            if !self.controllers().contains(controller) {
                let reason = format!("there is no {} controller", controller.name());
                return Err(Error::Unsupported { limit, reason });
            }
        }
        Ok(())
    }
}

fn set(cgroup: &Cgroup, change: &LimitChange) -> Result<()> {
    let limits = completed(cgroup, change)?;
    for lifted in &change.lifted {
        lift(cgroup, *lifted)?;
    }
    for (controller, _) in limits.controllers() {
        let Some(group) = cgroup.group_of(controller) else {
            continue;
        };
        match group.version {
            Version::V1 => {
                if controller == Controller::Memory {
                    memory::make_room_v1(&group.directory, &limits)?;
                }
                v1::apply(&group.directory, controller, &limits)?;
            }
            Version::V2 => v2::apply(&group.directory, controller, &limits)?,
        }
    }
    Ok(())
}

/// The limits of `change` with what they need to know of those that stay.
fn completed(cgroup: &Cgroup, change: &LimitChange) -> Result<Limits> {
    let mut limits = change.limits.clone();
    if let Some(group) = cgroup.group_of(Controller::Memory) {
        memory::complete(&group.directory, group.version, change, &mut limits)?;
    }
    if let Some(group) = cgroup.group_of(Controller::Cpu)
        && group.version == Version::V2
        && limits.cpu_period.is_some()
        && !change.lifted.contains(&Lifted::CpuQuota)
    {
        // Both numbers are in one file, and a period without a quota would lift it.
        limits.cpu_quota = limits.cpu_quota.or(quota_v2(&group.directory)?);
    }
    Ok(limits)
}

fn quota_v2(directory: &Directory) -> Result<Option<u64>> {
    let max = directory.read("cpu.max")?;
    Ok(max.split(' ').next().and_then(|quota| quota.parse().ok()))
}

/// Takes a limit away; where there is none it does nothing.
fn lift(cgroup: &Cgroup, lifted: Lifted) -> Result<()> {
    let Some(group) = cgroup.group_of(lifted.controller()) else {
        return Ok(());
    };
    for (file, value) in lifted.files(group.version) {
        match group.directory.write_limit(lifted.field(), file, value) {
            // What the host cannot limit is unlimited.
            Err(Error::Unsupported { .. }) => {}
            written => written?,
        }
    }
    Ok(())
}
