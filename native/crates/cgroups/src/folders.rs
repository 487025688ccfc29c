//! The folders of a cgroup and of its parents.
//!
//! Containers usually lie in [`HOME`], which stays. A parent of another name that was made here carries a mark, and
//! goes with the last container in it; one that somebody else made stays.

use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, XattrFlags};
use rustix::io::Errno;

use crate::error::{Error, Result, at};
use crate::removal::remove_tree;

/// The parent that containers have when nobody asks for another.
pub const HOME: &str = "longshore";
const MARK: &str = "trusted.longshore";
/// Another container's removal may take an empty parent away at the same time.
const TRIES: u32 = 16;

/// Makes `path` and its missing parents. An empty folder in its place is replaced.
pub(crate) fn make(path: &Path) -> Result<()> {
    let mut made = mkdir(path);
    for _ in 0..TRIES {
        match made {
            Ok(()) => return Ok(()),
            Err(Errno::NOENT) => {
                if let Some(parent) = path.parent() {
                    make_parent(parent)?;
                }
            }
            Err(Errno::EXIST) if !remove_tree(path)? => {
                return Err(Error::Busy {
                    path: path.display().to_string(),
                    pids: Vec::new(),
                });
            }
            Err(Errno::EXIST) => {}
            Err(_) => break,
        }
        made = mkdir(path);
    }
    made.map_err(at("make", path))
}

/// Another container's creation may make it at the same time.
fn make_parent(path: &Path) -> Result<()> {
    let mut made = mkdir(path);
    if let (Err(Errno::NOENT), Some(parent)) = (made, path.parent()) {
        make_parent(parent)?;
        made = mkdir(path);
    }
    match made {
        Ok(()) if path.ends_with(HOME) => Ok(()),
        Ok(()) => {
            // Where the kernel keeps no marks, the folder stays.
            let _ = rustix::fs::setxattr(path, MARK, b"", XattrFlags::empty());
            Ok(())
        }
        Err(Errno::EXIST | Errno::NOENT) => Ok(()),
        Err(errno) => Err(at("make", path)(errno)),
    }
}

/// Removes the parents of a folder that is gone, as long as they are empty and were made here.
pub(crate) fn prune_parents(path: &Path) {
    for parent in path.ancestors().skip(1) {
        let is_ours = rustix::fs::getxattr(parent, MARK, &mut [0u8; 0][..]).is_ok();
        // Whoever is still in it removes it later.
        if !is_ours || rustix::fs::unlinkat(CWD, parent, AtFlags::REMOVEDIR).is_err() {
            return;
        }
    }
}

fn mkdir(path: &Path) -> rustix::io::Result<()> {
    rustix::fs::mkdir(
        path,
        Mode::RWXU | Mode::RGRP | Mode::XGRP | Mode::ROTH | Mode::XOTH,
    )
}
