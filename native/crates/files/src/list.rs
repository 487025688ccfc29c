//! The names in one directory, as a file browser shows them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use longshore_sys::rooted::open_in_root;
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::place::nanoseconds;
use crate::tree::names;
use crate::view::View;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    pub name: Vec<u8>,
    pub size: u64,
    /// As in stat(2).
    pub mode: u32,
    pub modified_at_unix_ns: i64,
    pub uid: u32,
    pub gid: u32,
    /// Of a symbolic link: as it is written; else empty.
    pub link_target: Vec<u8>,
}

/// In the order of their bytes; what goes away meanwhile is left out. Ends early when `take` says so.
pub fn list(
    view: &View,
    path: &[u8],
    mut take: impl FnMut(DirectoryEntry) -> Result<()>,
) -> Result<()> {
    let failed = |step| FilesError::at(step, path);
    if path.contains(&0) {
        return Err(FilesError::refused(path, "holds a NUL"));
    }
    let from_root = [b"/".as_slice(), path].concat();
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let folder = open_in_root(
        view.root(),
        OsStr::from_bytes(&from_root),
        flags,
        Mode::empty(),
    );
    let folder = folder.map_err(failed("open"))?;
    for name in names(&folder, path)? {
        match Node::at(&folder, &name) {
            Ok(node) => take(entry(name, &node)?)?,
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(FilesError::at("open", &name)(errno)),
        }
    }
    Ok(())
}

fn entry(name: Vec<u8>, node: &Node) -> Result<DirectoryEntry> {
    let stat = &node.stat;
    let link_target = match node.kind() {
        FileType::Symlink => node
            .link_target()
            .map_err(FilesError::at("readlink", &name))?,
        _ => Vec::new(),
    };
    Ok(DirectoryEntry {
        name,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mode: stat.st_mode,
        modified_at_unix_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        uid: stat.st_uid,
        gid: stat.st_gid,
        link_target,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn listed(view: &View, path: &str) -> Result<Vec<DirectoryEntry>> {
        let mut found = Vec::new();
        list(view, path.as_bytes(), |entry| {
            found.push(entry);
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn names_come_in_order_with_what_stat_knows() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        std::fs::write(folder.path().join("a"), "four").unwrap();
        symlink("/etc/passwd", folder.path().join("c")).unwrap();
        let view = View::of_folder(folder.path()).unwrap();
        let found = listed(&view, "/").unwrap();
        let names: Vec<&[u8]> = found.iter().map(|it| it.name.as_slice()).collect();
        assert_eq!(names, [b"a".as_slice(), b"b", b"c"]);
        assert_eq!((found[0].size, found[0].mode & 0o170_000), (4, 0o100_000));
        assert_eq!(found[1].mode & 0o170_000, 0o040_000);
        assert_eq!(found[2].link_target, b"/etc/passwd");
    }

    #[test]
    fn links_lead_to_folders_inside_the_root_only() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("etc/own")).unwrap();
        symlink("/etc", folder.path().join("link")).unwrap();
        symlink("../../../../etc", folder.path().join("up")).unwrap();
        let view = View::of_folder(folder.path()).unwrap();
        for path in ["link", "up", "../../etc"] {
            let found = listed(&view, path).unwrap();
            assert_eq!(found[0].name, b"own", "{path}");
            assert_eq!(found.len(), 1, "{path}");
        }
        let missing = listed(&view, "nothing").unwrap_err();
        assert!(matches!(missing, FilesError::NotFound { .. }));
    }
}
