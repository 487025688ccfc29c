//! What a container may use.

mod block_io;
pub(crate) mod field;
mod huge_pages;
mod oci;
#[cfg(test)]
mod tests;

pub use block_io::{BlockIo, DeviceNumber, Throttle, ThrottleKind};
pub use huge_pages::HugePageLimit;

use crate::error::{Error, Result};
use crate::host::Controller;

/// The limits of a container. What is None, or empty, is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes.
    pub memory: Option<u64>,
    pub swap: Swap,
    /// Bytes that the kernel tries to leave to the container when memory is short.
    pub memory_reservation: Option<u64>,
    /// How readily the container's memory is swapped out: 0 to 100. Version 1 only.
    pub swappiness: Option<u64>,
    /// Who needs more memory than the limit waits instead of being killed. Version 1 only.
    pub oom_kill_disabled: bool,
    /// Weight against other containers: 2 to 262,144, 1,024 being usual.
    pub cpu_shares: Option<u64>,
    /// Microseconds of CPU time in each period.
    pub cpu_quota: Option<u64>,
    /// Microseconds; the kernel's default is 100,000.
    pub cpu_period: Option<u64>,
    /// Microseconds that unused quota may add up to.
    pub cpu_burst: Option<u64>,
    /// Runs only when nobody else wants the CPU.
    pub cpu_idle: bool,
    /// Microseconds of real-time scheduling in each real-time period. Version 1 only.
    pub realtime_runtime: Option<u64>,
    /// Microseconds. Version 1 only.
    pub realtime_period: Option<u64>,
    /// CPUs as a list of numbers and ranges, "0-2,7".
    pub cpuset_cpus: Option<String>,
    /// Memory nodes, likewise.
    pub cpuset_mems: Option<String>,
    /// Processes and threads together.
    pub pids: Option<u64>,
    pub block_io: BlockIo,
    pub huge_pages: Vec<HugePageLimit>,
}

/// Memory and swap together, as Docker counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Swap {
    /// Nothing said: as much swap as memory, where the host can limit swap, if memory is limited at all.
    #[default]
    Default,
    Unlimited,
    /// Bytes of memory plus swap; equal to the memory limit means no swap.
    Total(u64),
}

/// What [`Limits`] come to for swap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SwapLimit {
    None,
    /// `total` counts memory plus swap, `swap` alone. Not `demanded`: left out where the host cannot limit swap.
    Bytes {
        total: u64,
        swap: u64,
        demanded: bool,
    },
}

impl Limits {
    /// Docker's rules on memory and swap.
    pub(crate) fn swap_limit(&self) -> Result<SwapLimit> {
        let invalid = |reason: String| {
            Err(Error::Invalid {
                limit: field::SWAP,
                reason,
            })
        };
        match (self.swap, self.memory) {
            (Swap::Unlimited, _) | (Swap::Default, None) => Ok(SwapLimit::None),
            (Swap::Default, Some(memory)) => Ok(SwapLimit::Bytes {
                total: memory.saturating_mul(2),
                swap: memory,
                demanded: false,
            }),
            (Swap::Total(_), None) => invalid("it needs a memory limit as well".to_owned()),
            (Swap::Total(total), Some(memory)) => match total.checked_sub(memory) {
                Some(swap) => Ok(SwapLimit::Bytes {
                    total,
                    swap,
                    demanded: true,
                }),
                None => invalid(format!("{total} is less than the memory limit {memory}")),
            },
        }
    }

    /// The controllers without which these limits cannot be enforced, with the limit's name.
    pub(crate) fn controllers(&self) -> Vec<(Controller, &'static str)> {
        use Controller::{BlockIo, Cpu, Cpuset, HugePages, Memory, Pids};
        let needs = [
            (self.memory.is_some(), Memory, field::MEMORY),
            (
                self.memory_reservation.is_some(),
                Memory,
                field::RESERVATION,
            ),
            (matches!(self.swap, Swap::Total(_)), Memory, field::SWAP),
            (self.swappiness.is_some(), Memory, field::SWAPPINESS),
            (self.oom_kill_disabled, Memory, field::OOM_KILL_DISABLED),
            (self.cpu_shares.is_some(), Cpu, field::CPU_SHARES),
            (self.cpu_quota.is_some(), Cpu, field::CPU_QUOTA),
            (self.cpu_period.is_some(), Cpu, field::CPU_PERIOD),
            (self.cpu_burst.is_some(), Cpu, field::CPU_BURST),
            (self.cpu_idle, Cpu, field::CPU_IDLE),
            (
                self.realtime_runtime.is_some(),
                Cpu,
                field::REALTIME_RUNTIME,
            ),
            (self.realtime_period.is_some(), Cpu, field::REALTIME_PERIOD),
            (self.cpuset_cpus.is_some(), Cpuset, field::CPUSET_CPUS),
            (self.cpuset_mems.is_some(), Cpuset, field::CPUSET_MEMS),
            (self.pids.is_some(), Pids, field::PIDS),
            (!self.block_io.is_empty(), BlockIo, field::BLOCK_IO),
            (!self.huge_pages.is_empty(), HugePages, field::HUGE_PAGES),
        ];
        needs
            .into_iter()
            .filter(|need| need.0)
            .map(|need| (need.1, need.2))
            .collect()
    }
}
