//! Limits as the unified hierarchy takes them.

use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::host::Controller;
use crate::limits::{BlockIo, HugePageLimit, Limits, SwapLimit, ThrottleKind, field};

pub(crate) fn apply(dir: &Directory, controller: Controller, limits: &Limits) -> Result<()> {
    match controller {
        Controller::Memory => apply_memory(dir, limits),
        Controller::Cpu => apply_cpu(dir, limits),
        Controller::Cpuset => {
            let (cpus, mems) = (&limits.cpuset_cpus, &limits.cpuset_mems);
            write(dir, field::CPUSET_CPUS, "cpuset.cpus", cpus.as_deref())?;
            write(dir, field::CPUSET_MEMS, "cpuset.mems", mems.as_deref())
        }
        Controller::Pids => write(dir, field::PIDS, "pids.max", number(limits.pids).as_deref()),
        Controller::BlockIo => apply_block_io(dir, &limits.block_io),
        Controller::HugePages => apply_huge_pages(dir, &limits.huge_pages),
        Controller::Devices => Ok(()),
    }
}

fn apply_memory(dir: &Directory, limits: &Limits) -> Result<()> {
    let only_v1 = [
        (limits.swappiness.is_some(), field::SWAPPINESS),
        (limits.oom_kill_disabled, field::OOM_KILL_DISABLED),
    ];
    refuse(only_v1)?;
    let memory = number(limits.memory);
    write(dir, field::MEMORY, "memory.max", memory.as_deref())?;
    let reservation = number(limits.memory_reservation);
    write(
        dir,
        field::RESERVATION,
        "memory.low",
        reservation.as_deref(),
    )?;
    let SwapLimit::Bytes { swap, demanded, .. } = limits.swap_limit()? else {
        return Ok(());
    };
    let swap = swap.to_string();
    match write(dir, field::SWAP, "memory.swap.max", Some(&swap)) {
        Err(Error::Unsupported { .. }) if !demanded => Ok(()),
        result => result,
    }
}

fn apply_cpu(dir: &Directory, limits: &Limits) -> Result<()> {
    let only_v1 = [
        (limits.realtime_runtime.is_some(), field::REALTIME_RUNTIME),
        (limits.realtime_period.is_some(), field::REALTIME_PERIOD),
    ];
    refuse(only_v1)?;
    let weight = limits
        .cpu_shares
        .map(|shares| weight_of_shares(shares).to_string());
    write(dir, field::CPU_SHARES, "cpu.weight", weight.as_deref())?;
    let idle = limits.cpu_idle.then_some("1");
    write(dir, field::CPU_IDLE, "cpu.idle", idle)?;
    if limits.cpu_quota.is_some() || limits.cpu_period.is_some() {
        let quota = number(limits.cpu_quota).unwrap_or_else(|| "max".to_owned());
        let max = match limits.cpu_period {
            Some(period) => format!("{quota} {period}"),
            None => quota,
        };
        write(dir, field::CPU_QUOTA, "cpu.max", Some(&max))?;
    }
    // After the quota, which it may not exceed.
    let burst = number(limits.cpu_burst);
    write(dir, field::CPU_BURST, "cpu.max.burst", burst.as_deref())
}

/// Settings that were left behind with version 1.
fn refuse(settings: [(bool, &'static str); 2]) -> Result<()> {
    match settings.into_iter().find(|(is_set, _)| *is_set) {
        Some((_, limit)) => Err(Error::Unsupported {
            limit,
            reason: "cgroup version 2 has no such setting".to_owned(),
        }),
        None => Ok(()),
    }
}

fn apply_block_io(dir: &Directory, limits: &BlockIo) -> Result<()> {
    if let Some(weight) = limits.weight {
        write_weight(dir, weight)?;
    }
    for (device, weight) in &limits.device_weights {
        let value = format!("{device} {weight}");
        dir.write_limit(field::BLOCK_IO_WEIGHT_DEVICE, "io.bfq.weight", &value)?;
    }
    limits.throttles.iter().try_for_each(|throttle| {
        let key = match throttle.kind {
            ThrottleKind::ReadBytes => "rbps",
            ThrottleKind::WriteBytes => "wbps",
            ThrottleKind::ReadOperations => "riops",
            ThrottleKind::WriteOperations => "wiops",
        };
        let rate = match throttle.rate {
            0 => "max".to_owned(),
            rate => rate.to_string(),
        };
        let value = format!("{} {key}={rate}", throttle.device);
        dir.write_limit(throttle.kind.field(), "io.max", &value)
    })
}

/// BFQ's weight has v1's scale; the cost model's goes from 1 to 10,000.
fn write_weight(dir: &Directory, weight: u16) -> Result<()> {
    let limit = field::BLOCK_IO_WEIGHT;
    match dir.write_limit(limit, "io.bfq.weight", &weight.to_string()) {
        Err(Error::Unsupported { .. }) => {
            let weight = 1 + (u32::from(weight).saturating_sub(10)) * 9999 / 990;
            dir.write_limit(limit, "io.weight", &weight.to_string())
        }
        result => result,
    }
}

fn apply_huge_pages(dir: &Directory, limits: &[HugePageLimit]) -> Result<()> {
    limits.iter().try_for_each(|limit| {
        let file = format!("hugetlb.{}.max", limit.page_size);
        dir.write_limit(field::HUGE_PAGES, &file, &limit.bytes.to_string())
    })
}

/// Maps v1's shares (2 to 262,144) to v2's weight (1 to 10,000) such that the defaults, 1,024 and 100, meet.
/// The formula is the one that runc and crun use: <https://github.com/kubernetes/kubernetes/issues/131216>.
fn weight_of_shares(shares: u64) -> u64 {
    let log = (shares.clamp(2, 262_144) as f64).log2();
    let exponent = (log * log + 125.0 * log) / 612.0 - 7.0 / 34.0;
    (10_f64.powf(exponent).ceil() as u64).clamp(1, 10_000)
}

fn number(value: Option<u64>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn write(dir: &Directory, limit: &'static str, file: &str, value: Option<&str>) -> Result<()> {
    value.map_or(Ok(()), |value| dir.write_limit(limit, file, value))
}

/// Kills that the kernel's OOM killer did here or below.
pub(crate) fn oom_kills(dir: &Directory) -> Result<u64> {
    Ok(dir
        .read_if_present("memory.events")?
        .map_or(0, |text| flat_key(&text, "oom_kill")))
}

/// None before Linux 5.19.
pub(crate) fn memory_peak(dir: &Directory) -> Result<Option<u64>> {
    Ok(dir
        .read_if_present("memory.peak")?
        .and_then(|text| text.trim().parse().ok()))
}

/// None when unlimited.
pub(crate) fn memory_limit(dir: &Directory) -> Result<Option<u64>> {
    Ok(dir
        .read_if_present("memory.max")?
        .and_then(|text| text.trim().parse().ok()))
}

/// The value of a key in a file of "key value" lines; 0 when it is not there.
pub(crate) fn flat_key(text: &str, key: &str) -> u64 {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(name, _)| *name == key)
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests;
