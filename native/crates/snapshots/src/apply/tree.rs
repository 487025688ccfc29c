//! The folder a layer is unpacked into, and the way from an entry's path to a descriptor of its parent.
//!
//! Every step goes through openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS. Symlinks of the layer are
//! followed here, part by part, with the layer's root as `/` - as containerd resolves them - so that the kernel
//! never follows one.

use std::collections::{HashMap, VecDeque};
use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use rustix::fs::{Mode, OFlags, ResolveFlags, mkdirat, openat2, readlinkat};
use rustix::io::Errno;

use super::path::{self, MAX_PATH};
use crate::error::{Result, SnapshotError, printable};

/// Linux's own limit for one path (MAXSYMLINKS).
const MAX_LINKS: usize = 40;
/// Folders whose descriptors are kept open.
const MAX_CACHED: usize = 64;

const RESOLVE: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);

/// The two folders of a layer that unpacks: `tree`, and `discard` for what entries have replaced.
pub(crate) struct Staging {
    pub(crate) tree: OwnedFd,
    pub(crate) discard: OwnedFd,
}

impl Staging {
    /// Makes both in `at`, which exists.
    pub(crate) fn create(at: &Path) -> Result<Self> {
        let make = |name: &str| {
            let path = at.join(name);
            let failed = |step| SnapshotError::system(step, path.display().to_string());
            rustix::fs::mkdir(&path, Mode::RWXU).map_err(failed("mkdir"))?;
            open_root(&path)
        };
        Ok(Self {
            tree: make("tree")?,
            discard: make("discard")?,
        })
    }
}

pub(crate) fn open_root(path: &Path) -> Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty())
        .map_err(SnapshotError::system("open", path.display().to_string()))
}

/// A folder of the layer: `path` has no symlink in it.
#[derive(Clone)]
pub(crate) struct Folder {
    pub(crate) fd: Rc<OwnedFd>,
    pub(crate) path: Rc<[u8]>,
}

impl Folder {
    pub(crate) fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Finds folders, and makes the missing ones.
pub(crate) struct Tree<'a> {
    root: BorrowedFd<'a>,
    cache: HashMap<Vec<u8>, Folder>,
    /// Folders that `folder` has made since the last `take_made`.
    made: Vec<Vec<u8>>,
}

/// Why there is no such folder.
#[derive(Debug)]
enum Missing {
    Refused(&'static str),
    System(&'static str, Errno),
}

impl<'a> Tree<'a> {
    pub(crate) fn new(root: BorrowedFd<'a>) -> Self {
        Self {
            root,
            cache: HashMap::new(),
            made: Vec::new(),
        }
    }

    /// The folder at `path`, which is clean. Missing folders on the way are made, with mode 0755.
    pub(crate) fn folder(&mut self, path: &[u8], entry: &[u8]) -> Result<Folder> {
        if let Some(folder) = self.cache.get(path) {
            return Ok(folder.clone());
        }
        let folder = match open_folder(self.root, path) {
            Ok(fd) => Folder {
                fd: Rc::new(fd),
                path: path.into(),
            },
            Err(_) => self
                .walk(path, true)
                .map_err(|missing| missing.into_error(entry))?,
        };
        if self.cache.len() >= MAX_CACHED {
            self.cache.clear();
        }
        self.cache.insert(path.to_vec(), folder.clone());
        Ok(folder)
    }

    /// The folder at `path` of an earlier entry; nothing is made.
    pub(crate) fn existing_folder(&mut self, path: &[u8], entry: &[u8]) -> Result<Folder> {
        if let Some(folder) = self.cache.get(path) {
            return Ok(folder.clone());
        }
        match open_folder(self.root, path) {
            Ok(fd) => Ok(Folder {
                fd: Rc::new(fd),
                path: path.into(),
            }),
            Err(_) => self
                .walk(path, false)
                .map_err(|missing| missing.into_error(entry)),
        }
    }

    /// A folder or a symlink has been replaced: what was found through it counts no more.
    pub(crate) fn forget(&mut self) {
        self.cache.clear();
    }

    pub(crate) fn take_made(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.made)
    }

    fn walk(&mut self, path: &[u8], make: bool) -> std::result::Result<Folder, Missing> {
        let mut todo: VecDeque<Vec<u8>> = parts(path).collect();
        let mut here =
            open_folder(self.root, b"").map_err(|errno| Missing::System("open", errno))?;
        let mut done: Vec<u8> = Vec::new();
        let mut links = 0;
        while let Some(part) = todo.pop_front() {
            if part == b".." {
                done.truncate(path::split(&done).0.len());
                here = open_folder(self.root, &done)
                    .map_err(|errno| Missing::System("open", errno))?;
                continue;
            }
            match open_folder(here.as_fd(), &part) {
                Ok(fd) => {
                    here = fd;
                    path::push(&mut done, &part);
                }
                Err(Errno::NOENT) if make => {
                    here = self.make(here.as_fd(), &mut done, &part)?;
                }
                Err(Errno::NOENT) => {
                    return Err(Missing::Refused("what it links to is not in the layer"));
                }
                Err(Errno::LOOP) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Missing::Refused("its path has too many symlinks"));
                    }
                    let target = readlinkat(here.as_fd(), &*part, Vec::new());
                    let target = target
                        .map_err(|errno| Missing::System("readlink", errno))?
                        .into_bytes();
                    if target.starts_with(b"/") {
                        done.clear();
                        here = open_folder(self.root, b"")
                            .map_err(|errno| Missing::System("open", errno))?;
                    }
                    parts(&target).rev().for_each(|part| todo.push_front(part));
                }
                Err(Errno::NOTDIR) => return Err(Missing::Refused("its parent is not a folder")),
                Err(errno) => return Err(Missing::System("open", errno)),
            }
            if done.len() > MAX_PATH {
                return Err(Missing::Refused("its path is too long"));
            }
        }
        Ok(Folder {
            fd: Rc::new(here),
            path: done.into(),
        })
    }

    fn make(
        &mut self,
        here: BorrowedFd<'_>,
        done: &mut Vec<u8>,
        part: &[u8],
    ) -> std::result::Result<OwnedFd, Missing> {
        path::push(done, part);
        mkdirat(here, part, Mode::from_raw_mode(0o755))
            .map_err(|errno| Missing::System("mkdir", errno))?;
        self.made.push(done.clone());
        open_folder(here, part).map_err(|errno| Missing::System("open", errno))
    }
}

impl Missing {
    fn into_error(self, entry: &[u8]) -> SnapshotError {
        match self {
            Self::Refused(reason) => SnapshotError::Entry {
                name: printable(entry),
                reason,
            },
            Self::System(step, errno) => SnapshotError::System {
                step,
                path: printable(entry),
                errno,
            },
        }
    }
}

fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = Vec<u8>> {
    let parts = path.split(|byte| *byte == b'/');
    parts
        .filter(|part| !part.is_empty() && *part != b".")
        .map(<[u8]>::to_vec)
}

/// A folder at or below `root` for use in paths; ELOOP where a symlink stands in the way.
fn open_folder(root: BorrowedFd<'_>, path: &[u8]) -> std::result::Result<OwnedFd, Errno> {
    open_in(root, path, OFlags::PATH | OFlags::DIRECTORY)
}

/// [`openat2`] that stays below `root` and follows nothing.
pub(crate) fn open_in(
    root: BorrowedFd<'_>,
    path: &[u8],
    flags: OFlags,
) -> std::result::Result<OwnedFd, Errno> {
    let path = if path.is_empty() { b"." } else { path };
    openat2(
        root,
        OsStr::from_bytes(path),
        flags | OFlags::CLOEXEC,
        Mode::empty(),
        RESOLVE,
    )
}
