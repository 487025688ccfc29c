//! What a folder that a layer only implies is like in the layers below.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{OFlags, fgetxattr, flistxattr, fstat};
use rustix::io::Errno;

use super::attributes::{Attributes, may_set};
use super::directories::OPAQUE_XATTR;
use super::path;
use super::tree::open_in;
use crate::error::{Result, SnapshotError, printable};
use crate::tar::{Timestamp, Xattr};

/// The bound of Linux for the value of one extended attribute, and for the list of names.
const MAX_XATTR: usize = 64 << 10;

/// Gives the `implied` folders of `tree` the owner, mode, times and attributes that the layers below show at
/// their paths; where these show no folder, what unpacking gave stays. `below`: nearest layer first.
pub(crate) fn inherit_attributes(
    tree: BorrowedFd<'_>,
    implied: &[Vec<u8>],
    below: &[OwnedFd],
) -> Result<()> {
    for path in implied {
        let failed = |errno| SnapshotError::System {
            step: "inherit",
            path: printable(path),
            errno,
        };
        let Some(origin) = find(below, path).map_err(failed)? else {
            continue;
        };
        let attributes = read(origin.as_fd()).map_err(failed)?;
        let folder = open_in(tree, path, OFlags::RDONLY | OFlags::DIRECTORY).map_err(failed)?;
        attributes
            .apply_to_directory(folder.as_fd())
            .map_err(failed)?;
    }
    Ok(())
}

enum Found {
    Folder(OwnedFd),
    /// The layer says nothing about the path: the next one below counts.
    Nothing,
    /// The layer hides whatever is below it.
    Hidden,
}

fn find(below: &[OwnedFd], path: &[u8]) -> std::result::Result<Option<OwnedFd>, Errno> {
    for layer in below {
        match look(layer.as_fd(), path)? {
            Found::Folder(folder) => return Ok(Some(folder)),
            Found::Hidden => return Ok(None),
            Found::Nothing => {}
        }
    }
    Ok(None)
}

fn look(layer: BorrowedFd<'_>, path: &[u8]) -> std::result::Result<Found, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    match open_in(layer, path, flags) {
        Ok(folder) => return Ok(Found::Folder(folder)),
        Err(Errno::NOENT) => {}
        // A symlink, a file or a whiteout stands there or on the way.
        Err(Errno::LOOP | Errno::NOTDIR) => return Ok(Found::Hidden),
        Err(errno) => return Err(errno),
    }
    // The nearest folder around it that the layer has decides whether the layers below show through.
    let mut around = path;
    while !around.is_empty() {
        around = path::split(around).0;
        match open_in(layer, around, flags) {
            Ok(folder) => {
                let hidden = is_opaque_upwards(layer, folder, around)?;
                return Ok(if hidden {
                    Found::Hidden
                } else {
                    Found::Nothing
                });
            }
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(Found::Nothing)
}

/// Whether `folder` at `path`, or one around it, is opaque in the layer.
fn is_opaque_upwards(
    layer: BorrowedFd<'_>,
    folder: OwnedFd,
    path: &[u8],
) -> std::result::Result<bool, Errno> {
    let mut folder = folder;
    let mut path = path;
    loop {
        let mut value = [0u8; 1];
        match fgetxattr(&folder, OPAQUE_XATTR, &mut value) {
            Ok(1) if value == *b"y" => return Ok(true),
            Ok(_) | Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::RANGE) => {}
            Err(errno) => return Err(errno),
        }
        if path.is_empty() {
            return Ok(false);
        }
        path = path::split(path).0;
        folder = open_in(layer, path, OFlags::RDONLY | OFlags::DIRECTORY)?;
    }
}

fn read(folder: BorrowedFd<'_>) -> std::result::Result<Attributes, Errno> {
    let stat = fstat(folder)?;
    Ok(Attributes {
        uid: stat.st_uid,
        gid: stat.st_gid,
        mode: stat.st_mode & 0o7777,
        mtime: Some(Timestamp {
            seconds: stat.st_mtime,
            nanoseconds: stat.st_mtime_nsec as u32,
        }),
        xattrs: read_xattrs(folder)?,
    })
}

fn read_xattrs(folder: BorrowedFd<'_>) -> std::result::Result<Vec<Xattr>, Errno> {
    let mut names = vec![0u8; MAX_XATTR];
    let length = match flistxattr(folder, &mut names[..]) {
        Err(Errno::OPNOTSUPP) => 0,
        length => length?,
    };
    let mut xattrs = Vec::new();
    for name in names[..length]
        .split(|byte| *byte == 0)
        .filter(|name| may_set(name))
    {
        let mut value = vec![0u8; MAX_XATTR];
        let length = fgetxattr(folder, name, &mut value[..])?;
        value.truncate(length);
        xattrs.push((name.to_vec(), value));
    }
    Ok(xattrs)
}
