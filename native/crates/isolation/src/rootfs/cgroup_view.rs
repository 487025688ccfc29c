use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use longshore_sys::Errno;
use longshore_sys::mount::{self, AttributeChange, FileSystemContext, MountAttributes};
use longshore_sys::rooted::{self, Missing};
use rustix::fs::{Mode, OFlags};

use super::{Rootfs, places};
use crate::error::{Step, StepError};
use crate::plan::{CgroupHierarchy, CgroupView, ContainerPlan, MountPlan};

/// Mounts what the container may see of its cgroups.
pub(super) fn add(
    rootfs: &Rootfs,
    plan: &MountPlan,
    container: &ContainerPlan,
) -> Result<(), StepError> {
    let tree = match &container.cgroup_view {
        CgroupView::None => return Ok(()),
        CgroupView::V2 => {
            let context = FileSystemContext::open(c"cgroup2").step("mount", "cgroup2")?;
            context
                .mount(plan.set)
                .step("mount", plan.destination.display())?
        }
        CgroupView::V1 { hierarchies } => return add_hierarchies(rootfs, plan, hierarchies),
    };
    let place = places::open(rootfs, &plan.destination, Missing::Directory)?;
    mount::attach(&tree, &place.fd).step("mount", plan.destination.display())
}

fn bind(directory: &Path, set: MountAttributes) -> Result<OwnedFd, StepError> {
    let tree = mount::clone_tree_at(directory, false).step("mount", directory.display())?;
    let change = AttributeChange {
        set,
        ..AttributeChange::default()
    };
    mount::change_attributes(&tree, &change).step("mount", directory.display())?;
    Ok(tree)
}

fn add_hierarchies(
    rootfs: &Rootfs,
    plan: &MountPlan,
    hierarchies: &[CgroupHierarchy],
) -> Result<(), StepError> {
    let destination = &plan.destination.display();
    let context = FileSystemContext::open(c"tmpfs").step("mount", destination)?;
    context
        .set_string("mode", "755")
        .step("mount", destination)?;
    let directory = context
        .mount(plan.set - MountAttributes::READ_ONLY)
        .step("mount", destination)?;
    let place = places::open(rootfs, &plan.destination, Missing::Directory)?;
    mount::attach(&directory, &place.fd).step("mount", destination)?;
    for hierarchy in hierarchies {
        add_hierarchy(directory.as_fd(), hierarchy, plan.set)?;
    }
    let change = AttributeChange {
        set: plan.set,
        ..AttributeChange::default()
    };
    mount::change_attributes(&directory, &change).step("mount", destination)
}

fn add_hierarchy(
    directory: BorrowedFd<'_>,
    hierarchy: &CgroupHierarchy,
    set: MountAttributes,
) -> Result<(), StepError> {
    let name = hierarchy.name.as_str();
    let tree = bind(&hierarchy.directory, set)?;
    rustix::fs::mkdirat(directory, name, places::DIRECTORY_MODE).step("mount", name)?;
    let place = rooted::open_beneath_no_symlinks(
        directory,
        name,
        OFlags::PATH | OFlags::DIRECTORY,
        Mode::empty(),
    );
    mount::attach(&tree, place.step("mount", name)?).step("mount", name)?;
    for controller in name.split(',').filter(|controller| *controller != name) {
        match rustix::fs::symlinkat(name, directory, controller) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(StepError::kernel("mount", controller, errno)),
        }
    }
    Ok(())
}
