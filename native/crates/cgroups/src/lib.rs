//! Control groups of containers on cgroup v1, hybrid and v2 hosts.
//!
//! All calls are synchronous and fit a single-threaded process.

use std::os::fd::BorrowedFd;

use oci_spec::runtime::{LinuxDeviceCgroup, LinuxResources};

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("this host cannot enforce the limit {limit}: {reason}")]
    Unsupported { limit: &'static str, reason: String },
    #[error("the limit {limit} is not valid: {reason}")]
    Invalid { limit: &'static str, reason: String },
    #[error("{step} {path}: {source}")]
    Io {
        step: &'static str,
        path: String,
        source: std::io::Error,
    },
}
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    V1,
    Hybrid,
    V2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Controller {
    Cpu,
    Cpuset,
    Devices,
    Memory,
    Pids,
}

/// Memory plus swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Swap {
    #[default]
    Default,
    Unlimited,
    Total(u64),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    pub memory: Option<u64>,
    pub swap: Swap,
    pub memory_reservation: Option<u64>,
    pub cpu_shares: Option<u64>,
    pub cpu_quota: Option<i64>,
    pub cpu_period: Option<u64>,
    pub cpuset_cpus: Option<String>,
    pub cpuset_mems: Option<String>,
    pub pids: Option<u64>,
}

impl Limits {
    pub fn from_oci(_resources: &LinuxResources) -> Result<Limits> {
        Ok(Limits::default())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRules {}

impl DeviceRules {
    pub fn docker_default() -> DeviceRules {
        DeviceRules {}
    }
    pub fn allow_all() -> DeviceRules {
        DeviceRules {}
    }
    pub fn from_oci(_rules: &[LinuxDeviceCgroup]) -> Result<DeviceRules> {
        Ok(DeviceRules {})
    }
}

#[derive(Debug)]
pub struct CgroupHost {
    mode: Mode,
    controllers: Vec<Controller>,
}

fn unavailable<T>() -> Result<T> {
    Err(Error::Unsupported {
        limit: "cgroup",
        reason: "no hierarchy".into(),
    })
}

impl CgroupHost {
    pub fn detect() -> Result<CgroupHost> {
        unavailable()
    }
    pub fn mode(&self) -> Mode {
        self.mode
    }
    pub fn controllers(&self) -> &[Controller] {
        &self.controllers
    }
    pub fn has_kill(&self) -> bool {
        false
    }
    pub fn swap_accounting(&self) -> bool {
        false
    }
    pub fn create(&self, _path: &str, _limits: &Limits, _devices: &DeviceRules) -> Result<Cgroup> {
        unavailable()
    }
}

#[derive(Debug)]
pub struct Cgroup {}

impl Cgroup {
    pub fn open(_host: &CgroupHost, _path: &str) -> Result<Cgroup> {
        unavailable()
    }
    /// The v2 directory, for CLONE_INTO_CGROUP. None on a v1-only host.
    pub fn lifecycle_fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
    /// Moves another process into the v1 hierarchies.
    pub fn attach(&self, _pid: i32) -> Result<()> {
        unavailable()
    }
    /// The calling single-threaded process moves itself into the v1 hierarchies: cheaper than `attach` by far,
    /// because the kernel then needs no RCU grace period. Call it in the child, right after clone3.
    pub fn enter(&self) -> Result<()> {
        unavailable()
    }
    pub fn kill_all(&self) -> Result<()> {
        unavailable()
    }
    pub fn procs(&self) -> Result<Vec<i32>> {
        unavailable()
    }
    pub fn oom_kills(&self) -> Result<u64> {
        unavailable()
    }
    /// Bytes; None when the host does not count them.
    pub fn memory_peak(&self) -> Result<Option<u64>> {
        unavailable()
    }
    /// Bytes; None when unlimited.
    pub fn memory_limit(&self) -> Result<Option<u64>> {
        unavailable()
    }
    pub fn remove(self) -> Result<()> {
        unavailable()
    }
}
