//! Mounting what a volume's options say over its folder, for as long as somebody uses it.

use std::fs;
use std::path::Path;

use longshore_sys::mount::{
    AttributeChange, FileSystemContext, MountAttributes, attach, change_attributes, clone_tree_at,
};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::mount::{UnmountFlags, unmount};

use crate::error::{Result, VolumeError};
use crate::name::VolumeName;
use crate::options::{LocalOptions, address_of};

/// Mounts over `data`. A plain folder needs nothing.
pub(crate) fn mount(name: &VolumeName, options: &LocalOptions, data: &Path) -> Result<()> {
    let failed = |reason: String, errno| VolumeError::Mount {
        name: name.to_string(),
        device: options.device().to_owned(),
        reason,
        errno,
    };
    let kernel = |errno: Errno| failed(errno.to_string(), errno);
    let mounted = match options {
        LocalOptions::Folder => return Ok(()),
        LocalOptions::Bind {
            device,
            recursive,
            attributes,
        } => {
            let tree = clone_tree_at(device.as_str(), *recursive).map_err(kernel)?;
            let change = AttributeChange {
                set: *attributes,
                propagation: Some(longshore_sys::mount::Propagation::Private),
                ..AttributeChange::default()
            };
            change_attributes(&tree, &change).map_err(kernel)?;
            tree
        }
        LocalOptions::FileSystem {
            fs_type,
            device,
            attributes,
            options,
        } => {
            let context = FileSystemContext::open(*fs_type).map_err(kernel)?;
            let mounted = file_system(&context, device, *attributes, options);
            mounted.map_err(|errno| {
                let said = context.messages().join("; ");
                let reason = if said.is_empty() {
                    errno.to_string()
                } else {
                    said
                };
                failed(reason, errno)
            })?
        }
    };
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let place = openat(CWD, data, flags, Mode::empty()).map_err(kernel)?;
    attach(&mounted, &place).map_err(kernel)
}

fn file_system(
    context: &FileSystemContext,
    device: &str,
    attributes: MountAttributes,
    options: &[(String, Option<String>)],
) -> std::result::Result<std::os::fd::OwnedFd, Errno> {
    context.set_string("source", device)?;
    for (key, value) in options {
        match value.as_deref() {
            Some(host) if key == "addr" => {
                let address = address_of(host);
                let address = address
                    .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::HOSTUNREACH))?;
                context.set_string(key, address.to_string())?;
            }
            Some(value) => context.set_string(key, value)?,
            None => context.set_flag(key)?,
        }
    }
    context.mount(attributes)
}

/// All that is mounted over `data`. A folder with nothing over it is a success.
pub(crate) fn unmount_all(data: &Path) -> Result<()> {
    loop {
        match unmount(data, UnmountFlags::DETACH | UnmountFlags::NOFOLLOW) {
            Ok(()) => {}
            // No mount, or not there.
            Err(Errno::INVAL | Errno::NOENT) => return Ok(()),
            Err(errno) => return Err(VolumeError::at("unmount", data.display())(errno)),
        }
    }
}

/// Whether something is mounted over it.
pub(crate) fn is_mounted(data: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::symlink_metadata(path).map(|it| it.dev());
    let mount = |path: &Path| {
        let flags = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
        rustix::fs::statx(CWD, path, flags, rustix::fs::StatxFlags::MNT_ID).map(|it| it.stx_mnt_id)
    };
    let Some(parent) = data.parent() else {
        return false;
    };
    // A bind within one file system shows in the mount's id alone.
    !matches!((device(data), device(parent)), (Ok(one), Ok(other)) if one == other)
        || !matches!((mount(data), mount(parent)), (Ok(one), Ok(other)) if one == other)
}
