use std::path::Path;

use longshore_sys::mount::{self, AttributeChange, MountAttributes};
use longshore_sys::rooted::Missing;

use super::{HostTrees, Rootfs, places};
use crate::error::{Step, StepError};
use crate::plan::ContainerPlan;

/// Binds the host's files over /etc/hostname, /etc/hosts and /etc/resolv.conf, unless the plan mounts something of its
/// own there.
pub(super) fn bind(
    rootfs: &Rootfs,
    plan: &ContainerPlan,
    trees: &mut HostTrees,
) -> Result<(), StepError> {
    let files = [
        (&plan.identity.hostname, "/etc/hostname"),
        (&plan.identity.hosts, "/etc/hosts"),
        (&plan.identity.resolv_conf, "/etc/resolv.conf"),
    ];
    for (index, (source, destination)) in files.into_iter().enumerate() {
        let destination = Path::new(destination);
        let is_taken = plan
            .mounts
            .iter()
            .any(|mount| mount.destination == destination);
        let Some(source) = source.as_ref().filter(|_| !is_taken) else {
            continue;
        };
        let tree = match trees.take_identity(index) {
            Some(tree) => tree,
            None => {
                mount::clone_tree_at(source.as_path(), false).step("mount", source.display())?
            }
        };
        let place = places::open(rootfs, destination, Missing::File)?;
        if plan.root.read_only {
            let set = MountAttributes::READ_ONLY;
            let change = AttributeChange {
                set,
                ..AttributeChange::default()
            };
            mount::change_attributes(&tree, &change).step("mount", destination.display())?;
        }
        mount::attach(&tree, &place.fd).step("mount", destination.display())?;
    }
    Ok(())
}
