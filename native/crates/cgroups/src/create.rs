use std::ffi::OsStr;
use std::path::{Component, Path};

use crate::devices::{DeviceRules, attach_program, load_program, write_v1};
use crate::directory::Directory;
use crate::error::{Error, Result, at};
use crate::folders::{self, HOME};
use crate::group::{Cgroup, Group};
use crate::host::{CgroupHost, Controller, Hierarchy, Version};
use crate::limits::{Limits, field};
use crate::{v1, v2};

/// The controllers that every container joins, limited or not: memory to know of OOM kills and the peak, devices
/// to keep it off the host's disks, CPU so that it counts as one against the others however many threads it has.
/// Each further v1 hierarchy would cost 0.1 ms (folder, join, removal), so the rest only when a limit, or a parent of the
/// person's choosing, asks for it.
const ALWAYS: [Controller; 3] = [Controller::Memory, Controller::Devices, Controller::Cpu];

impl CgroupHost {
    /// Makes the cgroup `path` ("longshore/<id>", relative to each hierarchy's root) and sets its limits.
    /// Parents are made as needed. An empty cgroup of that name, left by a crash, is replaced; one with processes is
    /// [`Error::Busy`]. On failure nothing is left but parents.
    pub fn create(&self, path: &str, limits: &Limits, devices: &DeviceRules) -> Result<Cgroup> {
        check_path(path)?;
        limits.swap_limit()?;
        self.check_controllers(limits)?;
        let mut cgroup = Cgroup { groups: Vec::new() };
        match self.fill(&mut cgroup, Path::new(path), limits, devices) {
            Ok(()) => Ok(cgroup),
            Err(error) => {
                // The first failure says why; what cannot be removed now is replaced by the next create.
                let _ = cgroup.remove();
                Err(error)
            }
        }
    }

    fn check_controllers(&self, limits: &Limits) -> Result<()> {
        for (controller, limit) in limits.controllers() {
            if !self.controllers().contains(&controller) {
                let reason = format!("there is no {} controller", controller.name());
                return Err(Error::Unsupported { limit, reason });
            }
        }
        Ok(())
    }

    fn fill(
        &self,
        cgroup: &mut Cgroup,
        path: &Path,
        limits: &Limits,
        devices: &DeviceRules,
    ) -> Result<()> {
        let needed: Vec<_> = limits
            .controllers()
            .into_iter()
            .map(|need| need.0)
            .collect();
        for hierarchy in &self.hierarchies {
            let has_chosen_parent = has_chosen_parent(hierarchy, path);
            let is_wanted = |controller: &Controller| {
                has_chosen_parent || ALWAYS.contains(controller) || needed.contains(controller)
            };
            let wanted: Vec<_> = hierarchy
                .controllers
                .iter()
                .copied()
                .filter(is_wanted)
                .collect();
            if wanted.is_empty() && hierarchy.version == Version::V1 {
                continue;
            }
            let directory = make(hierarchy, path, &wanted)?;
            cgroup.groups.push(Group {
                name: hierarchy.name(),
                version: hierarchy.version,
                controllers: wanted,
                directory,
            });
        }
        for group in &cgroup.groups {
            for controller in &group.controllers {
                match group.version {
                    Version::V1 => v1::apply(&group.directory, *controller, limits)?,
                    Version::V2 => v2::apply(&group.directory, *controller, limits)?,
                }
            }
        }
        self.limit_devices(cgroup, devices)
    }

    fn limit_devices(&self, cgroup: &Cgroup, rules: &DeviceRules) -> Result<()> {
        if rules.allows_all() {
            return Ok(());
        }
        if let Some(group) = cgroup.group_of(Controller::Devices) {
            return write_v1(&group.directory, rules);
        }
        let Some(unified) = cgroup.unified() else {
            let reason = "there is no devices controller".to_owned();
            return Err(Error::Unsupported {
                limit: field::DEVICES,
                reason,
            });
        };
        if *rules != DeviceRules::docker_default() {
            return attach_program(&unified.directory, &load_program(rules)?);
        }
        let program = match self.default_devices.get() {
            Some(program) => program,
            None => {
                let loaded = load_program(rules)?;
                self.default_devices.get_or_init(|| loaded)
            }
        };
        attach_program(&unified.directory, program)
    }
}

/// Whether a parent of the person's choosing is there, whose limits are then the container's as well.
fn has_chosen_parent(hierarchy: &Hierarchy, path: &Path) -> bool {
    let parent = path.parent().filter(|parent| *parent != Path::new(HOME));
    hierarchy.version == Version::V1 && parent.is_some_and(|it| hierarchy.mount.join(it).is_dir())
}

/// One or more plain names, so that no path leaves its hierarchy.
pub(crate) fn check_path(path: &str) -> Result<()> {
    let is_plain =
        |component| matches!(component, Component::Normal(name) if name != OsStr::new(""));
    if !path.is_empty() && !path.contains('\0') && Path::new(path).components().all(is_plain) {
        return Ok(());
    }
    Err(Error::Invalid {
        limit: "linux.cgroupsPath",
        reason: format!("'{path}' is not relative and plain"),
    })
}

fn make(hierarchy: &Hierarchy, path: &Path, wanted: &[Controller]) -> Result<Directory> {
    let full = hierarchy.mount.join(path);
    folders::make(&full)?;
    let directory = Directory::open(full.clone()).map_err(at("open", &full))?;
    if hierarchy.version == Version::V2 {
        enable(hierarchy, path, &directory, wanted)?;
    }
    Ok(directory)
}

/// In the unified hierarchy a cgroup has those controllers that all cgroups above it pass on. Only cgroups without
/// processes of their own may do so, the root excepted, which is why containers have a parent to themselves.
fn enable(
    hierarchy: &Hierarchy,
    path: &Path,
    directory: &Directory,
    wanted: &[Controller],
) -> Result<()> {
    let present = directory.read("cgroup.controllers")?;
    let is_missing = |name: &str| !present.split_whitespace().any(|one| one == name);
    let missing: Vec<_> = wanted
        .iter()
        .map(|one| one.name_in(Version::V2))
        .filter(|name| is_missing(name))
        .collect();
    let parents: Vec<_> = path.ancestors().skip(1).collect();
    for parent in parents.into_iter().rev() {
        let full = hierarchy.mount.join(parent);
        let parent = Directory::open(full.clone()).map_err(at("open", &full))?;
        for name in &missing {
            parent
                .write("cgroup.subtree_control", &format!("+{name}"))
                .map_err(|errno| {
                    let path = full.join("cgroup.subtree_control");
                    at("enable the controller for children in", &path)(errno)
                })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_its_hierarchy() {
        for good in ["longshore/abc", "a"] {
            check_path(good).unwrap();
        }
        for bad in [
            "",
            "/longshore/abc",
            "../abc",
            "longshore/../..",
            "a\0b",
            ".",
        ] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
    }
}
