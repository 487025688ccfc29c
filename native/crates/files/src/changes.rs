//! What a container's writable layer changes of its image, as `docker diff` tells it: a folder counts as modified when
//! something in it is. Folders and files that the engine itself needs as places to mount on are nobody's change.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use rustix::fs::FileType;
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::{join, names, open_folder};
use crate::view::View;

const MAX_CHANGES: usize = 2_000_000;
/// A container that nests folders deeper is up to no good.
const MAX_DEPTH: usize = 256;

const OPAQUE: &str = "trusted.overlay.opaque";

/// What the engine mounts on in every container.
const MOUNT_POINTS: [&[u8]; 6] = [
    b"dev",
    b"etc/hostname",
    b"etc/hosts",
    b"etc/resolv.conf",
    b"proc",
    b"sys",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Modified,
    Added,
    Deleted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Relative to the root.
    pub path: Vec<u8>,
    pub kind: ChangeKind,
    /// A folder that shows nothing of the image's folder of the same name.
    pub(crate) is_opaque: bool,
    /// Deleted because the folder around it is opaque.
    pub(crate) by_opaque: bool,
}

/// By path, a folder before what is in it.
pub fn changes(image: &View, upper: &Path) -> Result<Vec<Change>> {
    let upper = View::of_folder(upper)?;
    let mut walk = Walk {
        upper: upper.root(),
        image: image.root(),
        found: Vec::new(),
    };
    walk.folder(b"", true, false, 0)?;
    Ok(walk.found)
}

struct Walk<'a> {
    upper: BorrowedFd<'a>,
    image: BorrowedFd<'a>,
    found: Vec<Change>,
}

impl Walk<'_> {
    /// Whether a mount point of the engine's was left out, whose making has changed the folder's time.
    fn folder(&mut self, path: &[u8], in_image: bool, opaque: bool, depth: usize) -> Result<bool> {
        if depth == MAX_DEPTH {
            return Err(FilesError::TooMuch {
                limit: MAX_DEPTH,
                what: "folders within each other",
            });
        }
        let folder = match open_folder(self.upper, path) {
            Ok(folder) => folder,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(false),
            Err(errno) => return Err(FilesError::at("open", path)(errno)),
        };
        let in_image = in_image
            .then(|| open_folder(self.image, path).ok())
            .flatten();
        let names_here = names(&folder, path)?;
        let mut left_out = false;
        for name in merged_names(&names_here, in_image.as_ref().filter(|_| opaque), path)? {
            let inside = join(path, &name);
            let old = in_image.as_ref().and_then(|it| Node::at(it, &name).ok());
            match Node::at(&folder, &name) {
                Ok(node) => left_out |= self.entry(&node, old.as_ref(), &inside, depth)?,
                // Only the image has it, and the opaque folder hides it.
                Err(Errno::NOENT) if old.is_some() && opaque => {
                    self.add(inside, ChangeKind::Deleted, false, true)?;
                }
                Err(Errno::NOENT) => {}
                Err(errno) => return Err(FilesError::at("open", &inside)(errno)),
            }
        }
        Ok(left_out)
    }

    fn entry(
        &mut self,
        node: &Node,
        old: Option<&Node>,
        path: &[u8],
        depth: usize,
    ) -> Result<bool> {
        if node.is_whiteout() {
            if old.is_some() {
                self.add(path.to_vec(), ChangeKind::Deleted, false, false)?;
            }
            return Ok(false);
        }
        if old.is_none() && is_mount_point(node, path) {
            return Ok(true);
        }
        if node.kind() == FileType::Directory {
            return self.directory(node, old, path, depth).map(|()| false);
        }
        match old {
            None => self.add(path.to_vec(), ChangeKind::Added, false, false)?,
            Some(old) if is_same(node, old) => {}
            Some(_) => self.add(path.to_vec(), ChangeKind::Modified, false, false)?,
        }
        Ok(false)
    }

    fn directory(
        &mut self,
        node: &Node,
        old: Option<&Node>,
        path: &[u8],
        depth: usize,
    ) -> Result<()> {
        let covers = old.is_some_and(|old| old.kind() == FileType::Directory);
        let opaque = covers && node.has_xattr(OPAQUE, b"y");
        let place = self.found.len();
        let left_out = self.folder(path, covers, opaque, depth + 1)?;
        let kind = match old {
            None => ChangeKind::Added,
            Some(_) => ChangeKind::Modified,
        };
        let is_touched = match old {
            Some(old) if covers => !is_same_folder(node, old, left_out),
            _ => true,
        };
        if is_touched || opaque || self.found.len() > place {
            let change = Change {
                path: path.to_vec(),
                kind,
                is_opaque: opaque,
                by_opaque: false,
            };
            self.found.insert(place, change);
        }
        Ok(())
    }

    fn add(
        &mut self,
        path: Vec<u8>,
        kind: ChangeKind,
        is_opaque: bool,
        by_opaque: bool,
    ) -> Result<()> {
        if self.found.len() >= MAX_CHANGES {
            return Err(FilesError::TooMuch {
                limit: MAX_CHANGES,
                what: "changed files",
            });
        }
        self.found.push(Change {
            path,
            kind,
            is_opaque,
            by_opaque,
        });
        Ok(())
    }
}

/// The names of both folders, each once, in order.
fn merged_names(upper: &[Vec<u8>], image: Option<impl AsFd>, path: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut all = upper.to_vec();
    if let Some(image) = image {
        all.extend(names(image, path)?);
        all.sort_unstable();
        all.dedup();
    }
    Ok(all)
}

fn is_mount_point(node: &Node, path: &[u8]) -> bool {
    if !MOUNT_POINTS.contains(&path) {
        return false;
    }
    match node.kind() {
        FileType::Directory => {
            let inside = node.open_directory().map(|folder| names(folder, path));
            matches!(inside, Ok(Ok(names)) if names.is_empty())
        }
        FileType::RegularFile => node.stat.st_size == 0,
        _ => false,
    }
}

/// A file that was copied up and then left as it was.
fn is_same(new: &Node, old: &Node) -> bool {
    is_same_folder(new, old, false)
        && new.stat.st_size == old.stat.st_size
        && new.stat.st_rdev == old.stat.st_rdev
}

fn is_same_folder(new: &Node, old: &Node, time_may_differ: bool) -> bool {
    let facts = |node: &Node| (node.stat.st_mode, node.stat.st_uid, node.stat.st_gid);
    let time = |node: &Node| (node.stat.st_mtime, node.stat.st_mtime_nsec);
    facts(new) == facts(old) && (time_may_differ || time(new) == time(old))
}
