//! The devices of this machine, for a privileged container.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use longshore_isolation::plan::{DeviceKind, DevicePlan};

use crate::failure::{Failure, Result};

/// What a container has of its own, as Docker and runc have it.
const OWN: [&str; 8] = [
    "console", "fd", "mqueue", "ptmx", "pts", "shm", ".lxc", ".udev",
];
/// Deeper than udev makes any.
const MAX_DEPTH: usize = 8;

/// All device nodes below /dev, with their owners and modes.
pub(crate) fn list() -> Result<Vec<DevicePlan>> {
    let mut devices = Vec::new();
    let folder = Path::new("/dev");
    collect(folder, MAX_DEPTH, &mut devices)
        .map_err(|error| Failure::io("device", folder.display(), &error))?;
    Ok(devices)
}

fn collect(folder: &Path, depth: usize, devices: &mut Vec<DevicePlan>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if OWN.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let status = match entry.metadata() {
            Ok(status) => status,
            // Devices come and go.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let kind = match status.file_type() {
            it if it.is_dir() && depth > 0 => {
                collect(&entry.path(), depth - 1, devices)?;
                continue;
            }
            it if it.is_block_device() => DeviceKind::Block,
            it if it.is_char_device() => DeviceKind::Character,
            _ => continue,
        };
        devices.push(DevicePlan {
            path: entry.path(),
            kind,
            major: rustix::fs::major(status.rdev()),
            minor: rustix::fs::minor(status.rdev()),
            mode: status.mode() & 0o7777,
            uid: status.uid(),
            gid: status.gid(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_null_device_is_there_and_terminals_are_not() {
        let devices = list().unwrap();
        let null = devices.iter().find(|it| it.path == Path::new("/dev/null"));
        assert_eq!(null.map(|it| (it.major, it.minor)), Some((1, 3)));
        assert!(!devices.iter().any(|it| it.path.starts_with("/dev/pts")));
    }
}
