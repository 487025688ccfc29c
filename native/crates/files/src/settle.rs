//! A writable layer made ready to be an image's layer: nothing is left in it but what it changes.

use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Timespec, Timestamps, UTIME_OMIT, unlinkat, utimensat};
use rustix::io::Errno;

use crate::changes::{ChangeKind, changes};
use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::{join, names, open_folder};
use crate::view::View;

/// Deeper ones [`changes`] has refused already.
const MAX_DEPTH: usize = 256;

/// What is in the layer now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Bytes of disk.
    pub usage_bytes: u64,
    pub entries: u64,
}

/// Removes what was copied up and then left as it was, and the places that the engine mounts on, so that the folder says
/// the same as the archive that [`crate::layer`] makes of it. With `latest` no time of a file is later than that, in
/// seconds since 1970. Only of a layer that nothing is mounted on.
pub fn settle(image: &View, upper: &Path, latest: Option<i64>) -> Result<Settled> {
    let found = changes(image, upper)?;
    // What an opaque folder hides is not in it.
    let kept = found.iter().filter(|change| !change.by_opaque);
    let kept: Vec<&[u8]> = kept.map(|change| change.path.as_slice()).collect();
    let upper = View::of_folder(upper)?;
    let mut settling = Settling {
        root: upper.root(),
        kept: kept.iter().copied().collect(),
        settled: Settled::default(),
    };
    settling.folder(b"", 0)?;
    let settled = settling.settled;
    if let Some(latest) = latest {
        // Times of folders change with what is in them: the deepest come first.
        for change in found.iter().rev() {
            if change.kind != ChangeKind::Deleted {
                clamp(upper.root(), &change.path, latest)?;
            }
        }
    }
    Ok(settled)
}

struct Settling<'a> {
    root: BorrowedFd<'a>,
    kept: std::collections::HashSet<&'a [u8]>,
    settled: Settled,
}

impl Settling<'_> {
    fn folder(&mut self, path: &[u8], depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(FilesError::TooMuch {
                limit: MAX_DEPTH,
                what: "folders within each other",
            });
        }
        let folder = open_folder(self.root, path).map_err(FilesError::at("open", path))?;
        let before = Node::of(folder.try_clone().map_err(|_| too_many(path))?)
            .map_err(FilesError::at("stat", path))?;
        let mut removed = false;
        for name in names(&folder, path)? {
            let inside = join(path, &name);
            let node = Node::at(&folder, &name).map_err(FilesError::at("open", &inside))?;
            let is_folder = node.kind() == FileType::Directory;
            if is_folder {
                self.folder(&inside, depth + 1)?;
            }
            if self.kept.contains(inside.as_slice()) {
                self.settled.entries += 1;
                let blocks = u64::try_from(node.stat.st_blocks).unwrap_or(0);
                self.settled.usage_bytes += blocks * 512;
                continue;
            }
            remove(folder.as_fd(), &name, is_folder).map_err(FilesError::at("unlink", &inside))?;
            removed = true;
        }
        if removed {
            let times = times_of(&before);
            rustix::fs::futimens(&folder, &times).map_err(FilesError::at("utime", path))?;
        }
        Ok(())
    }
}

/// A folder that stays has something in it that stays: then it is among the changes itself.
fn remove(folder: BorrowedFd<'_>, name: &[u8], is_folder: bool) -> std::result::Result<(), Errno> {
    let flags = match is_folder {
        true => AtFlags::REMOVEDIR,
        false => AtFlags::empty(),
    };
    unlinkat(folder, OsStr::from_bytes(name), flags)
}

fn times_of(node: &Node) -> Timestamps {
    Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: Timespec {
            tv_sec: node.stat.st_mtime,
            tv_nsec: i64::try_from(node.stat.st_mtime_nsec).unwrap_or(0),
        },
    }
}

fn clamp(root: BorrowedFd<'_>, path: &[u8], latest: i64) -> Result<()> {
    let (parent, name) = match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (b"".as_slice(), path),
    };
    let folder = open_folder(root, parent).map_err(FilesError::at("open", parent))?;
    let node = Node::at(&folder, name).map_err(FilesError::at("open", path))?;
    if node.is_whiteout() || node.stat.st_mtime < latest {
        return Ok(());
    }
    let times = Timestamps {
        last_access: Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_OMIT,
        },
        last_modification: Timespec {
            tv_sec: latest,
            tv_nsec: 0,
        },
    };
    let name = OsStr::from_bytes(name);
    utimensat(&folder, name, &times, AtFlags::SYMLINK_NOFOLLOW)
        .map_err(FilesError::at("utime", path))
}

fn too_many(path: &[u8]) -> FilesError {
    FilesError::at("dup", path)(Errno::MFILE)
}
