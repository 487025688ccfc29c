use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::mounts::hierarchies_in;

/// How this host's cgroup hierarchies are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// v1 hierarchies only.
    V1,
    /// v1 hierarchies, and the unified one beside them.
    Hybrid,
    /// The unified hierarchy only.
    V2,
}

/// The controllers that containers are given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Controller {
    BlockIo,
    Cpu,
    Cpuset,
    Devices,
    HugePages,
    Memory,
    Pids,
}

impl Controller {
    /// As the kernel has it; version 2 calls "blkio" "io".
    pub fn name(self) -> &'static str {
        match self {
            Controller::BlockIo => "blkio",
            Controller::Cpu => "cpu",
            Controller::Cpuset => "cpuset",
            Controller::Devices => "devices",
            Controller::HugePages => "hugetlb",
            Controller::Memory => "memory",
            Controller::Pids => "pids",
        }
    }

    pub(crate) fn name_in(self, version: Version) -> &'static str {
        match (self, version) {
            (Controller::BlockIo, Version::V2) => "io",
            _ => self.name(),
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Controller> {
        use Controller::{BlockIo, Cpu, Cpuset, Devices, HugePages, Memory, Pids};
        if name == "io" {
            return Some(BlockIo);
        }
        [BlockIo, Cpu, Cpuset, Devices, HugePages, Memory, Pids]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// A mounted hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    pub(crate) version: Version,
    pub(crate) mount: PathBuf,
    pub(crate) controllers: Vec<Controller>,
}

impl Hierarchy {
    /// The last name of the mount point: by it programs look for a v1 controller.
    pub(crate) fn name(&self) -> String {
        let name = self.mount.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// The cgroup hierarchies of this host, as they were mounted when [`detect`](CgroupHost::detect) looked.
#[derive(Debug)]
pub struct CgroupHost {
    mode: Mode,
    controllers: Vec<Controller>,
    pub(crate) hierarchies: Vec<Hierarchy>,
    /// The default device rules as a loaded program, for v2.
    pub(crate) default_devices: OnceLock<OwnedFd>,
}

impl CgroupHost {
    pub fn detect() -> Result<CgroupHost> {
        const MOUNTS: &str = "/proc/thread-self/mountinfo";
        let mounts = std::fs::read_to_string(MOUNTS).map_err(|source| Error::Io {
            step: "read",
            path: MOUNTS.to_owned(),
            source,
        })?;
        let unified_controllers = |mount: &Path| {
            std::fs::read_to_string(mount.join("cgroup.controllers")).unwrap_or_default()
        };
        CgroupHost::from_hierarchies(hierarchies_in(&mounts, unified_controllers))
    }

    fn from_hierarchies(hierarchies: Vec<Hierarchy>) -> Result<CgroupHost> {
        let has_unified = hierarchies.iter().any(|one| one.version == Version::V2);
        let has_v1 = hierarchies
            .iter()
            .any(|one| one.version == Version::V1 && !one.controllers.is_empty());
        let mode = match (has_v1, has_unified) {
            (true, true) => Mode::Hybrid,
            (true, false) => Mode::V1,
            (false, true) => Mode::V2,
            (false, false) => {
                let reason = "no cgroup hierarchy is mounted".to_owned();
                return Err(Error::Unsupported {
                    limit: "cgroup",
                    reason,
                });
            }
        };
        let mut controllers: Vec<_> = hierarchies
            .iter()
            .flat_map(|one| one.controllers.clone())
            .collect();
        controllers.sort();
        Ok(CgroupHost {
            mode,
            controllers,
            hierarchies,
            default_devices: OnceLock::new(),
        })
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The controllers found in any hierarchy. On v2 devices are limited without one.
    pub fn controllers(&self) -> &[Controller] {
        &self.controllers
    }

    /// Whether one write kills a whole cgroup: from Linux 5.14 on, in the unified hierarchy.
    pub fn has_kill(&self) -> bool {
        self.mode != Mode::V1 && kernel_is_at_least(5, 14)
    }

    /// Whether memory plus swap can be limited.
    pub fn swap_accounting(&self) -> bool {
        let Some(hierarchy) = self.hierarchy_of(Controller::Memory) else {
            return false;
        };
        let has = |dir: &Path, file: &str| dir.join(file).exists();
        match hierarchy.version {
            Version::V1 => has(&hierarchy.mount, "memory.memsw.limit_in_bytes"),
            // The root has no such file, but any cgroup below it has.
            Version::V2 => std::fs::read_dir(&hierarchy.mount)
                .into_iter()
                .flatten()
                .flatten()
                .any(|entry| has(&entry.path(), "memory.swap.max")),
        }
    }

    pub(crate) fn hierarchy_of(&self, controller: Controller) -> Option<&Hierarchy> {
        self.hierarchies
            .iter()
            .find(|one| one.controllers.contains(&controller))
    }
}

fn kernel_is_at_least(major: u32, minor: u32) -> bool {
    let uname = rustix::system::uname();
    let release = uname.release().to_string_lossy();
    let mut numbers = release
        .split(['.', '-'])
        .map_while(|part| part.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(major), Some(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hierarchy(version: Version, controllers: &[Controller]) -> Hierarchy {
        Hierarchy {
            version,
            mount: PathBuf::from("/nowhere"),
            controllers: controllers.to_vec(),
        }
    }

    #[test]
    fn the_mode_follows_from_what_is_mounted() {
        let v1 = hierarchy(Version::V1, &[Controller::Memory]);
        let v2 = hierarchy(Version::V2, &[Controller::Pids]);
        // systemd's own v1 hierarchy has no controller and makes no hybrid.
        let named = hierarchy(Version::V1, &[]);
        let mode = |hierarchies: &[&Hierarchy]| {
            CgroupHost::from_hierarchies(hierarchies.iter().map(|one| (*one).clone()).collect())
                .map(|host| host.mode())
        };
        assert_eq!(mode(&[&v1]).unwrap(), Mode::V1);
        assert_eq!(mode(&[&v1, &v2]).unwrap(), Mode::Hybrid);
        assert_eq!(mode(&[&named, &v2]).unwrap(), Mode::V2);
        assert!(mode(&[]).is_err());
    }

    #[test]
    fn this_kernel_has_a_version() {
        assert!(kernel_is_at_least(3, 0));
        assert!(!kernel_is_at_least(99, 0));
    }
}
