//! What a tree takes of the disk.

use std::collections::HashSet;
use std::os::fd::BorrowedFd;

use rustix::fs::{FileType, fstat};
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::{join, names, open_folder};

/// Hard links that are remembered; further ones count once for each name.
const MAX_LINKS: usize = 1_000_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Of disk; files with several names count once, the root itself not at all.
    pub bytes: u64,
    /// Files, folders, links: all but the root itself.
    pub files: u64,
}

/// Other file systems below are not entered. Ends with [`FilesError::CutOff`] soon after `is_cancelled`.
pub fn measure(root: BorrowedFd<'_>, is_cancelled: &dyn Fn() -> bool) -> Result<Usage> {
    let mut usage = Usage::default();
    let mut seen = HashSet::new();
    let device = fstat(root).map_err(FilesError::at("stat", b""))?.st_dev;
    let mut folders = vec![Vec::new()];
    while let Some(path) = folders.pop() {
        let folder = match open_folder(root, &path) {
            Ok(folder) => folder,
            // Gone, or replaced, meanwhile; or deeper than a path can say.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::NAMETOOLONG) => continue,
            Err(errno) => return Err(FilesError::at("open", &path)(errno)),
        };
        for name in names(&folder, &path)? {
            if is_cancelled() {
                return Err(FilesError::CutOff);
            }
            let Ok(node) = Node::at(&folder, &name) else {
                continue;
            };
            if node.stat.st_dev != device {
                continue;
            }
            usage.files += 1;
            if is_new(&node, &mut seen) {
                let blocks = u64::try_from(node.stat.st_blocks).unwrap_or(0);
                usage.bytes = usage.bytes.saturating_add(blocks.saturating_mul(512));
            }
            if node.kind() == FileType::Directory {
                folders.push(join(&path, &name));
            }
        }
    }
    Ok(usage)
}

fn is_new(node: &Node, seen: &mut HashSet<(u64, u64)>) -> bool {
    let has_names = node.stat.st_nlink > 1 && node.kind() != FileType::Directory;
    !has_names || seen.len() == MAX_LINKS || seen.insert((node.stat.st_dev, node.stat.st_ino))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::View;

    #[test]
    fn a_file_with_two_names_takes_its_room_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("below")).unwrap();
        std::fs::write(folder.path().join("a"), vec![1; 1 << 20]).unwrap();
        let view = View::of_folder(folder.path()).unwrap();
        let before = measure(view.root(), &|| false).unwrap();
        std::fs::hard_link(folder.path().join("a"), folder.path().join("below/b")).unwrap();
        let after = measure(view.root(), &|| false).unwrap();
        assert!(before.bytes >= 1 << 20);
        assert_eq!((after.bytes, after.files), (before.bytes, before.files + 1));
    }
}
