use std::path::{Component, Path, PathBuf};

use longshore_sys::clone::Namespaces;
use oci_spec::runtime::{Linux, LinuxDevice, LinuxDeviceType, LinuxNamespaceType};

use super::SpecError;
use crate::plan::{DeviceKind, DevicePlan, JoinedNamespace, NamespacePlan};

/// The kernel's __NEW_UTS_LEN.
const MAX_HOST_NAME: usize = 64;

/// Fields that would change what the container may do, and that this version does not act on.
pub(super) fn refuse_unsupported(linux: &Linux) -> Result<(), SpecError> {
    let filled = [
        (
            "linux.uidMappings",
            linux
                .uid_mappings()
                .as_ref()
                .is_some_and(|it| !it.is_empty()),
        ),
        (
            "linux.gidMappings",
            linux
                .gid_mappings()
                .as_ref()
                .is_some_and(|it| !it.is_empty()),
        ),
        (
            "linux.netDevices",
            linux
                .net_devices()
                .as_ref()
                .is_some_and(|it| !it.is_empty()),
        ),
        (
            "linux.timeOffsets",
            linux
                .time_offsets()
                .as_ref()
                .is_some_and(|it| !it.is_empty()),
        ),
        (
            "linux.mountLabel",
            linux
                .mount_label()
                .as_ref()
                .is_some_and(|it| !it.is_empty()),
        ),
        ("linux.intelRdt", linux.intel_rdt().is_some()),
        ("linux.memoryPolicy", linux.memory_policy().is_some()),
        ("linux.personality", linux.personality().is_some()),
    ];
    if let Some((field, _)) = filled.iter().find(|(_, filled)| *filled) {
        return Err(SpecError::unsupported(field));
    }
    match linux.rootfs_propagation().as_deref() {
        None | Some("" | "private" | "rprivate" | "slave" | "rslave") => Ok(()),
        Some(other) => Err(SpecError::unsupported(format!(
            "linux.rootfsPropagation {other:?}"
        ))),
    }
}

pub(super) fn namespaces(linux: &Linux) -> Result<NamespacePlan, SpecError> {
    let mut plan = NamespacePlan::default();
    for namespace in linux.namespaces().as_deref().unwrap_or_default() {
        let kind = kind_of(namespace.typ());
        let joined = plan.join.iter().any(|it| it.kind == kind);
        if joined || plan.create.contains(kind) || (plan.own_cgroup && kind == Namespaces::CGROUP) {
            return Err(SpecError::invalid(
                "linux.namespaces",
                "names one kind twice",
            ));
        }
        match namespace
            .path()
            .as_ref()
            .filter(|path| !path.as_os_str().is_empty())
        {
            None if kind == Namespaces::USER => {
                return Err(SpecError::unsupported("linux.namespaces: user"));
            }
            None if kind == Namespaces::CGROUP => plan.own_cgroup = true,
            None => plan.create |= kind,
            Some(path) if can_be_joined(kind) => {
                require_absolute("linux.namespaces", path)?;
                plan.join.push(JoinedNamespace {
                    kind,
                    path: path.clone(),
                });
            }
            Some(_) => {
                let field = format!("linux.namespaces: a path for {:?}", namespace.typ());
                return Err(SpecError::unsupported(field));
            }
        }
    }
    if !plan.create.contains(Namespaces::MOUNT) {
        return Err(SpecError::invalid(
            "linux.namespaces",
            "needs a new mount namespace",
        ));
    }
    Ok(plan)
}

fn kind_of(kind: LinuxNamespaceType) -> Namespaces {
    match kind {
        LinuxNamespaceType::Mount => Namespaces::MOUNT,
        LinuxNamespaceType::Cgroup => Namespaces::CGROUP,
        LinuxNamespaceType::Uts => Namespaces::UTS,
        LinuxNamespaceType::Ipc => Namespaces::IPC,
        LinuxNamespaceType::User => Namespaces::USER,
        LinuxNamespaceType::Pid => Namespaces::PID,
        LinuxNamespaceType::Network => Namespaces::NETWORK,
        LinuxNamespaceType::Time => Namespaces::TIME,
    }
}

/// A process can enter these by itself; the others need another parent or another order of steps.
fn can_be_joined(kind: Namespaces) -> bool {
    (Namespaces::NETWORK | Namespaces::IPC | Namespaces::UTS).contains(kind)
}

pub(super) fn devices(linux: &Linux) -> Result<Vec<DevicePlan>, SpecError> {
    linux
        .devices()
        .as_deref()
        .unwrap_or_default()
        .iter()
        .map(device)
        .collect()
}

fn device(device: &LinuxDevice) -> Result<DevicePlan, SpecError> {
    let field = "linux.devices";
    require_plain(field, device.path())?;
    let number = |value: i64| {
        u32::try_from(value).map_err(|_| SpecError::invalid(field, "has a number out of range"))
    };
    let kind = match device.typ() {
        LinuxDeviceType::B => DeviceKind::Block,
        LinuxDeviceType::C | LinuxDeviceType::U => DeviceKind::Character,
        LinuxDeviceType::P => DeviceKind::Fifo,
        LinuxDeviceType::A => return Err(SpecError::invalid(field, "has the type \"a\"")),
    };
    let is_fifo = kind == DeviceKind::Fifo;
    Ok(DevicePlan {
        path: device.path().clone(),
        kind,
        major: if is_fifo { 0 } else { number(device.major())? },
        minor: if is_fifo { 0 } else { number(device.minor())? },
        mode: device.file_mode().unwrap_or(0o666) & 0o7777,
        uid: device.uid().unwrap_or(0),
        gid: device.gid().unwrap_or(0),
    })
}

pub(super) fn paths(field: &str, paths: Option<&[String]>) -> Result<Vec<PathBuf>, SpecError> {
    let mut all = Vec::new();
    for path in paths.unwrap_or_default() {
        require_plain(field, Path::new(path))?;
        all.push(PathBuf::from(path));
    }
    Ok(all)
}

pub(super) fn host_name(
    field: &str,
    name: Option<&str>,
    namespaces: &NamespacePlan,
) -> Result<Option<String>, SpecError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    if name.len() > MAX_HOST_NAME || name.contains(|it: char| it.is_control() || it == '/') {
        return Err(SpecError::invalid(
            field,
            "is longer than 64 bytes or no host name",
        ));
    }
    if !namespaces.create.contains(Namespaces::UTS) {
        return Err(SpecError::invalid(field, "needs a new uts namespace"));
    }
    Ok(Some(name.to_owned()))
}

pub(super) fn require_absolute(field: &str, path: &Path) -> Result<(), SpecError> {
    if path.is_absolute() {
        return Ok(());
    }
    Err(SpecError::invalid(
        field,
        format!("{} is not an absolute path", path.display()),
    ))
}

/// Absolute and without `..`.
fn require_plain(field: &str, path: &Path) -> Result<(), SpecError> {
    require_absolute(field, path)?;
    if path.components().any(|it| it == Component::ParentDir) {
        return Err(SpecError::invalid(
            field,
            format!("{} has a \"..\"", path.display()),
        ));
    }
    Ok(())
}
