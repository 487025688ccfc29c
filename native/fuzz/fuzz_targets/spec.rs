//! Any bytes as a config.json: it is refused, or what comes of it cannot lead out of the container.

#![no_main]

use std::path::{Component, Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use longshore_cgroups::{DeviceRules, Limits};
use longshore_isolation::ContainerPlan;
use longshore_isolation::plan::RootPlan;
use longshore_isolation::spec::parse;
use longshore_sys::clone::Namespaces;

fuzz_target!(|bytes: &[u8]| {
    let Ok(spec) = parse(bytes) else {
        return;
    };
    if let Ok(plan) = ContainerPlan::from_spec("container", &spec, root()) {
        check(&plan);
    }
    let linux = spec.linux().as_ref();
    if let Some(resources) = linux.and_then(|linux| linux.resources().as_ref()) {
        let _ = Limits::from_oci(resources);
        let _ = DeviceRules::from_oci(resources.devices().as_deref().unwrap_or_default());
    }
    if let Some(filter) = linux.and_then(|linux| linux.seccomp().as_ref()) {
        let _ = longshore_seccomp::from_oci(filter);
    }
});

fn check(plan: &ContainerPlan) {
    let is_plain =
        |path: &Path| path.is_absolute() && !path.components().any(|it| it == Component::ParentDir);
    assert!(plan.masked_paths.iter().all(|path| is_plain(path)));
    assert!(plan.readonly_paths.iter().all(|path| is_plain(path)));
    assert!(plan.devices.iter().all(|device| is_plain(&device.path)));
    assert!(
        plan.mounts
            .iter()
            .all(|mount| mount.destination.is_absolute())
    );
    for sysctl in &plan.sysctls {
        assert!(plan.namespaces.create.contains(sysctl.namespace));
        assert!(
            !sysctl
                .path
                .split('/')
                .any(|name| matches!(name, "" | "." | ".."))
        );
    }
    assert!(plan.namespaces.create.contains(Namespaces::MOUNT));
    let makes_users = plan.namespaces.create.contains(Namespaces::USER);
    assert_eq!(makes_users, plan.namespaces.users.is_some());
    if let Some(users) = &plan.namespaces.users {
        assert!(users.root().0 < u32::MAX && users.root().1 < u32::MAX);
    }
    let bytes = serde_json::to_vec(plan).unwrap();
    assert_eq!(
        &serde_json::from_slice::<ContainerPlan>(&bytes).unwrap(),
        plan
    );
}

fn root() -> RootPlan {
    RootPlan {
        layers: vec![PathBuf::from("/layer")],
        upper: PathBuf::from("/upper"),
        work: PathBuf::from("/work"),
        merged: PathBuf::from("/merged"),
        read_only: false,
        volatile: false,
    }
}
