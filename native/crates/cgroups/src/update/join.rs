//! A hierarchy in which a running container had no limit so far.

use std::path::Path;

use rustix::io::Errno;

use crate::directory::Directory;
use crate::error::{Error, Result, at};
use crate::group::Cgroup;
use crate::host::{CgroupHost, Controller, Hierarchy, Version};
use crate::limits::Limits;
use crate::v1;

/// Rounds of moving processes: children of those that have moved are born inside.
const ROUNDS: usize = 100;

impl CgroupHost {
    /// Has the container's processes counted by `controller`, as if it had been limited from the start.
    pub(super) fn join(&self, path: &str, controller: Controller) -> Result<()> {
        let Some(hierarchy) = self.hierarchy_of(controller) else {
            return Ok(());
        };
        match hierarchy.version {
            Version::V2 => enable(hierarchy, Path::new(path), controller),
            Version::V1 => self.join_v1(hierarchy, path, controller),
        }
    }

    fn join_v1(&self, hierarchy: &Hierarchy, path: &str, controller: Controller) -> Result<()> {
        let full = hierarchy.mount.join(path);
        if full.is_dir() {
            return Ok(());
        }
        let cgroup = Cgroup::open(self, path)?;
        std::fs::create_dir_all(&full).map_err(|source| Error::Io {
            step: "make",
            path: full.display().to_string(),
            source,
        })?;
        let directory = Directory::open(full.clone()).map_err(at("open", &full))?;
        // A v1 cpuset takes nobody before it has its lists; other controllers have nothing to do here.
        v1::apply(&directory, controller, &Limits::default())?;
        for _ in 0..ROUNDS {
            let inside = crate::removal::procs(&full)?;
            let mut moved = false;
            for pid in cgroup.procs()?.iter().filter(|pid| !inside.contains(pid)) {
                match directory.write("cgroup.procs", &pid.to_string()) {
                    Ok(()) => moved = true,
                    // It has ended meanwhile.
                    Err(Errno::SRCH) => {}
                    Err(errno) => return Err(at("join", &full)(errno)),
                }
            }
            if !moved {
                break;
            }
        }
        Ok(())
    }
}

/// From the root down each cgroup passes the controller on.
fn enable(hierarchy: &Hierarchy, path: &Path, controller: Controller) -> Result<()> {
    let own = hierarchy.mount.join(path);
    let directory = Directory::open(own.clone()).map_err(at("open", &own))?;
    let name = match controller {
        Controller::Cpu => "cpu",
        Controller::Cpuset => "cpuset",
        Controller::Memory => "memory",
        Controller::Pids => "pids",
        // These are joined at the container's start or not at all.
        _ => return Ok(()),
    };
    let present = directory.read("cgroup.controllers")?;
    if present.split_whitespace().any(|one| one == name) {
        return Ok(());
    }
    let parents: Vec<_> = path.ancestors().skip(1).collect();
    for parent in parents.into_iter().rev() {
        let full = hierarchy.mount.join(parent);
        let parent = Directory::open(full.clone()).map_err(at("open", &full))?;
        let enabled = parent.write("cgroup.subtree_control", &format!("+{name}"));
        enabled.map_err(at("enable the controller for children in", &full))?;
    }
    Ok(())
}
