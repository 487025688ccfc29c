//! Limits as the v1 controllers take them. A fresh cgroup has none, so only those asked for are written.

use std::path::Path;

use crate::directory::Directory;
use crate::error::{Error, Result, at};
use crate::host::Controller;
use crate::limits::{Limits, SwapLimit};

pub(crate) fn apply(dir: &Directory, controller: Controller, limits: &Limits) -> Result<()> {
    match controller {
        Controller::Memory => apply_memory(dir, limits),
        Controller::Cpu => apply_cpu(dir, limits),
        Controller::Cpuset => apply_cpuset(dir, limits),
        Controller::Pids => write(dir, "pids", "pids.max", limits.pids),
        Controller::Devices => Ok(()),
    }
}

fn apply_memory(dir: &Directory, limits: &Limits) -> Result<()> {
    // The limit on memory first: the kernel keeps it at or below the one on memory plus swap.
    write(dir, "memory", "memory.limit_in_bytes", limits.memory)?;
    write(
        dir,
        "memory reservation",
        "memory.soft_limit_in_bytes",
        limits.memory_reservation,
    )?;
    let SwapLimit::Bytes {
        total, demanded, ..
    } = limits.swap_limit()?
    else {
        return Ok(());
    };
    match write(
        dir,
        "memory swap",
        "memory.memsw.limit_in_bytes",
        Some(total),
    ) {
        Err(Error::Unsupported { .. }) if !demanded => Ok(()),
        result => result,
    }
}

fn apply_cpu(dir: &Directory, limits: &Limits) -> Result<()> {
    write(dir, "CPU shares", "cpu.shares", limits.cpu_shares)?;
    write(dir, "CPU period", "cpu.cfs_period_us", limits.cpu_period)?;
    write(dir, "CPU quota", "cpu.cfs_quota_us", limits.cpu_quota)
}

/// A v1 cpuset begins empty, and takes no process until both lists are there.
fn apply_cpuset(dir: &Directory, limits: &Limits) -> Result<()> {
    initialise_cpuset(dir.path())?;
    if let Some(cpus) = &limits.cpuset_cpus {
        dir.write_limit("cpuset cpus", "cpuset.cpus", cpus)?;
    }
    if let Some(mems) = &limits.cpuset_mems {
        dir.write_limit("cpuset mems", "cpuset.mems", mems)?;
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
