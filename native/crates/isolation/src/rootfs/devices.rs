use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use longshore_sys::Errno;
use longshore_sys::rooted::{self, Missing};
use rustix::fs::{AtFlags, FileType, Gid, Mode, Uid, makedev};

use super::{Rootfs, places};
use crate::container::invalid;
use crate::error::{Step, StepError};
use crate::plan::{DeviceKind, DevicePlan};

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

/// Makes the standard nodes and symlinks in an open directory. What is there already stays.
pub(super) fn fill(dev: BorrowedFd<'_>) -> Result<(), StepError> {
    for (name, major, minor) in DEVICES {
        let node = (FileType::CharacterDevice, makedev(major, minor));
        make_node(dev, Path::new(name), node, DEVICE_MODE)?;
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
pub(super) fn fill_directory_of_image(root: BorrowedFd<'_>) -> Result<OwnedFd, StepError> {
    let dev =
        rooted::mkdir_all_in_root(root, "/dev", places::DIRECTORY_MODE).step("device", "/dev")?;
    fill(dev.as_fd())?;
    Ok(dev)
}

/// Makes the devices that the plan asks for by name.
pub(super) fn make_extra(rootfs: &Rootfs, devices: &[DevicePlan]) -> Result<(), StepError> {
    for device in devices {
        let path = &device.path.display();
        let (Some(parent), Some(name)) = (device.path.parent(), device.path.file_name()) else {
            return Err(invalid(
                "device",
                &path.to_string(),
                "a device needs a name",
            ));
        };
        let mode = places::DIRECTORY_MODE;
        let place = rooted::open_or_create(rootfs.root(), parent, Missing::Directory, mode)
            .step("device", path)?;
        let kind = match device.kind {
            DeviceKind::Character => FileType::CharacterDevice,
            DeviceKind::Block => FileType::BlockDevice,
            DeviceKind::Fifo => FileType::Fifo,
        };
        let node = (kind, makedev(device.major, device.minor));
        let directory = place.fd.as_fd();
        if make_node(
            directory,
            Path::new(name),
            node,
            Mode::from_raw_mode(device.mode),
        )? {
            let (uid, gid) = (Uid::from_raw(device.uid), Gid::from_raw(device.gid));
            let nofollow = AtFlags::SYMLINK_NOFOLLOW;
            rustix::fs::chownat(directory, name, Some(uid), Some(gid), nofollow)
                .step("device", path)?;
        }
    }
    Ok(())
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
