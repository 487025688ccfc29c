//! From a bundle to the plans that isolation carries out.

use longshore_cgroups::{DeviceRules, Limits};
use longshore_isolation::ContainerPlan;
use longshore_isolation::plan::{
    IdentityFiles, Rlimit, RlimitResource, RootPlan, SeccompFilter, UserPlan,
};
use longshore_sys::clone::Namespaces;
use oci_spec::runtime::Spec;

use crate::failure::{Failure, FailureClass, Result};
use crate::seccomp::SeccompProfiles;
use crate::store::{Bundle, ContainerDirectory, RunOrder};

/// What a process gets when nobody says otherwise, as systemd's and containerd's default.
const DEFAULT_OPEN_FILES: Rlimit = Rlimit {
    resource: RlimitResource::Nofile,
    soft: 1024,
    hard: 524_288,
};

/// Everything that a start needs, checked before any process exists.
pub(crate) struct Prepared {
    pub(crate) plan: ContainerPlan,
    pub(crate) limits: Limits,
    pub(crate) devices: DeviceRules,
    pub(crate) terminal: bool,
}

pub(crate) fn prepare(
    bundle: &Bundle,
    directory: &ContainerDirectory,
    seccomp: &SeccompProfiles,
) -> Result<Prepared> {
    let order = &bundle.order;
    let spec = longshore_isolation::spec::parse(bundle.spec.get().as_bytes())?;
    let mut plan = ContainerPlan::from_spec(order.id.as_str(), &spec, root(order, directory))?;
    plan.share(order.shared())?;
    if order.networked && !plan.has_own_network() {
        let message = "a container in the host's network cannot join another one";
        return Err(Failure::new(
            FailureClass::InvalidArgument,
            "network",
            message,
        ));
    }
    plan.init = order.init;
    plan.identity = identity(order, directory);
    take_shared_name(order, &mut plan);
    plan.process.user = user(
        plan.process.user,
        order.user.as_deref(),
        &order.additional_groups,
    );
    plan.process.default_rlimits = vec![DEFAULT_OPEN_FILES];
    plan.process.seccomp = filter(order, &spec, &plan, seccomp)?;
    let resources = spec
        .linux()
        .as_ref()
        .and_then(|linux| linux.resources().as_ref());
    let limits = resources.map_or_else(|| Ok(Limits::default()), Limits::from_oci)?;
    let devices = match resources.and_then(|resources| resources.devices().as_ref()) {
        Some(rules) => DeviceRules::from_oci(rules)?,
        None => DeviceRules::docker_default(),
    };
    let terminal = spec
        .process()
        .as_ref()
        .and_then(|process| process.terminal())
        .unwrap_or(false);
    Ok(Prepared {
        plan,
        limits,
        devices,
        terminal,
    })
}

fn root(order: &RunOrder, directory: &ContainerDirectory) -> RootPlan {
    RootPlan {
        layers: order.layers.clone(),
        upper: directory.upper(),
        work: directory.work(),
        merged: directory.merged(),
        read_only: order.rootfs_read_only,
        volatile: order.rootfs_volatile,
    }
}

/// Those that the agent wrote for this container, or for the one whose network it shares.
fn identity(order: &RunOrder, directory: &ContainerDirectory) -> IdentityFiles {
    let other = order.identity_of.as_ref().map(|id| directory.sibling(id));
    let directory = other.as_ref().unwrap_or(directory);
    let written = |name: &str| Some(directory.identity_file(name)).filter(|it| it.exists());
    IdentityFiles {
        hostname: written("hostname"),
        hosts: written("hosts"),
        resolv_conf: written("resolv.conf"),
    }
}

/// Who shares a network is known there by its name.
fn take_shared_name(order: &RunOrder, plan: &mut ContainerPlan) {
    if order.identity_of.is_none() || !plan.namespaces.create.contains(Namespaces::UTS) {
        return;
    }
    let file = plan.identity.hostname.as_ref();
    let name = file.and_then(|path| std::fs::read_to_string(path).ok());
    let name = name.map(|text| text.trim().to_owned());
    plan.hostname = name.filter(|name| !name.is_empty());
    plan.domainname = None;
}

/// `asked` wins over the spec's user; groups by name are added to either.
pub(crate) fn user(spec: UserPlan, asked: Option<&str>, groups: &[String]) -> UserPlan {
    let named = |user: String| UserPlan::Named {
        user,
        additional_groups: groups.to_vec(),
    };
    match (asked, spec) {
        (Some(user), _) => named(user.to_owned()),
        (
            None,
            UserPlan::Numeric {
                uid,
                gid,
                additional_gids,
            },
        ) if !groups.is_empty() => {
            let gids = additional_gids.iter().map(u32::to_string);
            let additional_groups = gids.chain(groups.iter().cloned()).collect();
            UserPlan::Named {
                user: format!("{uid}:{gid}"),
                additional_groups,
            }
        }
        (None, spec) => spec,
    }
}

pub(crate) fn filter(
    order: &RunOrder,
    spec: &Spec,
    plan: &ContainerPlan,
    profiles: &SeccompProfiles,
) -> Result<Option<SeccompFilter>> {
    match order.seccomp_profile.as_str() {
        "unconfined" => Ok(None),
        "default" => profiles
            .default_for(plan.process.capabilities.bounding)
            .map(Some),
        "" => {
            let own = spec
                .linux()
                .as_ref()
                .and_then(|linux| linux.seccomp().as_ref());
            own.map(SeccompProfiles::from_oci).transpose()
        }
        other => {
            let message = format!("there is no seccomp profile named {other:?}");
            Err(Failure::new(FailureClass::InvalidArgument, "seccomp", message).at(other))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric() -> UserPlan {
        UserPlan::Numeric {
            uid: 5,
            gid: 6,
            additional_gids: vec![7],
        }
    }

    #[test]
    fn the_asked_user_replaces_the_specs() {
        let plan = user(numeric(), Some("web"), &[]);
        assert_eq!(
            plan,
            UserPlan::Named {
                user: "web".into(),
                additional_groups: vec![]
            }
        );
    }

    #[test]
    fn groups_by_name_join_the_specs_own() {
        let plan = user(numeric(), None, &["audio".to_owned()]);
        let additional_groups = vec!["7".to_owned(), "audio".to_owned()];
        assert_eq!(
            plan,
            UserPlan::Named {
                user: "5:6".into(),
                additional_groups
            }
        );
        assert_eq!(user(numeric(), None, &[]), numeric());
    }
}
