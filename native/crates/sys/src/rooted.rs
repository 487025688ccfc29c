//! Paths inside a root directory that somebody else controls.
//!
//! Every step goes through openat2(2), so a symlink, a `..` or a racing rename can lead to a wrong place inside the
//! root at worst, never out of it. Magic links of procfs are refused.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, Mode, OFlags, PROC_SUPER_MAGIC, ResolveFlags};

use crate::{Errno, Result};

/// As in the kernel's path walk.
const MAX_SYMLINKS: usize = 40;

/// What a missing last component becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Directory,
    File,
}

/// A place that exists now.
#[derive(Debug)]
pub struct Place {
    /// An O_PATH descriptor.
    pub fd: OwnedFd,
    /// True when the last component was made by this call.
    pub created: bool,
}

/// Opens `path` as a process whose root directory is `root` would see it: absolute paths and symlinks start there.
pub fn open_in_root(
    root: impl AsFd,
    path: impl AsRef<Path>,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd> {
    open(
        root.as_fd(),
        path.as_ref(),
        flags,
        mode,
        ResolveFlags::IN_ROOT,
    )
}

/// Opens a relative `path` under `directory`; a symlink or `..` that would leave it is EXDEV.
pub fn open_beneath(
    directory: impl AsFd,
    path: impl AsRef<Path>,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd> {
    open(
        directory.as_fd(),
        path.as_ref(),
        flags,
        mode,
        ResolveFlags::BENEATH,
    )
}

/// As [`open_in_root`], and any symlink on the way, the last component included, is ELOOP.
pub fn open_in_root_no_symlinks(
    root: impl AsFd,
    path: impl AsRef<Path>,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd> {
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_SYMLINKS;
    open(root.as_fd(), path.as_ref(), flags, mode, resolve)
}

/// As [`open_beneath`], and any symlink on the way, the last component included, is ELOOP.
pub fn open_beneath_no_symlinks(
    directory: impl AsFd,
    path: impl AsRef<Path>,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    open(directory.as_fd(), path.as_ref(), flags, mode, resolve)
}

fn open(
    at: BorrowedFd<'_>,
    path: &Path,
    flags: OFlags,
    mode: Mode,
    resolve: ResolveFlags,
) -> Result<OwnedFd> {
    let resolve = resolve | ResolveFlags::NO_MAGICLINKS;
    // EAGAIN: a rename somewhere on the machine raced with a `..`; the kernel could not prove safety, so ask again.
    for _ in 0..64 {
        match rustix::fs::openat2(at, path, flags | OFlags::CLOEXEC, mode, resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            answer => return answer,
        }
    }
    Err(Errno::AGAIN)
}

/// Opens the place at `path` inside `root` (O_PATH), making it and its missing parents if need be.
///
/// Symlinks are followed inside the root, dangling ones too: what they point at is made. New directories have mode
/// `directory_mode`, new files 0644, both before the umask.
///
/// # Errors
/// ENOTDIR when a file stands where a directory is needed; ELOOP after 40 symlinks; ENOENT for a missing part of
/// procfs.
pub fn open_or_create(
    root: impl AsFd,
    path: impl AsRef<Path>,
    missing: Missing,
    directory_mode: Mode,
) -> Result<Place> {
    let root = root.as_fd();
    let wanted = match missing {
        Missing::Directory => OFlags::PATH | OFlags::DIRECTORY,
        Missing::File => OFlags::PATH,
    };
    match open_in_root(root, path.as_ref(), wanted, Mode::empty()) {
        Err(Errno::NOENT) => create(root, path.as_ref(), missing, directory_mode),
        found => Ok(Place {
            fd: found?,
            created: false,
        }),
    }
}

/// Makes the directory at `path` inside `root` with its missing parents, and opens it (O_PATH).
pub fn mkdir_all_in_root(root: impl AsFd, path: impl AsRef<Path>, mode: Mode) -> Result<OwnedFd> {
    open_or_create(root, path, Missing::Directory, mode).map(|place| place.fd)
}

/// Walks component by component. `walked` never contains a symlink: it is re-opened with NO_SYMLINKS at each step,
/// so a directory that is exchanged for a symlink meanwhile is an error and not a detour.
fn create(
    root: BorrowedFd<'_>,
    path: &Path,
    missing: Missing,
    directory_mode: Mode,
) -> Result<Place> {
    let mut walked = PathBuf::from("/");
    let mut rest = components(path);
    let mut symlinks = 0;
    let mut created = false;
    while let Some(name) = rest.pop_front() {
        if name == ".." {
            walked.pop();
            continue;
        }
        let directory = open_walked(root, &walked)?;
        refuse_procfs(directory.as_fd())?;
        let what = if rest.is_empty() {
            missing
        } else {
            Missing::Directory
        };
        created = make(directory.as_fd(), &name, what, directory_mode)?;
        if created {
            walked.push(&name);
        } else if let Some(target) = read_symlink(directory.as_fd(), &name)? {
            symlinks += 1;
            if symlinks > MAX_SYMLINKS {
                return Err(Errno::LOOP);
            }
            if target.is_absolute() {
                walked = PathBuf::from("/");
            }
            let mut detour = components(&target);
            detour.append(&mut rest);
            rest = detour;
        } else {
            walked.push(&name);
        }
    }
    Ok(Place {
        fd: open_walked(root, &walked)?,
        created,
    })
}

/// Nothing can be made there, and what looks like a symlink may be a magic link.
fn refuse_procfs(directory: BorrowedFd<'_>) -> Result<()> {
    if rustix::fs::fstatfs(directory)?.f_type == PROC_SUPER_MAGIC {
        return Err(Errno::NOENT);
    }
    Ok(())
}

fn components(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some(OsString::from("..")),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .collect()
}

fn open_walked(root: BorrowedFd<'_>, walked: &Path) -> Result<OwnedFd> {
    open_in_root_no_symlinks(root, walked, OFlags::PATH, Mode::empty())
}

/// True when `name` was made, false when something was there.
fn make(directory: BorrowedFd<'_>, name: &OsStr, what: Missing, mode: Mode) -> Result<bool> {
    let made = match what {
        Missing::Directory => rustix::fs::mkdirat(directory, name, mode),
        Missing::File => {
            let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
            rustix::fs::openat(directory, name, flags, Mode::from_raw_mode(0o644)).map(drop)
        }
    };
    match made {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        Err(errno) => Err(errno),
    }
}

fn read_symlink(directory: BorrowedFd<'_>, name: &OsStr) -> Result<Option<PathBuf>> {
    let status = rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)?;
    if !rustix::fs::FileType::from_raw_mode(status.st_mode).is_symlink() {
        return Ok(None);
    }
    let target = rustix::fs::readlinkat(directory, name.as_bytes(), Vec::new())?;
    Ok(Some(PathBuf::from(OsString::from_vec(target.into_bytes()))))
}

#[cfg(test)]
mod tests;
