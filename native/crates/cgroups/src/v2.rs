//! Limits as the unified hierarchy takes them.

use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::host::Controller;
use crate::limits::{Limits, SwapLimit};

pub(crate) fn apply(dir: &Directory, controller: Controller, limits: &Limits) -> Result<()> {
    match controller {
        Controller::Memory => apply_memory(dir, limits),
        Controller::Cpu => apply_cpu(dir, limits),
        Controller::Cpuset => {
            write(
                dir,
                "cpuset cpus",
                "cpuset.cpus",
                limits.cpuset_cpus.as_deref(),
            )?;
            write(
                dir,
                "cpuset mems",
                "cpuset.mems",
                limits.cpuset_mems.as_deref(),
            )
        }
        Controller::Pids => write(dir, "pids", "pids.max", number(limits.pids).as_deref()),
        Controller::Devices => Ok(()),
    }
}

fn apply_memory(dir: &Directory, limits: &Limits) -> Result<()> {
    write(
        dir,
        "memory",
        "memory.max",
        number(limits.memory).as_deref(),
    )?;
    let reservation = number(limits.memory_reservation);
    write(
        dir,
        "memory reservation",
        "memory.low",
        reservation.as_deref(),
    )?;
    let SwapLimit::Bytes { swap, demanded, .. } = limits.swap_limit()? else {
        return Ok(());
    };
    match write(
        dir,
        "memory swap",
        "memory.swap.max",
        Some(&swap.to_string()),
    ) {
        Err(Error::Unsupported { .. }) if !demanded => Ok(()),
        result => result,
    }
}

fn apply_cpu(dir: &Directory, limits: &Limits) -> Result<()> {
    let weight = limits
        .cpu_shares
        .map(|shares| weight_of_shares(shares).to_string());
    write(dir, "CPU shares", "cpu.weight", weight.as_deref())?;
    if limits.cpu_quota.is_none() && limits.cpu_period.is_none() {
        return Ok(());
    }
    let quota = number(limits.cpu_quota).unwrap_or_else(|| "max".to_owned());
    let max = match limits.cpu_period {
        Some(period) => format!("{quota} {period}"),
        None => quota,
    };
    write(dir, "CPU quota", "cpu.max", Some(&max))
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
mod tests {
    use super::*;
    use crate::limits::Swap;

    /// A folder that takes writes as a cgroup of the unified hierarchy would.
    fn folder(files: &[&str]) -> (tempfile::TempDir, Directory) {
        let temporary = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(temporary.path().join(file), "untouched").unwrap();
        }
        let dir = Directory::open(temporary.path().to_owned()).unwrap();
        (temporary, dir)
    }

    #[test]
    fn memory_and_swap_are_separate_numbers() {
        let (_keep, dir) = folder(&["memory.max", "memory.low", "memory.swap.max"]);
        let limits = Limits {
            memory: Some(1000),
            swap: Swap::Total(1500),
            memory_reservation: Some(10),
            ..Limits::default()
        };
        apply(&dir, Controller::Memory, &limits).unwrap();
        assert_eq!(dir.read("memory.max").unwrap(), "1000");
        assert_eq!(dir.read("memory.swap.max").unwrap(), "500");
        assert_eq!(dir.read("memory.low").unwrap(), "10");
    }

    #[test]
    fn unlimited_swap_is_left_as_it_is() {
        let (_keep, dir) = folder(&["memory.max", "memory.swap.max"]);
        let limits = Limits {
            memory: Some(1000),
            swap: Swap::Unlimited,
            ..Limits::default()
        };
        apply(&dir, Controller::Memory, &limits).unwrap();
        assert_eq!(dir.read("memory.swap.max").unwrap(), "untouched");
    }

    #[test]
    fn a_missing_swap_limit_matters_only_when_demanded() {
        let (_keep, dir) = folder(&["memory.max"]);
        let quiet = Limits {
            memory: Some(1000),
            ..Limits::default()
        };
        apply(&dir, Controller::Memory, &quiet).unwrap();
        let demanded = Limits {
            swap: Swap::Total(1000),
            ..quiet
        };
        let error = apply(&dir, Controller::Memory, &demanded).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Unsupported {
                    limit: "memory swap",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn quota_and_period_share_a_file() {
        let (_keep, dir) = folder(&["cpu.max", "cpu.weight"]);
        let limits = Limits {
            cpu_quota: Some(50_000),
            ..Limits::default()
        };
        apply(&dir, Controller::Cpu, &limits).unwrap();
        assert_eq!(dir.read("cpu.max").unwrap(), "50000");
        let limits = Limits {
            cpu_period: Some(20_000),
            ..limits
        };
        apply(&dir, Controller::Cpu, &limits).unwrap();
        assert_eq!(dir.read("cpu.max").unwrap(), "50000 20000");
        let limits = Limits {
            cpu_quota: None,
            ..limits
        };
        apply(&dir, Controller::Cpu, &limits).unwrap();
        assert_eq!(dir.read("cpu.max").unwrap(), "max 20000");
        assert_eq!(dir.read("cpu.weight").unwrap(), "untouched");
    }

    #[test]
    fn the_ends_and_the_defaults_of_shares_and_weight_meet() {
        assert_eq!(weight_of_shares(2), 1);
        assert_eq!(weight_of_shares(1024), 100);
        assert_eq!(weight_of_shares(262_144), 10_000);
        assert_eq!(weight_of_shares(u64::MAX), 10_000);
    }

    #[test]
    fn cpusets_and_pids_are_written_as_given() {
        let (_keep, dir) = folder(&["cpuset.cpus", "cpuset.mems", "pids.max"]);
        let limits = Limits {
            cpuset_cpus: Some("0-1".to_owned()),
            pids: Some(7),
            ..Limits::default()
        };
        apply(&dir, Controller::Cpuset, &limits).unwrap();
        apply(&dir, Controller::Pids, &limits).unwrap();
        assert_eq!(dir.read("cpuset.cpus").unwrap(), "0-1");
        assert_eq!(dir.read("cpuset.mems").unwrap(), "untouched");
        assert_eq!(dir.read("pids.max").unwrap(), "7");
    }

    #[test]
    fn oom_kills_are_told_from_other_oom_events() {
        let (_keep, dir) = folder(&[]);
        assert_eq!(oom_kills(&dir).unwrap(), 0);
        let text = "low 0\nhigh 0\nmax 9\noom 4\noom_kill 3\noom_group_kill 1\n";
        assert_eq!(flat_key(text, "oom_kill"), 3);
    }
}
