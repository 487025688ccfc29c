//! Folders of a container's root, entry by entry.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use longshore_sys::rooted::open_in_root_no_symlinks;
use rustix::fs::{Dir, FsWord, Mode, OFlags, fstatfs};
use rustix::io::Errno;

use crate::error::{FilesError, Result};

/// In one folder; their names are held at once to put them in order.
const MAX_NAMES: usize = 1_000_000;

/// File systems that show the kernel instead of files (statfs(2)).
const PSEUDO: [u32; 14] = [
    0x9fa0,      // proc
    0x6265_6572, // sysfs
    0x0027_e0eb, // cgroup
    0x6367_7270, // cgroup2
    0x1cd1,      // devpts
    0x1980_0202, // mqueue
    0x6462_6720, // debugfs
    0x7472_6163, // tracefs
    0x7363_6673, // securityfs
    0xcafe_4a11, // bpf
    0x6265_6570, // configfs
    0x6165_676c, // pstore
    0xde5e_81e4, // efivarfs
    0x4249_4e4d, // binfmt_misc
];

/// The folder at a path without symlinks below `root`, to list it. `path` is clean and relative.
pub(crate) fn open_folder(
    root: BorrowedFd<'_>,
    path: &[u8],
) -> std::result::Result<OwnedFd, Errno> {
    let path = if path.is_empty() {
        b".".as_slice()
    } else {
        path
    };
    let path = Path::new(std::ffi::OsStr::from_bytes(path));
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK;
    open_in_root_no_symlinks(root, path, flags, Mode::empty())
}

/// In the order of their bytes.
pub(crate) fn names(folder: impl AsFd, path: &[u8]) -> Result<Vec<Vec<u8>>> {
    let failed = |errno| FilesError::at("list", path)(errno);
    let mut names = Vec::new();
    for entry in Dir::read_from(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_bytes();
        if name == b"." || name == b".." {
            continue;
        }
        if names.len() == MAX_NAMES {
            return Err(FilesError::TooMuch {
                limit: MAX_NAMES,
                what: "files in one folder",
            });
        }
        names.push(name.to_vec());
    }
    names.sort_unstable();
    Ok(names)
}

/// Whether a file system has no files to copy.
pub(crate) fn is_pseudo(place: impl AsFd) -> bool {
    fstatfs(place).is_ok_and(|stat| PSEUDO.iter().any(|magic| stat.f_type == *magic as FsWord))
}

pub(crate) fn join(parent: &[u8], name: &[u8]) -> Vec<u8> {
    if parent.is_empty() {
        return name.to_vec();
    }
    [parent, b"/", name].concat()
}
