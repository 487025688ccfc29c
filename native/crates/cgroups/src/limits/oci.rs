use oci_spec::runtime::{LinuxCpu, LinuxMemory, LinuxResources};

use super::{BlockIo, Limits, Swap, field, huge_pages};
use crate::error::{Error, Result};

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
        if let Some(block_io) = resources.block_io() {
            limits.block_io = BlockIo::from_oci(block_io)?;
        }
        limits.huge_pages =
            huge_pages::read(resources.hugepage_limits().as_deref().unwrap_or_default())?;
        Ok(limits)
    }

    fn take_memory(&mut self, memory: &LinuxMemory) -> Result<()> {
        self.memory = memory.limit().and_then(positive);
        self.memory_reservation = memory.reservation().and_then(positive);
        self.swap = match memory.swap() {
            None | Some(0) => Swap::Default,
            Some(-1) => Swap::Unlimited,
            Some(total) => Swap::Total(u64::try_from(total).map_err(|_| Error::Invalid {
                limit: field::SWAP,
                reason: format!("{total} is negative"),
            })?),
        };
        self.oom_kill_disabled = memory.disable_oom_killer() == Some(true);
        self.swappiness = swappiness(memory.swappiness())?;
        let of_kernel = [
            (field::KERNEL_MEMORY, memory.kernel()),
            (field::KERNEL_TCP_MEMORY, memory.kernel_tcp()),
        ];
        of_kernel.into_iter().try_for_each(|(limit, value)| {
            let is_set = value.is_some_and(|value| value > 0);
            refuse(limit, is_set, "the kernel has dropped it")
        })
    }

    fn take_cpu(&mut self, cpu: &LinuxCpu) -> Result<()> {
        self.cpu_shares = cpu.shares().filter(|shares| *shares > 0);
        self.cpu_quota = cpu.quota().and_then(positive);
        self.cpu_period = cpu.period().filter(|period| *period > 0);
        self.cpu_burst = cpu.burst().filter(|burst| *burst > 0);
        self.cpu_idle = cpu.idle().is_some_and(|idle| idle != 0);
        self.realtime_runtime = cpu.realtime_runtime().and_then(positive);
        self.realtime_period = cpu.realtime_period().filter(|period| *period > 0);
        self.cpuset_cpus = list(field::CPUSET_CPUS, cpu.cpus().as_deref())?;
        self.cpuset_mems = list(field::CPUSET_MEMS, cpu.mems().as_deref())?;
        Ok(())
    }
}

fn refuse_what_is_not_offered(resources: &LinuxResources) -> Result<()> {
    let network = resources.network().as_ref().is_some_and(|network| {
        network.class_id().is_some_and(|class| class > 0)
            || network
                .priorities()
                .as_ref()
                .is_some_and(|list| !list.is_empty())
    });
    let rdma = resources.rdma().as_ref().is_some_and(|map| !map.is_empty());
    let unified = resources
        .unified()
        .as_ref()
        .is_some_and(|map| !map.is_empty());
    let reason = "this engine does not offer it";
    refuse(field::NETWORK, network, reason)?;
    refuse(field::RDMA, rdma, reason)?;
    refuse(field::UNIFIED, unified, reason)
}

pub(super) fn refuse(limit: &'static str, is_set: bool, reason: &str) -> Result<()> {
    if is_set {
        let reason = reason.to_owned();
        return Err(Error::Unsupported { limit, reason });
    }
    Ok(())
}

/// Docker's -1 for "the kernel's default" arrives as the largest number.
fn swappiness(value: Option<u64>) -> Result<Option<u64>> {
    match value {
        None | Some(u64::MAX) => Ok(None),
        Some(value @ 0..=100) => Ok(Some(value)),
        Some(value) => Err(Error::Invalid {
            limit: field::SWAPPINESS,
            reason: format!("{value} is not between 0 and 100"),
        }),
    }
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
