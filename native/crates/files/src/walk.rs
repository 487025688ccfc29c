//! What is at a path of a root and below it, for whoever chooses what to copy.

use std::ffi::OsStr;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;

use longshore_snapshots::DigestWriter;
use longshore_sys::rooted::open_in_root;
use rustix::fs::{FileType, Mode, OFlags};

use crate::canonical::canonical;
use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::{is_pseudo, join, names};
use crate::view::View;

const MAX_FILES: usize = 5_000_000;
const MAX_DEPTH: usize = 256;
const READ_BYTES: usize = 256 * 1024;

/// Where a walk is, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Walked {
    /// The path it begins at, without links; absolute.
    Resolved(String),
    File(WalkedFile),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkedFile {
    /// From the resolved path; empty of itself.
    pub path: String,
    /// As in stat(2).
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub size: u64,
    pub link_target: String,
    /// SHA-256 of the content and, if there are any, of the extended attributes; empty when not asked for.
    pub digest: Vec<u8>,
}

/// A folder comes before what is in it, names in the order of their bytes. Names that are no UTF-8 are refused: nobody
/// could choose them.
pub fn walk(
    view: &View,
    path: &[u8],
    digests: bool,
    tell: impl FnMut(Walked) -> Result<()>,
) -> Result<()> {
    if path.contains(&0) {
        return Err(FilesError::refused(path, "holds a NUL"));
    }
    let found = canonical(view.root(), path)?;
    let absolute = [b"/".as_slice(), &found].concat();
    let flags = OFlags::PATH | OFlags::NOFOLLOW;
    let opened = open_in_root(
        view.root(),
        OsStr::from_bytes(&absolute),
        flags,
        Mode::empty(),
    );
    let node = opened
        .and_then(Node::of)
        .map_err(FilesError::at("open", path))?;
    let mut walk = Walk {
        digests,
        tell,
        told: 0,
    };
    (walk.tell)(Walked::Resolved(text(&absolute)?))?;
    walk.node(&node, b"", 0)
}

struct Walk<F> {
    digests: bool,
    tell: F,
    told: usize,
}

impl<F: FnMut(Walked) -> Result<()>> Walk<F> {
    fn node(&mut self, node: &Node, path: &[u8], depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(FilesError::TooMuch {
                limit: MAX_DEPTH,
                what: "folders within each other",
            });
        }
        self.told += 1;
        if self.told > MAX_FILES {
            return Err(FilesError::TooMuch {
                limit: MAX_FILES,
                what: "files to choose from",
            });
        }
        let file = self.describe(node, path)?;
        (self.tell)(Walked::File(file))?;
        if node.kind() != FileType::Directory || is_pseudo(node) {
            return Ok(());
        }
        let folder = node
            .open_directory()
            .map_err(FilesError::at("open", path))?;
        for name in names(&folder, path)? {
            let inside = join(path, &name);
            let node = Node::at(folder.as_fd(), &name).map_err(FilesError::at("open", &inside))?;
            self.node(&node, &inside, depth + 1)?;
        }
        Ok(())
    }

    fn describe(&self, node: &Node, path: &[u8]) -> Result<WalkedFile> {
        let stat = &node.stat;
        let link_target = match node.kind() {
            FileType::Symlink => {
                let target = node.link_target();
                text(&target.map_err(FilesError::at("readlink", path))?)?
            }
            _ => String::new(),
        };
        let digest = match node.kind() {
            FileType::RegularFile if self.digests => digest_of(node, path)?,
            _ => Vec::new(),
        };
        Ok(WalkedFile {
            path: text(path)?,
            mode: stat.st_mode,
            uid: stat.st_uid,
            gid: stat.st_gid,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            link_target,
            digest,
        })
    }
}

fn digest_of(node: &Node, path: &[u8]) -> Result<Vec<u8>> {
    let failed = |step| FilesError::at(step, path);
    let mut file = node.open_file().map_err(failed("open"))?;
    let mut hash = DigestWriter::default();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = file.read(&mut buffer).map_err(|error| {
            let errno = rustix::io::Errno::from_io_error(&error);
            failed("read")(errno.unwrap_or(rustix::io::Errno::IO))
        })?;
        if read == 0 {
            break;
        }
        hash.add(&buffer[..read]);
    }
    for (name, value) in node.xattrs().map_err(failed("getxattr"))? {
        for part in [&name, &value] {
            hash.add(&part.len().to_le_bytes());
            hash.add(part);
        }
    }
    Ok(hash.finish().bytes().to_vec())
}

fn text(bytes: &[u8]) -> Result<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(FilesError::refused(bytes, "has a name that is no UTF-8")),
    }
}
