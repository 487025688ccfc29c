//! Where a path ends up inside a root, every link on the way followed.

use std::collections::VecDeque;
use std::os::fd::BorrowedFd;

use longshore_sys::rooted::open_in_root_no_symlinks;
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::join;

/// As in the kernel's path walk.
const MAX_LINKS: usize = 40;
/// Linux's PATH_MAX, less its NUL.
const MAX_PATH: usize = 4095;

/// Relative to the root, without links, `.` and `..`. What is not there stands for itself: a link may lead to
/// nothing.
pub(crate) fn canonical(root: BorrowedFd<'_>, path: &[u8]) -> Result<Vec<u8>> {
    let mut done: Vec<u8> = Vec::new();
    let mut rest: VecDeque<Vec<u8>> = parts(path).collect();
    let mut links = 0;
    while let Some(part) = rest.pop_front() {
        if part == b".." {
            let end = done.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            done.truncate(end);
            continue;
        }
        let next = join(&done, &part);
        if next.len() > MAX_PATH {
            return Err(FilesError::refused(path, "is too long a path"));
        }
        match read_link(root, &next).map_err(FilesError::at("readlink", path))? {
            None => done = next,
            Some(target) => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(FilesError::refused(path, "has too many symbolic links"));
                }
                if target.starts_with(b"/") {
                    done.clear();
                }
                parts(&target).rev().for_each(|part| rest.push_front(part));
            }
        }
    }
    Ok(done)
}

/// `None` for what is no link, or not there.
fn read_link(root: BorrowedFd<'_>, path: &[u8]) -> std::result::Result<Option<Vec<u8>>, Errno> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW;
    let node = match open_in_root_no_symlinks(root, OsStr::from_bytes(path), flags, Mode::empty()) {
        Ok(fd) => Node::of(fd)?,
        Err(Errno::NOENT | Errno::NOTDIR) => return Ok(None),
        Err(errno) => return Err(errno),
    };
    if node.kind() != FileType::Symlink || crate::tree::is_pseudo(&node) {
        return Ok(None);
    }
    node.link_target().map(Some)
}

fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = Vec<u8>> {
    let parts = path.split(|byte| *byte == b'/');
    parts
        .filter(|part| !part.is_empty() && *part != b".")
        .map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::View;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_lead_to_places_inside_the_root_only() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/b")).unwrap();
        symlink("/a/b", at("absolute")).unwrap();
        symlink("../../../../a", at("a/b/up")).unwrap();
        symlink("nowhere/x", at("dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();
        let view = View::of_folder(folder.path()).unwrap();
        let canonical = |path: &str| canonical(view.root(), path.as_bytes());
        assert_eq!(canonical("/absolute/../c").unwrap(), b"a/c");
        assert_eq!(canonical("a/b/up/b").unwrap(), b"a/b");
        assert_eq!(canonical("dangling").unwrap(), b"nowhere/x");
        assert_eq!(canonical("../../..").unwrap(), b"");
        assert!(canonical("loop").is_err());
    }
}
