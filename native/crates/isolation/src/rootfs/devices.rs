use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use longshore_sys::rooted::{self, Missing};
use longshore_sys::{Errno, mount};
use rustix::fs::{AtFlags, FileType, Gid, Mode, Uid, makedev};

use super::{Rootfs, places};
use crate::container::invalid;
use crate::error::{Step, StepError};
use crate::plan::{ContainerPlan, DeviceKind, DevicePlan};

/// OCI's default devices: name, major, minor.
const DEVICES: [(&str, u32, u32); 6] = [
    ("null", 1, 3),
    ("zero", 1, 5),
    ("full", 1, 7),
    ("random", 1, 8),
    ("urandom", 1, 9),
    ("tty", 5, 0),
];
const DEVICE_MODE: Mode = Mode::from_raw_mode(0o666);

/// OCI's default symlinks, and /dev/core as Docker has it.
const SYMLINKS: [(&str, &str); 6] = [
    ("/proc/self/fd", "fd"),
    ("/proc/self/fd/0", "stdin"),
    ("/proc/self/fd/1", "stdout"),
    ("/proc/self/fd/2", "stderr"),
    ("/proc/kcore", "core"),
    ("pts/ptmx", "ptmx"),
];

/// Where device nodes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nodes {
    Made,
    /// From the host: in a user namespace nobody can make a node that works.
    Bound,
}

impl Nodes {
    pub(super) fn of(plan: &ContainerPlan) -> Nodes {
        match plan.namespaces.users {
            Some(_) => Nodes::Bound,
            None => Nodes::Made,
        }
    }
}

/// Makes the standard nodes and symlinks in an open directory. What is there already stays.
pub(super) fn fill(dev: BorrowedFd<'_>, nodes: Nodes) -> Result<(), StepError> {
    for (name, major, minor) in DEVICES {
        let node = (FileType::CharacterDevice, makedev(major, minor));
        match nodes {
            Nodes::Made => make_node(dev, Path::new(name), node, DEVICE_MODE).map(drop)?,
            Nodes::Bound => bind_node(dev, Path::new(name), &Path::new("/dev").join(name), node)?,
        }
    }
    for (target, name) in SYMLINKS {
        match rustix::fs::symlinkat(target, dev, name) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(StepError::kernel("device", name, errno)),
        }
    }
    Ok(())
}

/// For a container without a mount at /dev.
pub(super) fn fill_directory_of_image(
    root: BorrowedFd<'_>,
    nodes: Nodes,
) -> Result<OwnedFd, StepError> {
    let dev =
        rooted::mkdir_all_in_root(root, "/dev", places::DIRECTORY_MODE).step("device", "/dev")?;
    fill(dev.as_fd(), nodes)?;
    Ok(dev)
}

/// Makes the devices that the plan asks for by name.
pub(super) fn make_extra(
    rootfs: &Rootfs,
    devices: &[DevicePlan],
    nodes: Nodes,
) -> Result<(), StepError> {
    // Every container has its own.
    let others = |device: &&DevicePlan| device.path != Path::new("/dev/ptmx");
    devices.iter().filter(others).try_for_each(|device| {
        let path = &device.path.display();
        let (Some(parent), Some(name)) = (device.path.parent(), device.path.file_name()) else {
            let message = "a device needs a name";
            return Err(invalid("device", &path.to_string(), message));
        };
        let mode = places::DIRECTORY_MODE;
        let place = rooted::open_or_create(rootfs.root(), parent, Missing::Directory, mode)
            .step("device", path)?;
        let (directory, name) = (place.fd.as_fd(), Path::new(name));
        let kind = match device.kind {
            DeviceKind::Character => FileType::CharacterDevice,
            DeviceKind::Block => FileType::BlockDevice,
            DeviceKind::Fifo => FileType::Fifo,
        };
        let node = (kind, makedev(device.major, device.minor));
        if nodes == Nodes::Bound && kind != FileType::Fifo {
            return bind_node(directory, name, &node_of_host(device)?, node);
        }
        if make_node(directory, name, node, Mode::from_raw_mode(device.mode))? {
            let (uid, gid) = (Uid::from_raw(device.uid), Gid::from_raw(device.gid));
            let nofollow = AtFlags::SYMLINK_NOFOLLOW;
            rustix::fs::chownat(directory, name, Some(uid), Some(gid), nofollow)
                .step("device", path)?;
        }
        Ok(())
    })
}

/// The host's node of a device, whatever its name in the container.
fn node_of_host(device: &DevicePlan) -> Result<PathBuf, StepError> {
    let folder = match device.kind {
        DeviceKind::Block => "block",
        DeviceKind::Character | DeviceKind::Fifo => "char",
    };
    let (major, minor) = (device.major, device.minor);
    let path = format!("/sys/dev/{folder}/{major}:{minor}/uevent");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("DEVNAME="));
    name.map(|name| Path::new("/dev").join(name))
        .ok_or_else(|| {
            let path = device.path.display().to_string();
            let message =
                format!("linux.devices: this host has no device {major}:{minor} for {path}");
            invalid("device", &path, &message)
        })
}

fn bind_node(
    directory: BorrowedFd<'_>,
    name: &Path,
    source: &Path,
    (kind, device): (FileType, u64),
) -> Result<(), StepError> {
    let path = source.display();
    let tree = mount::clone_tree_at(source, false).step("device", &path)?;
    let status = rustix::fs::fstat(&tree).step("device", &path)?;
    if FileType::from_raw_mode(status.st_mode) != kind || status.st_rdev != device {
        let message = format!("{path} of this host is another thing than the device");
        return Err(invalid("device", &path.to_string(), &message));
    }
    let place = rooted::open_or_create(directory, name, Missing::File, places::DIRECTORY_MODE)
        .step("device", name.display())?;
    mount::attach(&tree, &place.fd).step("device", name.display())
}

/// True when the node was made, false when the very same device was there.
fn make_node(
    directory: BorrowedFd<'_>,
    name: &Path,
    (kind, device): (FileType, u64),
    mode: Mode,
) -> Result<bool, StepError> {
    match rustix::fs::mknodat(directory, name, kind, mode, device) {
        Ok(()) => return Ok(true),
        Err(Errno::EXIST) => {}
        Err(errno) => return Err(StepError::kernel("device", name.display(), errno)),
    }
    let status = rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .step("device", name.display())?;
    if FileType::from_raw_mode(status.st_mode) == kind && status.st_rdev == device {
        return Ok(false);
    }
    let message = format!(
        "/dev/{} of the image is another thing than the device",
        name.display()
    );
    Err(invalid("device", &name.display().to_string(), &message))
}
