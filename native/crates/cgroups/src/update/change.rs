use oci_spec::runtime::LinuxResources;

use crate::error::Result;
use crate::host::{Controller, Version};
use crate::limits::{Limits, Swap};

/// What to change of a container's limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LimitChange {
    pub(super) limits: Limits,
    pub(super) lifted: Vec<Lifted>,
}

/// A limit that is to go. A total of memory and swap goes before the memory limit, which may not exceed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifted {
    Swap,
    Memory,
    Reservation,
    CpuQuota,
    Pids,
}

impl LimitChange {
    /// Reads OCI `linux.resources`: what it does not name stays, and -1 lifts a limit.
    pub fn from_oci(resources: &LinuxResources) -> Result<LimitChange> {
        let limits = Limits::from_oci(resources)?;
        let mut lifted = Vec::new();
        if let Some(memory) = resources.memory() {
            let is_lifted = |value: Option<i64>| value.is_some_and(|value| value < 0);
            if limits.swap == Swap::Unlimited || is_lifted(memory.limit()) {
                lifted.push(Lifted::Swap);
            }
            if is_lifted(memory.limit()) {
                lifted.push(Lifted::Memory);
            }
            if is_lifted(memory.reservation()) {
                lifted.push(Lifted::Reservation);
            }
        }
        let quota = resources.cpu().as_ref().and_then(|cpu| cpu.quota());
        if quota.is_some_and(|quota| quota < 0) {
            lifted.push(Lifted::CpuQuota);
        }
        if resources.pids().is_some_and(|pids| pids.limit() <= 0) {
            lifted.push(Lifted::Pids);
        }
        Ok(LimitChange { limits, lifted })
    }
}

impl Lifted {
    pub(super) fn controller(self) -> Controller {
        match self {
            Lifted::Swap | Lifted::Memory | Lifted::Reservation => Controller::Memory,
            Lifted::CpuQuota => Controller::Cpu,
            Lifted::Pids => Controller::Pids,
        }
    }

    pub(super) fn field(self) -> &'static str {
        match self {
            Lifted::Swap => "linux.resources.memory.swap",
            Lifted::Memory => "linux.resources.memory.limit",
            Lifted::Reservation => "linux.resources.memory.reservation",
            Lifted::CpuQuota => "linux.resources.cpu.quota",
            Lifted::Pids => "linux.resources.pids.limit",
        }
    }

    pub(super) fn files(self, version: Version) -> &'static [(&'static str, &'static str)] {
        match (self, version) {
            (Lifted::Swap, Version::V1) => &[("memory.memsw.limit_in_bytes", "-1")],
            (Lifted::Swap, Version::V2) => &[("memory.swap.max", "max")],
            (Lifted::Memory, Version::V1) => &[("memory.limit_in_bytes", "-1")],
            (Lifted::Memory, Version::V2) => &[("memory.max", "max")],
            (Lifted::Reservation, Version::V1) => &[("memory.soft_limit_in_bytes", "-1")],
            (Lifted::Reservation, Version::V2) => &[("memory.low", "0")],
            (Lifted::CpuQuota, Version::V1) => &[("cpu.cfs_quota_us", "-1")],
            (Lifted::CpuQuota, Version::V2) => &[("cpu.max", "max")],
            (Lifted::Pids, _) => &[("pids.max", "max")],
        }
    }
}
