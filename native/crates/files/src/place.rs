//! What is at a path of a container.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use longshore_sys::rooted::open_in_root;
use rustix::fs::{FileType, Mode, OFlags};

use crate::canonical::canonical;
use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::is_pseudo;
use crate::view::View;

/// As `docker cp` wants to know it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStat {
    /// The path's last name; "/" of the root, "." of what is in a folder.
    pub name: String,
    pub size: u64,
    /// As in stat(2).
    pub mode: u32,
    pub modified_at_unix_ns: i64,
    /// Of a symbolic link: where it ends up, absolute in the container; else empty.
    pub link_target: String,
}

pub(crate) struct Place {
    pub(crate) node: Node,
    /// The path's last name; empty of the root.
    pub(crate) name: Vec<u8>,
}

/// A link at the end of the path is followed only where the path says that it is a folder: "x/", "x/.".
pub(crate) fn find(view: &View, path: &[u8]) -> Result<Place> {
    if path.contains(&0) {
        return Err(FilesError::refused(path, "holds a NUL"));
    }
    let is_folder = path.ends_with(b"/") || path.ends_with(b"/.") || path == b".";
    let flags = match is_folder {
        true => OFlags::PATH | OFlags::DIRECTORY,
        false => OFlags::PATH | OFlags::NOFOLLOW,
    };
    let shown = if path.is_empty() {
        b"/".as_slice()
    } else {
        path
    };
    let fd = open_in_root(view.root(), OsStr::from_bytes(shown), flags, Mode::empty());
    let node = fd
        .and_then(Node::of)
        .map_err(FilesError::at("open", path))?;
    if is_pseudo(&node) {
        let reason = "is on a file system that shows the kernel, without files to copy";
        return Err(FilesError::refused(path, reason));
    }
    Ok(Place {
        node,
        name: last_name(path),
    })
}

pub(crate) fn describe(view: &View, path: &[u8], place: &Place) -> Result<PathStat> {
    let stat = &place.node.stat;
    let link_target = match place.node.kind() {
        FileType::Symlink => {
            let target = canonical(view.root(), path)?;
            format!("/{}", String::from_utf8_lossy(&target))
        }
        _ => String::new(),
    };
    let name = match place.name.as_slice() {
        b"" => "/".to_owned(),
        name => String::from_utf8_lossy(name).into_owned(),
    };
    Ok(PathStat {
        name,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mode: stat.st_mode,
        modified_at_unix_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        link_target,
    })
}

pub(crate) fn nanoseconds(seconds: i64, rest: u64) -> i64 {
    let rest = i64::try_from(rest).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

/// Of the path as it is written; "." at its end means what is in the folder, `..` has no name of its own, and the root
/// none at all.
fn last_name(path: &[u8]) -> Vec<u8> {
    if path == b"." || path.ends_with(b"/.") {
        return b".".to_vec();
    }
    let mut name: &[u8] = b"";
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => name = b"",
            part => name = part,
        }
    }
    name.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_name_is_the_one_that_is_written() {
        for (path, name) in [
            ("/etc/passwd", "passwd"),
            ("etc/", "etc"),
            ("etc/.", "."),
            ("/.", "."),
            (".", "."),
            ("/", ""),
            ("", ""),
            ("a/..", ""),
        ] {
            assert_eq!(last_name(path.as_bytes()), name.as_bytes(), "{path}");
        }
    }
}
