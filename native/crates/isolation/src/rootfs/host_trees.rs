use std::os::fd::OwnedFd;
use std::path::Path;

use longshore_sys::mount::{self, Propagation};
use rustix::fs::{AtFlags, CWD, StatxFlags};

use super::binds;
use crate::error::{ErrorClass, Step, StepError};
use crate::plan::{ContainerPlan, MountPlan, MountSource};

/// What of the host is to be mounted in the container, as detached mounts; what is not here is cloned in its turn.
#[derive(Debug, Default)]
pub(crate) struct HostTrees {
    pub(crate) root: Option<OwnedFd>,
    /// By the number of the mount in the plan.
    mounts: Vec<Option<OwnedFd>>,
    /// Host name, hosts, resolv.conf.
    identity: [Option<OwnedFd>; 3],
}

/// Where a tree belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Slot {
    Root,
    Mount(usize),
    Identity(usize),
}

impl HostTrees {
    /// Those that stay connected with the host's mounts. They must be cloned while the container's copies still are.
    pub(super) fn connected(mounts: &[MountPlan]) -> Result<HostTrees, StepError> {
        let mut trees = HostTrees::default();
        for (index, mount) in mounts.iter().enumerate() {
            if let (
                true,
                MountSource::Bind {
                    path,
                    subpath,
                    recursive,
                    ..
                },
            ) = (is_connected(mount), &mount.source)
            {
                let tree = clone_source(mount, path, subpath.as_deref(), *recursive)?;
                trees.put(Slot::Mount(index), tree);
            }
        }
        Ok(trees)
    }

    pub(crate) fn put(&mut self, slot: Slot, tree: OwnedFd) {
        match slot {
            Slot::Root => self.root = Some(tree),
            Slot::Mount(index) => {
                let length = self.mounts.len().max(index + 1);
                self.mounts.resize_with(length, || None);
                self.mounts[index] = Some(tree);
            }
            Slot::Identity(index) => {
                if let Some(place) = self.identity.get_mut(index) {
                    *place = Some(tree);
                }
            }
        }
    }

    pub(super) fn take_mount(&mut self, index: usize) -> Option<OwnedFd> {
        self.mounts.get_mut(index).and_then(Option::take)
    }

    pub(super) fn take_identity(&mut self, index: usize) -> Option<OwnedFd> {
        self.identity.get_mut(index).and_then(Option::take)
    }
}

/// All that a plan takes from the host but its root, with the mounts whose files change their owners.
pub(crate) fn sources(
    plan: &ContainerPlan,
) -> impl Iterator<Item = Result<(Slot, OwnedFd, Option<bool>), StepError>> {
    let binds = plan.mounts.iter().enumerate().filter_map(|(index, mount)| {
        let MountSource::Bind {
            path,
            subpath,
            recursive,
            mapped,
        } = &mount.source
        else {
            return None;
        };
        let tree = clone_source(mount, path, subpath.as_deref(), *recursive);
        Some(tree.map(|tree| (Slot::Mount(index), tree, *mapped)))
    });
    let identity = &plan.identity;
    let files = [&identity.hostname, &identity.hosts, &identity.resolv_conf];
    let files = files.into_iter().enumerate().filter_map(|(index, path)| {
        let path = path.as_ref()?.as_path();
        let tree = mount::clone_tree_at(path, false).step("mount", path.display());
        Some(tree.map(|tree| (Slot::Identity(index), tree, Some(false))))
    });
    binds.chain(files)
}

fn clone_source(
    mount: &MountPlan,
    path: &Path,
    subpath: Option<&Path>,
    recursive: bool,
) -> Result<OwnedFd, StepError> {
    if is_connected(mount) {
        require_connection(path, mount.propagation)?;
    }
    binds::clone_source(path, subpath, recursive)
}

/// Whether the host's later mounts show in the container.
fn is_connected(mount: &MountPlan) -> bool {
    let propagation = mount.propagation.map(|(propagation, _)| propagation);
    matches!(propagation, Some(Propagation::Slave | Propagation::Shared))
}

/// What the host does not share would silently stay apart.
fn require_connection(
    path: &Path,
    propagation: Option<(Propagation, bool)>,
) -> Result<(), StepError> {
    const MOUNTS: &str = "/proc/self/mountinfo";
    let status = rustix::fs::statx(CWD, path, AtFlags::empty(), StatxFlags::MNT_ID)
        .map_err(|errno| binds::missing(path, errno))?;
    let mounts = std::fs::read_to_string(MOUNTS).map_err(|error| {
        let errno = longshore_sys::Errno::from_io_error(&error).unwrap_or(longshore_sys::Errno::IO);
        StepError::kernel("mount", MOUNTS, errno)
    })?;
    let needs_peer = matches!(propagation, Some((Propagation::Shared, _)));
    let is_connected =
        |field: &str| field.starts_with("shared:") || (!needs_peer && field.starts_with("master:"));
    let mut tags = tags_of(&mounts, status.stx_mnt_id);
    if tags.any(is_connected) {
        return Ok(());
    }
    let path = path.display();
    let message = format!("{path} lies on a mount that the host does not share");
    Err(
        StepError::refused(ErrorClass::FailedPrecondition, "mount", path, message)
            .with_hint("Make it a shared mount on the host, or ask for private propagation."),
    )
}

/// The optional fields of one line of mountinfo (proc_pid_mountinfo(5)).
fn tags_of(mounts: &str, id: u64) -> impl Iterator<Item = &str> {
    let id = id.to_string();
    let line = mounts
        .lines()
        .find(|line| line.split(' ').next() == Some(&id));
    let fields = line.into_iter().flat_map(|line| line.split(' ').skip(6));
    fields.take_while(|field| *field != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mounts_tags_end_at_the_dash() {
        let mounts = "1 0 0:1 / / rw - tmpfs shared:9 rw\n\
                      22 1 0:2 / /a rw,nosuid shared:3 master:4 - tmpfs x rw\n";
        let tags = |id| tags_of(mounts, id).collect::<Vec<_>>();
        assert_eq!(tags(22), ["shared:3", "master:4"]);
        assert!(tags(1).is_empty() && tags(2).is_empty());
    }
}
