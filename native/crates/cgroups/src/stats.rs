//! What a container uses now. A value that the host does not count is 0.

mod parse;

use crate::directory::Directory;
use crate::group::Cgroup;
use crate::host::{CgroupHost, Controller, Mode, Version};
use crate::v2::flat_key;
use crate::{v1, v2};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    pub cpu: CpuUsage,
    pub memory: MemoryUsage,
    pub pids: PidsUsage,
    pub block_devices: Vec<BlockDeviceUsage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CpuUsage {
    pub usage_ns: u64,
    pub user_ns: u64,
    pub system_ns: u64,
    /// By number of the processor; empty where the host does not count them apart.
    pub per_cpu_ns: Vec<u64>,
    pub periods: u64,
    pub throttled_periods: u64,
    pub throttled_ns: u64,
}

/// In bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryUsage {
    pub usage: u64,
    pub max_usage: u64,
    /// None without a limit.
    pub limit: Option<u64>,
    pub anon: u64,
    pub file: u64,
    pub inactive_file: u64,
    pub kernel: u64,
    pub swap: u64,
    pub oom_kills: u64,
}

/// Processes and threads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PidsUsage {
    pub current: u64,
    /// None without a limit.
    pub limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlockDeviceUsage {
    pub major: u32,
    pub minor: u32,
    pub read_bytes: u64,
    pub write_bytes: u64,
    pub read_operations: u64,
    pub write_operations: u64,
}

impl CgroupHost {
    /// Has the unified hierarchy count processes and disk traffic of every cgroup below `parent` from now on, also of
    /// those without such limits. Where it cannot, these values stay 0. On v1 a container counts what it has joined.
    pub fn count_below(&self, parent: &str) {
        let unified = self.hierarchies.iter().find(|it| it.version == Version::V2);
        let Some(unified) = unified.filter(|_| self.mode() == Mode::V2) else {
            return;
        };
        for path in [unified.mount.clone(), unified.mount.join(parent)] {
            let Ok(directory) = Directory::open(path) else {
                return;
            };
            for controller in ["+pids", "+io"] {
                // A host that reserves a controller for itself does not count with it.
                let _ = directory.write("cgroup.subtree_control", controller);
            }
        }
    }
}

impl Cgroup {
    /// All counters at once. Files are read one after another: they belong to slightly different moments.
    pub fn usage(&self) -> Usage {
        Usage {
            cpu: self.cpu_usage(),
            memory: self.memory_usage(),
            pids: self.pids_usage(),
            block_devices: self.block_usage(),
        }
    }

    fn cpu_usage(&self) -> CpuUsage {
        let mut usage = CpuUsage::default();
        if let Some(unified) = self.unified() {
            // Counted for every cgroup, with or without the controller.
            parse::cpu_v2(&text(&unified.directory, "cpu.stat"), &mut usage);
        }
        let Some(group) = self.group_of(Controller::Cpu) else {
            return usage;
        };
        if group.version == Version::V1 {
            let directory = &group.directory;
            parse::throttling_v1(&text(directory, "cpu.stat"), &mut usage);
            usage.per_cpu_ns = parse::numbers(&text(directory, "cpuacct.usage_percpu"));
            if self.unified().is_none() {
                parse::cpu_v1(
                    &text(directory, "cpuacct.usage"),
                    &text(directory, "cpuacct.stat"),
                    &mut usage,
                );
            }
        }
        usage
    }

    fn memory_usage(&self) -> MemoryUsage {
        let Some(group) = self.group_of(Controller::Memory) else {
            return MemoryUsage::default();
        };
        let directory = &group.directory;
        match group.version {
            Version::V1 => memory_v1(directory),
            Version::V2 => memory_v2(directory),
        }
    }

    fn pids_usage(&self) -> PidsUsage {
        for group in &self.groups {
            if let Ok(Some(current)) = group.directory.read_if_present("pids.current") {
                return PidsUsage {
                    current: current.trim().parse().unwrap_or(0),
                    limit: text(&group.directory, "pids.max").trim().parse().ok(),
                };
            }
        }
        let threads = self.groups.first().map(|group| match group.version {
            Version::V1 => text(&group.directory, "tasks"),
            Version::V2 => text(&group.directory, "cgroup.threads"),
        });
        PidsUsage {
            current: threads.map_or(0, |threads| threads.lines().count() as u64),
            limit: None,
        }
    }

    fn block_usage(&self) -> Vec<BlockDeviceUsage> {
        for group in &self.groups {
            let directory = &group.directory;
            match group.version {
                Version::V2 => {
                    if let Ok(Some(stat)) = directory.read_if_present("io.stat") {
                        return parse::block_v2(&stat);
                    }
                }
                Version::V1 => {
                    let bytes = "blkio.throttle.io_service_bytes_recursive";
                    if let Ok(Some(bytes)) = directory.read_if_present(bytes) {
                        let operations = text(directory, "blkio.throttle.io_serviced_recursive");
                        return parse::block_v1(&bytes, &operations);
                    }
                }
            }
        }
        Vec::new()
    }
}

fn memory_v1(directory: &Directory) -> MemoryUsage {
    let stat = text(directory, "memory.stat");
    MemoryUsage {
        usage: number(directory, "memory.usage_in_bytes"),
        max_usage: number(directory, "memory.max_usage_in_bytes"),
        limit: v1::memory_limit(directory).unwrap_or_default(),
        anon: flat_key(&stat, "total_rss"),
        file: flat_key(&stat, "total_cache"),
        inactive_file: flat_key(&stat, "total_inactive_file"),
        kernel: number(directory, "memory.kmem.usage_in_bytes"),
        swap: flat_key(&stat, "total_swap"),
        oom_kills: v1::oom_kills(directory).unwrap_or_default(),
    }
}

fn memory_v2(directory: &Directory) -> MemoryUsage {
    let stat = text(directory, "memory.stat");
    MemoryUsage {
        usage: number(directory, "memory.current"),
        max_usage: number(directory, "memory.peak"),
        limit: v2::memory_limit(directory).unwrap_or_default(),
        anon: flat_key(&stat, "anon"),
        file: flat_key(&stat, "file"),
        inactive_file: flat_key(&stat, "inactive_file"),
        kernel: flat_key(&stat, "kernel"),
        swap: number(directory, "memory.swap.current"),
        oom_kills: v2::oom_kills(directory).unwrap_or_default(),
    }
}

/// Empty when there is no such file, or the cgroup has just gone.
fn text(directory: &Directory, file: &str) -> String {
    let read = directory.read_if_present(file);
    read.unwrap_or_default().unwrap_or_default()
}

fn number(directory: &Directory, file: &str) -> u64 {
    text(directory, file).trim().parse().unwrap_or(0)
}
