//! What the limits were.

use crate::directory::Directory;
use crate::group::Cgroup;
use crate::host::{Controller, Version};

/// Files that an update can write. Those of a kind that bound each other are put back in two rounds.
const MEMORY_V1: &[&str] = &[
    "memory.memsw.limit_in_bytes",
    "memory.limit_in_bytes",
    "memory.soft_limit_in_bytes",
    "memory.swappiness",
];
const MEMORY_V2: &[&str] = &["memory.max", "memory.swap.max", "memory.low"];
const CPU_V1: &[&str] = &[
    "cpu.idle",
    "cpu.shares",
    "cpu.cfs_period_us",
    "cpu.cfs_quota_us",
    "cpu.cfs_burst_us",
    "cpu.rt_period_us",
    "cpu.rt_runtime_us",
];
const CPU_V2: &[&str] = &["cpu.idle", "cpu.weight", "cpu.max", "cpu.max.burst"];
const CPUSET: &[&str] = &["cpuset.cpus", "cpuset.mems"];
const PIDS: &[&str] = &["pids.max"];

/// The values of all limits, to put them back.
pub(super) struct Before<'a> {
    values: Vec<(&'a Directory, &'static str, String)>,
}

impl<'a> Before<'a> {
    pub(super) fn read(cgroup: &'a Cgroup) -> Self {
        let mut values = Vec::new();
        for group in &cgroup.groups {
            let files = group
                .controllers
                .iter()
                .flat_map(|controller| files_of(*controller, group.version));
            for file in files {
                // What this kernel does not have, an update cannot have changed.
                if let Ok(Some(value)) = group.directory.read_if_present(file) {
                    values.push((&group.directory, *file, value));
                }
            }
        }
        Before { values }
    }

    pub(super) fn restore(&self) {
        // One file's old value may be refused until another has its own back.
        for _ in 0..2 {
            for (directory, file, value) in &self.values {
                let is_changed = directory.read(file).is_ok_and(|now| now != *value);
                if is_changed {
                    // The failure that led here is the one to tell.
                    let _ = directory.write(file, value.trim());
                }
            }
        }
    }
}

fn files_of(controller: Controller, version: Version) -> &'static [&'static str] {
    match (controller, version) {
        (Controller::Memory, Version::V1) => MEMORY_V1,
        (Controller::Memory, Version::V2) => MEMORY_V2,
        (Controller::Cpu, Version::V1) => CPU_V1,
        (Controller::Cpu, Version::V2) => CPU_V2,
        (Controller::Cpuset, _) => CPUSET,
        (Controller::Pids, _) => PIDS,
        _ => &[],
    }
}
