use oci_spec::runtime::{LinuxCpu, LinuxMemory, LinuxResources};

use crate::error::{Error, Result};
use crate::host::Controller;

/// The limits of a container. What is None is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes.
    pub memory: Option<u64>,
    pub swap: Swap,
    /// Bytes that the kernel tries to leave to the container when memory is short.
    pub memory_reservation: Option<u64>,
    /// Weight against other containers: 2 to 262,144, 1,024 being usual.
    pub cpu_shares: Option<u64>,
    /// Microseconds of CPU time in each period.
    pub cpu_quota: Option<u64>,
    /// Microseconds; the kernel's default is 100,000.
    pub cpu_period: Option<u64>,
    /// CPUs as a list of numbers and ranges, "0-2,7".
    pub cpuset_cpus: Option<String>,
    /// Memory nodes, likewise.
    pub cpuset_mems: Option<String>,
    /// Processes and threads together.
    pub pids: Option<u64>,
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
    /// Reads OCI `linux.resources`. Values that mean "no limit" there (-1, 0, "") become None.
    /// `memory.swap` should be set only when the person asked for it: it is then a demand.
    /// The device rules have their own reader, [`DeviceRules::from_oci`](crate::DeviceRules::from_oci).
    pub fn from_oci(resources: &LinuxResources) -> Result<Limits> {
        refuse_what_is_not_offered(resources)?;
        let mut limits = Limits::default();
        if let Some(memory) = resources.memory() {
            limits.take_memory(memory)?;
        }
        if let Some(cpu) = resources.cpu() {
            limits.take_cpu(cpu)?;
        }
        limits.pids = resources.pids().and_then(|pids| positive(pids.limit()));
        Ok(limits)
    }

    fn take_memory(&mut self, memory: &LinuxMemory) -> Result<()> {
        self.memory = memory.limit().and_then(positive);
        self.memory_reservation = memory.reservation().and_then(positive);
        self.swap = match memory.swap() {
            None | Some(0) => Swap::Default,
            Some(-1) => Swap::Unlimited,
            Some(total) => Swap::Total(u64::try_from(total).map_err(|_| Error::Invalid {
                limit: "memory swap",
                reason: format!("{total} is negative"),
            })?),
        };
        refuse("swappiness", memory.swappiness().is_some())?;
        refuse(
            "kernel memory",
            memory.kernel().is_some_and(|limit| limit > 0),
        )?;
        refuse(
            "kernel TCP memory",
            memory.kernel_tcp().is_some_and(|limit| limit > 0),
        )?;
        refuse("OOM killer", memory.disable_oom_killer() == Some(true))
    }

    fn take_cpu(&mut self, cpu: &LinuxCpu) -> Result<()> {
        self.cpu_shares = cpu.shares().filter(|shares| *shares > 0);
        self.cpu_quota = cpu.quota().and_then(positive);
        self.cpu_period = cpu.period().filter(|period| *period > 0);
        self.cpuset_cpus = list("cpuset cpus", cpu.cpus().as_deref())?;
        self.cpuset_mems = list("cpuset mems", cpu.mems().as_deref())?;
        refuse("CPU burst", cpu.burst().is_some_and(|burst| burst > 0))?;
        refuse("CPU idle", cpu.idle().is_some_and(|idle| idle != 0))?;
        let realtime = cpu.realtime_runtime().is_some_and(|runtime| runtime != 0)
            || cpu.realtime_period().is_some_and(|period| period != 0);
        refuse("CPU realtime", realtime)
    }

    /// Docker's rules on memory and swap.
    pub(crate) fn swap_limit(&self) -> Result<SwapLimit> {
        let invalid = |reason: String| {
            Err(Error::Invalid {
                limit: "memory swap",
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
        let memory = self.memory.is_some() || self.memory_reservation.is_some();
        let cpu = self.cpu_quota.is_some() || self.cpu_period.is_some();
        let cpuset = self.cpuset_cpus.is_some() || self.cpuset_mems.is_some();
        let needs = [
            (memory, Controller::Memory, "memory"),
            (
                matches!(self.swap, Swap::Total(_)),
                Controller::Memory,
                "memory swap",
            ),
            (self.cpu_shares.is_some(), Controller::Cpu, "CPU shares"),
            (cpu, Controller::Cpu, "CPU quota"),
            (cpuset, Controller::Cpuset, "cpuset"),
            (self.pids.is_some(), Controller::Pids, "pids"),
        ];
        needs
            .into_iter()
            .filter(|need| need.0)
            .map(|need| (need.1, need.2))
            .collect()
    }
}

fn refuse_what_is_not_offered(resources: &LinuxResources) -> Result<()> {
    let block_io = resources.block_io().as_ref().is_some_and(|io| {
        io.weight().is_some_and(|weight| weight > 0)
            || io.leaf_weight().is_some_and(|weight| weight > 0)
            || io
                .weight_device()
                .as_ref()
                .is_some_and(|list| !list.is_empty())
            || [
                io.throttle_read_bps_device(),
                io.throttle_write_bps_device(),
                io.throttle_read_iops_device(),
                io.throttle_write_iops_device(),
            ]
            .into_iter()
            .flatten()
            .any(|list| !list.is_empty())
    });
    refuse("block I/O", block_io)?;
    let huge_pages = resources
        .hugepage_limits()
        .as_ref()
        .is_some_and(|list| !list.is_empty());
    refuse("huge pages", huge_pages)?;
    let network = resources.network().as_ref().is_some_and(|network| {
        network.class_id().is_some_and(|class| class > 0)
            || network
                .priorities()
                .as_ref()
                .is_some_and(|list| !list.is_empty())
    });
    refuse("network class", network)?;
    refuse(
        "RDMA",
        resources.rdma().as_ref().is_some_and(|map| !map.is_empty()),
    )?;
    refuse(
        "unified",
        resources
            .unified()
            .as_ref()
            .is_some_and(|map| !map.is_empty()),
    )
}

fn refuse(limit: &'static str, is_set: bool) -> Result<()> {
    if is_set {
        let reason = "this engine does not offer it".to_owned();
        return Err(Error::Unsupported { limit, reason });
    }
    Ok(())
}

fn positive(value: i64) -> Option<u64> {
    u64::try_from(value).ok().filter(|value| *value > 0)
}

fn list(limit: &'static str, text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'-')
    {
        return Ok(Some(text.to_owned()));
    }
    Err(Error::Invalid {
        limit,
        reason: format!("'{text}' is no list of numbers and ranges"),
    })
}

#[cfg(test)]
mod tests;
