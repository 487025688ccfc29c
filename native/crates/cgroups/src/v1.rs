//! Limits as the v1 controllers take them. A fresh cgroup has none, so only those asked for are written.

use std::path::Path;

use crate::directory::Directory;
use crate::error::{Error, Result, at};
use crate::host::Controller;
use crate::limits::{BlockIo, HugePageLimit, Limits, SwapLimit, ThrottleKind, field};

pub(crate) fn apply(dir: &Directory, controller: Controller, limits: &Limits) -> Result<()> {
    match controller {
        Controller::Memory => apply_memory(dir, limits),
        Controller::Cpu => apply_cpu(dir, limits),
        Controller::Cpuset => apply_cpuset(dir, limits),
        Controller::Pids => write(dir, field::PIDS, "pids.max", limits.pids),
        Controller::BlockIo => apply_block_io(dir, &limits.block_io),
        Controller::HugePages => apply_huge_pages(dir, &limits.huge_pages),
        Controller::Devices => Ok(()),
    }
}

fn apply_memory(dir: &Directory, limits: &Limits) -> Result<()> {
    // The limit on memory first: the kernel keeps it at or below the one on memory plus swap.
    write(dir, field::MEMORY, "memory.limit_in_bytes", limits.memory)?;
    let reservation = limits.memory_reservation;
    write(
        dir,
        field::RESERVATION,
        "memory.soft_limit_in_bytes",
        reservation,
    )?;
    write(
        dir,
        field::SWAPPINESS,
        "memory.swappiness",
        limits.swappiness,
    )?;
    if limits.oom_kill_disabled {
        dir.write_limit(field::OOM_KILL_DISABLED, "memory.oom_control", "1")?;
    }
    let SwapLimit::Bytes {
        total, demanded, ..
    } = limits.swap_limit()?
    else {
        return Ok(());
    };
    match write(dir, field::SWAP, "memory.memsw.limit_in_bytes", Some(total)) {
        Err(Error::Unsupported { .. }) if !demanded => Ok(()),
        result => result,
    }
}

fn apply_cpu(dir: &Directory, limits: &Limits) -> Result<()> {
    write(dir, field::CPU_SHARES, "cpu.shares", limits.cpu_shares)?;
    write(
        dir,
        field::CPU_PERIOD,
        "cpu.cfs_period_us",
        limits.cpu_period,
    )?;
    write(dir, field::CPU_QUOTA, "cpu.cfs_quota_us", limits.cpu_quota)?;
    write(dir, field::CPU_BURST, "cpu.cfs_burst_us", limits.cpu_burst)?;
    if limits.cpu_idle {
        dir.write_limit(field::CPU_IDLE, "cpu.idle", "1")?;
    }
    apply_realtime(dir, limits)
}

/// The kernel gives a cgroup no more real-time time than its parents have, and those that nobody gave any have none.
fn apply_realtime(dir: &Directory, limits: &Limits) -> Result<()> {
    write(
        dir,
        field::REALTIME_PERIOD,
        "cpu.rt_period_us",
        limits.realtime_period,
    )?;
    let runtime = limits.realtime_runtime;
    let written = write(dir, field::REALTIME_RUNTIME, "cpu.rt_runtime_us", runtime);
    written.map_err(|error| match (error, dir.path().parent()) {
        (Error::Invalid { limit, .. }, Some(parent)) => Error::Unsupported {
            limit,
            reason: format!(
                "the parent cgroup must have as much in {}",
                parent.join("cpu.rt_runtime_us").display()
            ),
        },
        (error, _) => error,
    })
}

fn apply_block_io(dir: &Directory, limits: &BlockIo) -> Result<()> {
    if let Some(weight) = limits.weight {
        let files = ["blkio.weight", "blkio.bfq.weight"];
        write_first(dir, field::BLOCK_IO_WEIGHT, files, &weight.to_string())?;
    }
    for (device, weight) in &limits.device_weights {
        let files = ["blkio.weight_device", "blkio.bfq.weight_device"];
        let value = format!("{device} {weight}");
        write_first(dir, field::BLOCK_IO_WEIGHT_DEVICE, files, &value)?;
    }
    limits.throttles.iter().try_for_each(|throttle| {
        let file = match throttle.kind {
            ThrottleKind::ReadBytes => "blkio.throttle.read_bps_device",
            ThrottleKind::WriteBytes => "blkio.throttle.write_bps_device",
            ThrottleKind::ReadOperations => "blkio.throttle.read_iops_device",
            ThrottleKind::WriteOperations => "blkio.throttle.write_iops_device",
        };
        let value = format!("{} {}", throttle.device, throttle.rate);
        dir.write_limit(throttle.kind.field(), file, &value)
    })
}

/// The name of a weight's file depends on the scheduler that the kernel has.
fn write_first(
    dir: &Directory,
    limit: &'static str,
    [usual, other]: [&str; 2],
    value: &str,
) -> Result<()> {
    match dir.write_limit(limit, usual, value) {
        Err(Error::Unsupported { .. }) => dir.write_limit(limit, other, value),
        result => result,
    }
}

fn apply_huge_pages(dir: &Directory, limits: &[HugePageLimit]) -> Result<()> {
    limits.iter().try_for_each(|limit| {
        let file = format!("hugetlb.{}.limit_in_bytes", limit.page_size);
        dir.write_limit(field::HUGE_PAGES, &file, &limit.bytes.to_string())
    })
}

/// A v1 cpuset begins empty, and takes no process until both lists are there.
fn apply_cpuset(dir: &Directory, limits: &Limits) -> Result<()> {
    initialise_cpuset(dir.path())?;
    if let Some(cpus) = &limits.cpuset_cpus {
        dir.write_limit(field::CPUSET_CPUS, "cpuset.cpus", cpus)?;
    }
    if let Some(mems) = &limits.cpuset_mems {
        dir.write_limit(field::CPUSET_MEMS, "cpuset.mems", mems)?;
    }
    Ok(())
}

/// Copies the lists of the parent, from the first ancestor that has them down.
fn initialise_cpuset(path: &Path) -> Result<()> {
    let open = |path: &Path| Directory::open(path.to_owned()).map_err(at("open", path));
    let dir = open(path)?;
    for file in ["cpuset.cpus", "cpuset.mems"] {
        if !dir.read(file)?.trim().is_empty() {
            continue;
        }
        let Some(parent) = path.parent() else {
            return Ok(());
        };
        let inherited = match open(parent)?.read_if_present(file)? {
            Some(text) if text.trim().is_empty() => {
                initialise_cpuset(parent)?;
                open(parent)?.read(file)?
            }
            Some(text) => text,
            // Above the hierarchy's root.
            None => return Ok(()),
        };
        dir.write(file, inherited.trim())
            .map_err(at("write", &path.join(file)))?;
    }
    Ok(())
}

fn write(dir: &Directory, limit: &'static str, file: &str, value: Option<u64>) -> Result<()> {
    value.map_or(Ok(()), |value| {
        dir.write_limit(limit, file, &value.to_string())
    })
}

/// The calling process moves itself. "0" written to `tasks` moves the one thread that writes, for which the kernel
/// takes no global lock; any number written to `cgroup.procs` waits for an RCU grace period: 11 ms at the median
/// on an idle two-core machine, against 0.05 ms (Linux 6.18).
pub(crate) fn enter(dir: &Directory) -> Result<()> {
    dir.write("tasks", "0").map_err(at("join", dir.path()))
}

pub(crate) fn attach(dir: &Directory, pid: i32) -> Result<()> {
    dir.write("cgroup.procs", &pid.to_string())
        .map_err(at("attach to", dir.path()))
}

/// Kills that the kernel's OOM killer did here.
pub(crate) fn oom_kills(dir: &Directory) -> Result<u64> {
    Ok(crate::v2::flat_key(
        &dir.read("memory.oom_control")?,
        "oom_kill",
    ))
}

pub(crate) fn memory_peak(dir: &Directory) -> Result<Option<u64>> {
    Ok(dir.read("memory.max_usage_in_bytes")?.trim().parse().ok())
}

/// None when unlimited: then the kernel shows the largest multiple of a page in an i64.
pub(crate) fn memory_limit(dir: &Directory) -> Result<Option<u64>> {
    const UNLIMITED: u64 = i64::MAX.cast_unsigned() & !0xffff;
    let limit = dir.read("memory.limit_in_bytes")?.trim().parse().ok();
    Ok(limit.filter(|limit| *limit < UNLIMITED))
}
