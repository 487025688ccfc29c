//! What is known about the layer's folders until its end.
//!
//! Folders get their owner, mode, attributes and times last: entries that follow change a folder's mtime, would
//! inherit its setgid bit and default ACL, and may replace it.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{OFlags, XattrFlags, fsetxattr};

use super::attributes::Attributes;
use super::path;
use super::tree::open_in;
use crate::error::{Result, SnapshotError, printable};

pub(crate) const OPAQUE_XATTR: &str = "trusted.overlay.opaque";

/// Of a folder that neither this layer nor one below it describes.
static UNSAID: Attributes = Attributes {
    uid: 0,
    gid: 0,
    mode: 0o755,
    mtime: None,
    xattrs: Vec::new(),
};

#[derive(Default)]
pub(crate) struct Directory {
    /// `None`: the archive has no entry for it, it was only implied by a path through it.
    pub(crate) attributes: Option<Attributes>,
    pub(crate) opaque: bool,
}

/// By resolved path (no symlink in it) below the layer's root; the root is "".
#[derive(Default)]
pub(crate) struct Directories {
    known: BTreeMap<Vec<u8>, Directory>,
}

impl Directories {
    pub(crate) fn at(&mut self, path: &[u8]) -> &mut Directory {
        if !self.known.contains_key(path) {
            self.known.insert(path.to_vec(), Directory::default());
        }
        self.known.entry(path.to_vec()).or_default()
    }

    /// The folder and everything in it is gone.
    pub(crate) fn forget(&mut self, path: &[u8]) {
        self.known.remove(path);
        let below = |end: u8| [path, &[end]].concat();
        // '0' follows '/': the range holds the paths that continue with a slash.
        let inside = self.known.range(below(b'/')..below(b'/' + 1));
        let inside: Vec<_> = inside.map(|(path, _)| path.clone()).collect();
        for path in inside {
            self.known.remove(&path);
        }
    }

    /// Gives the folders below `root` what was kept back for the end. Answers those that the archive only implies
    /// and that the layers below may describe.
    pub(crate) fn settle(&self, root: BorrowedFd<'_>) -> Result<Vec<Vec<u8>>> {
        let mut implied = Vec::new();
        for (path, directory) in &self.known {
            let failed = |step| SnapshotError::system(step, printable(path));
            if directory.attributes.is_none() && !self.is_hidden_below(path) {
                implied.push(path.clone());
            }
            let flags = OFlags::RDONLY | OFlags::DIRECTORY;
            let folder = open_in(root, path, flags).map_err(failed("open"))?;
            if directory.opaque {
                fsetxattr(&folder, OPAQUE_XATTR, b"y", XattrFlags::empty())
                    .map_err(failed("setxattr"))?;
            }
            let attributes = directory.attributes.as_ref().unwrap_or(&UNSAID);
            attributes
                .apply_to_directory(folder.as_fd())
                .map_err(failed("attributes"))?;
        }
        Ok(implied)
    }

    /// Whether a folder around it shows nothing of the layers below.
    fn is_hidden_below(&self, path: &[u8]) -> bool {
        let mut around = path;
        while !around.is_empty() {
            around = path::split(around).0;
            if self.known.get(around).is_some_and(|known| known.opaque) {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_a_folder_with_its_content_only() {
        let mut directories = Directories::default();
        for path in ["a", "a/b", "a/b/c", "a-b", "a0", "ab/c"] {
            directories.at(path.as_bytes());
        }
        directories.forget(b"a");
        let left: Vec<_> = directories.known.into_keys().collect();
        assert_eq!(left, [b"a-b".to_vec(), b"a0".to_vec(), b"ab/c".to_vec()]);
    }

    #[test]
    fn an_opaque_folder_hides_what_is_below_all_inside_it_but_not_itself() {
        let mut directories = Directories::default();
        directories.at(b"a/b").opaque = true;
        assert!(directories.is_hidden_below(b"a/b/c"));
        assert!(directories.is_hidden_below(b"a/b/c/d"));
        assert!(!directories.is_hidden_below(b"a/b"));
        assert!(!directories.is_hidden_below(b"a/bc"));
    }
}
