use std::path::{Component, Path, PathBuf};

use longshore_sys::clone::Namespaces;
use longshore_sys::mount::Propagation;
use oci_spec::runtime::{Linux, LinuxDevice, LinuxDeviceType};

use super::SpecError;
use super::mounts::propagation_of;
use crate::plan::{DeviceKind, DevicePlan, NamespacePlan};

/// The kernel's __NEW_UTS_LEN.
const MAX_HOST_NAME: usize = 64;

/// Fields that would change what the container may do, and that this version does not act on.
pub(super) fn refuse_unsupported(linux: &Linux) -> Result<(), SpecError> {
    let filled = [
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
    Ok(())
}

/// "private" and "slave" are so anyway: nothing of the container's root comes from the host.
pub(super) fn root_propagation(linux: &Linux) -> Result<Option<(Propagation, bool)>, SpecError> {
    match linux.rootfs_propagation().as_deref().unwrap_or_default() {
        "" | "private" | "rprivate" | "slave" | "rslave" => Ok(None),
        other => match propagation_of(other) {
            Some(propagation) => Ok(Some(propagation)),
            None => Err(SpecError::invalid(
                "linux.rootfsPropagation",
                format!("{other:?} is no propagation"),
            )),
        },
    }
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
pub(super) fn require_plain(field: &str, path: &Path) -> Result<(), SpecError> {
    require_absolute(field, path)?;
    if path.components().any(|it| it == Component::ParentDir) {
        return Err(SpecError::invalid(
            field,
            format!("{} has a \"..\"", path.display()),
        ));
    }
    Ok(())
}
