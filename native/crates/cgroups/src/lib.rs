//! Control groups of containers, on hosts with v1, hybrid and v2 hierarchies.
//!
//! On a hybrid host a container lives in the unified hierarchy (clone3 puts it there, one write kills it) and joins
//! those v1 hierarchies that carry a limit. All calls are synchronous and fit a single-threaded process.

mod create;
mod devices;
mod directory;
mod error;
mod folders;
mod freezer;
mod group;
mod host;
mod limits;
mod mounts;
mod oom;
mod removal;
mod stats;
mod update;
mod v1;
mod v2;

pub use devices::DeviceRules;
pub use error::{Error, Result};
pub use folders::HOME;
pub use freezer::Freezer;
pub use group::Cgroup;
pub use host::{CgroupHost, Controller, Mode};
pub use limits::{BlockIo, DeviceNumber, HugePageLimit, Limits, Swap, Throttle, ThrottleKind};
pub use oom::OomWatch;
pub use stats::{BlockDeviceUsage, CpuUsage, MemoryUsage, PidsUsage, Usage};
pub use update::LimitChange;
