//! The container's tree of mounts, made in its own mount namespace.
//!
//! Every place that something is mounted on is opened inside the root first and then mounted on by descriptor, so
//! neither symlinks of the image nor a race in a shared volume can lead a mount to somewhere else (CVE-2019-19921,
//! CVE-2021-30465). What protects /proc is resolved from the descriptor of the new proc mount itself.

mod binds;
mod cgroup_view;
mod copy_up;
mod devices;
mod filesystems;
mod host_trees;
mod identity_files;
pub(crate) mod overlay;
mod places;
mod protected_paths;
mod sysctls;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use longshore_sys::mount::{self, AttributeChange, MountAttributes, Propagation};
use longshore_sys::rooted::Missing;

use crate::error::{ErrorClass, Step, StepError};
use crate::plan::{CgroupView, ContainerPlan, MountPlan, MountSource};
use crate::shared_memory;
use devices::Nodes;
pub(crate) use host_trees::{HostTrees, Slot, sources};

/// The root and those of its mounts that later steps need, all by descriptor.
#[derive(Debug)]
pub(crate) struct Rootfs {
    root: OwnedFd,
    proc: Option<OwnedFd>,
    sys: Option<OwnedFd>,
    /// The directory that holds the device nodes made here. None: /dev came from the host by a bind mount.
    dev: Option<OwnedFd>,
    devpts: Option<OwnedFd>,
}

impl Rootfs {
    /// Everything that depends neither on the container's cgroup nor on its network. `given`: what the parent has
    /// mounted for a container with mapped users.
    pub(crate) fn mount(
        plan: &ContainerPlan,
        given: Option<HostTrees>,
    ) -> Result<Rootfs, StepError> {
        let mut trees = match given {
            Some(trees) => trees,
            None => HostTrees::connected(&plan.mounts)?,
        };
        leave_the_hosts_propagation()?;
        let root = match trees.root.take() {
            Some(root) => overlay::attach_mapped(root)?,
            None => overlay::mount(&plan.root)?,
        };
        let mut rootfs = Rootfs {
            root,
            proc: None,
            sys: None,
            dev: None,
            devpts: None,
        };
        for (index, mount) in plan.mounts.iter().enumerate() {
            rootfs.add(plan, mount, trees.take_mount(index))?;
        }
        identity_files::bind(&rootfs, plan, &mut trees)?;
        if rootfs.dev.is_none() && !plan.mounts.iter().any(|mount| is_bind_at(mount, "/dev")) {
            rootfs.dev = Some(devices::fill_directory_of_image(
                rootfs.root(),
                Nodes::of(plan),
            )?);
        }
        devices::make_extra(&rootfs, &plan.devices, Nodes::of(plan))?;
        Ok(rootfs)
    }

    /// Another container's shared memory in the place of an own one.
    pub(crate) fn add_shared_memory(&self, tree: &OwnedFd) -> Result<(), StepError> {
        let path = Path::new(shared_memory::PATH);
        let place = places::open(self, path, Missing::Directory)?;
        mount::attach(tree, &place.fd).step("mount", shared_memory::PATH)
    }

    fn add(
        &mut self,
        plan: &ContainerPlan,
        mount: &MountPlan,
        tree: Option<OwnedFd>,
    ) -> Result<(), StepError> {
        match &mount.source {
            MountSource::Bind {
                path,
                subpath,
                recursive,
                ..
            } => {
                let tree = match tree {
                    Some(tree) => tree,
                    None => binds::clone_source(path, subpath.as_deref(), *recursive)?,
                };
                binds::add(self, mount, &tree)
            }
            MountSource::FileSystem { .. } => filesystems::add(self, mount, plan),
            MountSource::Cgroup if needs_own_cgroup(plan) => Ok(()),
            MountSource::Cgroup => cgroup_view::add(self, mount, plan),
        }
    }

    /// What needs the cgroup namespace or the network's interfaces, and then the protection of /proc and /sys.
    pub(crate) fn finish(&mut self, plan: &ContainerPlan) -> Result<(), StepError> {
        if needs_own_cgroup(plan) {
            let views = plan
                .mounts
                .iter()
                .filter(|it| it.source == MountSource::Cgroup);
            for mount in views {
                cgroup_view::add(self, mount, plan)?;
            }
        }
        sysctls::write(self, &plan.sysctls)?;
        protected_paths::make_read_only(self, &plan.readonly_paths)?;
        protected_paths::mask(self, &plan.masked_paths)
    }

    /// Comes last: until then places to mount on may have to be made in the root.
    pub(crate) fn make_read_only(&self, plan: &ContainerPlan) -> Result<(), StepError> {
        if !plan.root.read_only {
            return Ok(());
        }
        let change = AttributeChange {
            set: MountAttributes::READ_ONLY,
            ..AttributeChange::default()
        };
        mount::change_attributes(&self.root, &change).step("mount", "/")
    }

    pub(crate) fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    pub(crate) fn dev(&self) -> Option<BorrowedFd<'_>> {
        self.dev.as_ref().map(AsFd::as_fd)
    }

    pub(crate) fn devpts(&self) -> Result<BorrowedFd<'_>, StepError> {
        self.devpts.as_ref().map(AsFd::as_fd).ok_or_else(|| {
            let message = "a container with a terminal needs a devpts mount";
            StepError::refused(ErrorClass::InvalidArgument, "terminal", "/dev/pts", message)
        })
    }
}

/// No mount made from here on reaches the host, nor one of the host's the container, but by the trees that were cloned
/// before.
fn leave_the_hosts_propagation() -> Result<(), StepError> {
    let change = AttributeChange {
        propagation: Some(Propagation::Private),
        recursive: true,
        ..AttributeChange::default()
    };
    mount::change_attributes_at(c"/", &change).step("mount", "/")
}

fn is_bind_at(mount: &MountPlan, destination: &str) -> bool {
    matches!(mount.source, MountSource::Bind { .. })
        && mount
            .destination
            .components()
            .eq(std::path::Path::new(destination).components())
}

/// A cgroup2 mount shows the cgroup namespace that it is made in, which exists only after the "go".
fn needs_own_cgroup(plan: &ContainerPlan) -> bool {
    plan.namespaces.own_cgroup && plan.cgroup_view == CgroupView::V2
}
