//! Everything the first process of a container needs to know, as plain data that the parent prepared.
//!
//! A plan is made and validated before any process exists ([`ContainerPlan::from_spec`]); it serialises, so that it
//! can travel to the process that clones. Descriptors travel beside it ([`crate::Handles`]).

mod mounts;
mod process;

use std::path::PathBuf;

use longshore_sys::clone::Namespaces;
use longshore_sys::mount::Propagation;
use serde::{Deserialize, Serialize};

use crate::error::StepError;
use crate::process::{apparmor, rlimits};
use crate::spec::SpecError;

pub use mounts::{CgroupHierarchy, CgroupView, FileSystemOption, MountPlan, MountSource};
pub use process::{
    Capabilities, ProcessPlan, Rlimit, RlimitResource, SeccompFilter, TerminalSize, UserPlan,
};

/// A container, from clone3's return to the exec of its command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerPlan {
    pub id: String,
    pub namespaces: NamespacePlan,
    pub root: RootPlan,
    /// What the container's own mounts below "/" do with those that it makes later. None: they stay private.
    pub root_propagation: Option<(Propagation, bool)>,
    /// In the order in which they are made; a later one may lie inside an earlier one.
    pub mounts: Vec<MountPlan>,
    pub identity: IdentityFiles,
    /// What a mount of type "cgroup" shows.
    pub cgroup_view: CgroupView,
    /// Device nodes besides null, zero, full, random, urandom and tty.
    pub devices: Vec<DevicePlan>,
    /// Files that read as empty and directories that show nothing.
    pub masked_paths: Vec<PathBuf>,
    pub readonly_paths: Vec<PathBuf>,
    /// Paths below /proc/sys, "net/ipv4/ip_forward", and their values.
    pub sysctls: Vec<Sysctl>,
    pub hostname: Option<String>,
    pub domainname: Option<String>,
    pub process: ProcessPlan,
    /// A reaper as PID 1, the command as its child.
    pub init: bool,
}

impl ContainerPlan {
    /// What clone3 makes new. `network_given`: a ready network namespace comes in [`crate::Handles`]. Mapped users have
    /// their message queues only from a namespace that their own root makes.
    #[must_use]
    pub fn namespaces_to_create(&self, network_given: bool) -> Namespaces {
        let mut later = Namespaces::empty();
        later.set(Namespaces::NETWORK, network_given);
        later.set(Namespaces::IPC, self.namespaces.users.is_some());
        self.namespaces.create - later
    }

    /// Takes those namespaces from other containers instead of making them.
    ///
    /// # Errors
    /// The kind for which the spec gives a path, or which a container with mapped users cannot take from elsewhere.
    pub fn share(&mut self, kinds: Namespaces) -> Result<(), SpecError> {
        let refusal = |reason: &str| Err(SpecError::invalid("linux.namespaces", reason));
        if self
            .namespaces
            .join
            .iter()
            .any(|it| kinds.contains(it.kind))
        {
            return refusal("gives a path for a namespace that is another container's");
        }
        if self.namespaces.users.is_some() && !kinds.is_empty() {
            return refusal("a container with mapped users cannot share another container's");
        }
        self.namespaces.create -= kinds;
        self.namespaces.shared |= kinds;
        let shares_names = kinds.contains(Namespaces::UTS);
        if shares_names {
            self.hostname = None;
            self.domainname = None;
        }
        match self
            .sysctls
            .iter()
            .find(|it| kinds.intersects(it.namespace))
        {
            Some(sysctl) => Err(SpecError::invalid(
                format!("linux.sysctl.{}", sysctl.path.replace('/', ".")),
                "is another container's: its namespace is shared",
            )),
            None => Ok(()),
        }
    }

    /// Refuses what this host cannot give, before anything is made.
    ///
    /// # Errors
    /// The first demand that the host cannot meet.
    pub fn check_host(&self) -> Result<(), StepError> {
        apparmor::check(self.process.apparmor_profile.as_deref())?;
        rlimits::check(&self.process.rlimits)
    }

    /// Whether anything lies between this container's network and the host's.
    #[must_use]
    pub fn has_own_network(&self) -> bool {
        let joined = self
            .namespaces
            .join
            .iter()
            .any(|it| it.kind == Namespaces::NETWORK);
        let namespaces = self.namespaces.create | self.namespaces.shared;
        joined || namespaces.contains(Namespaces::NETWORK)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NamespacePlan {
    /// Made by clone3. Never `CGROUP`: see `own_cgroup`.
    pub create: Namespaces,
    pub join: Vec<JoinedNamespace>,
    /// Of other containers, whose first processes come in [`crate::Handles`].
    pub shared: Namespaces,
    /// Present exactly when a user namespace is made.
    pub users: Option<UserMappings>,
    /// A cgroup namespace, made once the process is in its cgroup, so that it sees its own cgroup as the root.
    pub own_cgroup: bool,
}

/// Who the users and groups of a container are on the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMappings {
    pub uids: Vec<IdRange>,
    pub gids: Vec<IdRange>,
}

impl UserMappings {
    /// The uid and the gid that the container's root has on the host.
    #[must_use]
    pub fn root(&self) -> (u32, u32) {
        let of_root = |ranges: &[IdRange]| {
            let first = ranges.iter().find(|range| range.inside == 0);
            first.map_or(u32::MAX, |range| range.outside)
        };
        (of_root(&self.uids), of_root(&self.gids))
    }
}

/// `count` ids from `inside` on, in the container, are those from `outside` on, on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdRange {
    pub inside: u32,
    pub outside: u32,
    pub count: u32,
}

/// A namespace that somebody else made: `/proc/<pid>/ns/<name>` or a bind mount of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedNamespace {
    pub kind: Namespaces,
    pub path: PathBuf,
}

/// What the root file system is made of. All paths are absolute and on the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootPlan {
    /// Unpacked layers, lowest first; at least one.
    pub layers: Vec<PathBuf>,
    /// The writable layer and overlay's scratch directory, on the same file system.
    pub upper: PathBuf,
    pub work: PathBuf,
    /// An empty directory: where the overlay is mounted, seen only in the container's own mount namespace.
    pub merged: PathBuf,
    pub read_only: bool,
    /// No fsync reaches the disk. After a crash of the machine the writable layer is lost.
    pub volatile: bool,
}

/// Files of the host that stand for the image's own. Absent ones leave the image's as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IdentityFiles {
    pub hostname: Option<PathBuf>,
    pub hosts: Option<PathBuf>,
    pub resolv_conf: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicePlan {
    /// Absolute, in the container.
    pub path: PathBuf,
    pub kind: DeviceKind,
    pub major: u32,
    pub minor: u32,
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    Character,
    Block,
    Fifo,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sysctl {
    /// Below /proc/sys, with slashes.
    pub path: String,
    /// The one that it belongs to.
    pub namespace: Namespaces,
    pub value: String,
}
