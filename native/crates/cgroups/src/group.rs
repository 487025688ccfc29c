use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::Path;

use rustix::io::Errno;

use crate::create::check_path;
use crate::directory::Directory;
use crate::error::{Result, at};
use crate::host::{CgroupHost, Controller, Version};
use crate::removal;
use crate::{v1, v2};

/// A container's cgroup: one folder in each hierarchy that it has joined. Dropping it leaves them.
#[derive(Debug)]
pub struct Cgroup {
    pub(crate) groups: Vec<Group>,
}

#[derive(Debug)]
pub(crate) struct Group {
    /// What the hierarchy is called where it is mounted: "memory", "cpu,cpuacct".
    pub(crate) name: String,
    pub(crate) version: Version,
    /// Those of the hierarchy's controllers that the container uses.
    pub(crate) controllers: Vec<Controller>,
    pub(crate) directory: Directory,
}

impl Cgroup {
    /// Finds the cgroup that [`CgroupHost::create`] made, perhaps in an earlier process.
    /// An error of kind NotFound when no hierarchy has it.
    pub fn open(host: &CgroupHost, path: &str) -> Result<Cgroup> {
        check_path(path)?;
        let mut groups = Vec::new();
        for hierarchy in &host.hierarchies {
            let full = hierarchy.mount.join(path);
            match Directory::open(full.clone()) {
                Ok(directory) => groups.push(Group {
                    name: hierarchy.name(),
                    version: hierarchy.version,
                    controllers: hierarchy.controllers.clone(),
                    directory,
                }),
                Err(Errno::NOENT) => {}
                Err(errno) => return Err(at("open", &full)(errno)),
            }
        }
        if groups.is_empty() {
            return Err(at("open", path.as_ref())(Errno::NOENT));
        }
        Ok(Cgroup { groups })
    }

    /// The folder in the unified hierarchy, for clone3 with CLONE_INTO_CGROUP. None on a v1 host.
    pub fn lifecycle_fd(&self) -> Option<BorrowedFd<'_>> {
        self.unified().map(|group| group.directory.as_fd())
    }

    /// The folder in each hierarchy that the container has joined, by the name of the hierarchy's mount point.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.groups
            .iter()
            .map(|group| (group.name.as_str(), group.directory.path()))
    }

    /// The calling process joins the v1 hierarchies. It must have one thread.
    /// Call it in the child right after clone3: [`attach`](Cgroup::attach) from outside can take 10 ms and more.
    pub fn enter(&self) -> Result<()> {
        self.v1_groups()
            .try_for_each(|group| v1::enter(&group.directory))
    }

    /// Moves the process `pid` into the v1 hierarchies, all its threads included.
    pub fn attach(&self, pid: i32) -> Result<()> {
        self.v1_groups()
            .try_for_each(|group| v1::attach(&group.directory, pid))
    }

    /// The processes in this cgroup and in those that the container made below it.
    pub fn procs(&self) -> Result<Vec<i32>> {
        self.first().map_or(Ok(Vec::new()), |group| {
            removal::procs(group.directory.path())
        })
    }

    /// Sends SIGKILL to every process; forks meanwhile do not escape it. Does not wait for their end.
    pub fn kill_all(&self) -> Result<()> {
        self.first().map_or(Ok(()), |group| {
            removal::kill_all(&group.directory).map(drop)
        })
    }

    /// How many processes the kernel has killed here for want of memory.
    pub fn oom_kills(&self) -> Result<u64> {
        self.memory(0, v1::oom_kills, v2::oom_kills)
    }

    /// The most memory used at once, in bytes. None when the host does not count it.
    pub fn memory_peak(&self) -> Result<Option<u64>> {
        self.memory(None, v1::memory_peak, v2::memory_peak)
    }

    /// In bytes. None when there is no limit.
    pub fn memory_limit(&self) -> Result<Option<u64>> {
        self.memory(None, v1::memory_limit, v2::memory_limit)
    }

    /// Kills what is left and removes every folder, also those that the container made below its own.
    /// [`Error::Busy`](crate::Error::Busy) when processes survive SIGKILL for five seconds.
    pub fn remove(self) -> Result<()> {
        removal::remove(&self.groups)
    }

    fn memory<T>(
        &self,
        otherwise: T,
        v1: impl Fn(&Directory) -> Result<T>,
        v2: impl Fn(&Directory) -> Result<T>,
    ) -> Result<T> {
        match self.group_of(Controller::Memory) {
            Some(group) if group.version == Version::V1 => v1(&group.directory),
            Some(group) => v2(&group.directory),
            None => Ok(otherwise),
        }
    }

    pub(crate) fn group_of(&self, controller: Controller) -> Option<&Group> {
        self.groups
            .iter()
            .find(|group| group.controllers.contains(&controller))
    }

    pub(crate) fn unified(&self) -> Option<&Group> {
        self.groups
            .iter()
            .find(|group| group.version == Version::V2)
    }

    fn v1_groups(&self) -> impl Iterator<Item = &Group> {
        self.groups
            .iter()
            .filter(|group| group.version == Version::V1)
    }

    /// The one that tells the processes: every process is in all of them.
    fn first(&self) -> Option<&Group> {
        self.unified().or(self.groups.first())
    }
}
