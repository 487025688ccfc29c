//! Single changes of what is in a directory: a name goes, comes, or becomes another.

use std::ffi::OsStr;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

use longshore_sys::rooted::open_in_root;
use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, StatVfsMountFlags, fchmod, fstatvfs, mkdirat, openat,
    renameat_with, unlinkat,
};
use rustix::io::Errno;

use crate::error::{FilesError, Result, printable};
use crate::remove::remove;
use crate::tree::is_pseudo;
use crate::view::View;

/// Removes what is at a path: a link, not what it leads to. A folder with something in it only if `recursive`.
pub fn remove_path(view: &View, path: &[u8], recursive: bool) -> Result<()> {
    let (folder, name) = parent_of(view, path)?;
    // What is not there must be told, while `remove` takes it for done.
    rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)
        .map_err(FilesError::at("remove", path))?;
    if recursive {
        return remove(folder.as_fd(), name);
    }
    match unlinkat(&folder, name, AtFlags::empty()) {
        Err(Errno::ISDIR) => unlinkat(&folder, name, AtFlags::REMOVEDIR),
        removed => removed,
    }
    .map_err(FilesError::at("remove", path))
}

/// Makes a folder with these permissions in one that exists.
pub fn make_directory(view: &View, path: &[u8], mode: u32) -> Result<()> {
    let failed = || FilesError::at("mkdir", path);
    let (parent, name) = parent_of(view, path)?;
    mkdirat(&parent, name, Mode::from_raw_mode(0o700)).map_err(failed())?;
    // Whatever the umask is.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let made = openat(&parent, name, flags, Mode::empty()).map_err(failed())?;
    fchmod(&made, Mode::from_raw_mode(mode & 0o7777)).map_err(failed())
}

/// Within one mount; nothing is replaced.
pub fn rename_path(view: &View, path: &[u8], new_path: &[u8]) -> Result<()> {
    let (from, name) = parent_of(view, path)?;
    let (to, new_name) = parent_of(view, new_path)?;
    match renameat_with(&from, name, &to, new_name, RenameFlags::NOREPLACE) {
        Err(Errno::EXIST) => Err(FilesError::at("rename", new_path)(Errno::EXIST)),
        Err(Errno::INVAL) => Err(FilesError::refused(new_path, "is inside of what is moved")),
        Err(Errno::XDEV) => {
            let reason = "is on another mount: copy there, then remove";
            Err(FilesError::refused(new_path, reason))
        }
        renamed => renamed.map_err(FilesError::at("rename", path)),
    }
}

/// The folder in which the path's last name is, and that name. The name itself is no way anywhere.
fn parent_of<'a>(view: &View, path: &'a [u8]) -> Result<(OwnedFd, &'a [u8])> {
    if path.contains(&0) {
        return Err(FilesError::refused(path, "holds a NUL"));
    }
    let end = path.iter().rposition(|byte| *byte != b'/');
    let trimmed = end.map_or(b"".as_slice(), |end| &path[..=end]);
    let begin = trimmed.iter().rposition(|byte| *byte == b'/');
    let (parent, name) = begin.map_or((b"".as_slice(), trimmed), |at| {
        (&trimmed[..at], &trimmed[at + 1..])
    });
    if matches!(name, b"" | b"." | b"..") {
        return Err(FilesError::refused(path, "names nothing in a directory"));
    }
    let from_root = [b"/".as_slice(), parent].concat();
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let folder = open_in_root(
        view.root(),
        OsStr::from_bytes(&from_root),
        flags,
        Mode::empty(),
    );
    let folder = folder.map_err(FilesError::at("open", path))?;
    check(&folder, path)?;
    Ok((folder, name))
}

fn check(folder: &OwnedFd, path: &[u8]) -> Result<()> {
    if is_pseudo(folder) {
        let reason = "is on a file system that shows the kernel, which takes no files";
        return Err(FilesError::refused(path, reason));
    }
    let flags = fstatvfs(folder)
        .map_err(FilesError::at("statvfs", path))?
        .f_flag;
    if flags.contains(StatVfsMountFlags::RDONLY) {
        return Err(FilesError::ReadOnly {
            path: printable(path),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorClass;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn with_folder(work: impl FnOnce(&std::path::Path, &View)) {
        let folder = tempfile::tempdir().unwrap();
        let view = View::of_folder(folder.path()).unwrap();
        work(folder.path(), &view);
    }

    #[test]
    fn a_link_is_removed_and_not_what_it_leads_to() {
        with_folder(|folder, view| {
            std::fs::create_dir(folder.join("kept")).unwrap();
            std::fs::write(folder.join("kept/file"), "x").unwrap();
            symlink("kept", folder.join("link")).unwrap();
            remove_path(view, b"/link", true).unwrap();
            assert!(folder.join("kept/file").exists());
            assert!(!folder.join("link").exists());
        });
    }

    #[test]
    fn a_full_folder_goes_only_when_told() {
        with_folder(|folder, view| {
            std::fs::create_dir(folder.join("full")).unwrap();
            std::fs::write(folder.join("full/file"), "x").unwrap();
            let refused = remove_path(view, b"full/", false).unwrap_err();
            assert_eq!(refused.class(), ErrorClass::FailedPrecondition);
            remove_path(view, b"full/", true).unwrap();
            assert!(!folder.join("full").exists());
            let missing = remove_path(view, b"full", true).unwrap_err();
            assert_eq!(missing.class(), ErrorClass::NotFound);
        });
    }

    #[test]
    fn no_path_leads_out_of_the_root_or_to_the_root_itself() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("theirs"), "x").unwrap();
        with_folder(|folder, view| {
            symlink(outside.path(), folder.join("out")).unwrap();
            for path in ["out/theirs", "../theirs"] {
                assert!(remove_path(view, path.as_bytes(), true).is_err(), "{path}");
            }
            assert!(make_directory(view, b"out/new", 0o755).is_err());
            for path in ["/", "", ".", "a/..", "/."] {
                let refused = remove_path(view, path.as_bytes(), true).unwrap_err();
                assert_eq!(refused.class(), ErrorClass::InvalidArgument, "{path}");
            }
            assert!(outside.path().join("theirs").exists());
        });
    }

    #[test]
    fn a_folder_is_made_with_its_mode_and_never_over_something() {
        with_folder(|folder, view| {
            make_directory(view, b"/new", 0o1777).unwrap();
            let mode = std::fs::metadata(folder.join("new")).unwrap().permissions();
            assert_eq!(mode.mode() & 0o7777, 0o1777);
            let refused = make_directory(view, b"/new", 0o755).unwrap_err();
            assert_eq!(refused.class(), ErrorClass::AlreadyExists);
        });
    }

    #[test]
    fn a_name_becomes_another_but_replaces_nothing() {
        with_folder(|folder, view| {
            std::fs::write(folder.join("a"), "a").unwrap();
            std::fs::write(folder.join("b"), "b").unwrap();
            let refused = rename_path(view, b"a", b"b").unwrap_err();
            assert_eq!(refused.class(), ErrorClass::AlreadyExists);
            rename_path(view, b"a", b"/c").unwrap();
            assert_eq!(std::fs::read_to_string(folder.join("c")).unwrap(), "a");
            assert_eq!(std::fs::read_to_string(folder.join("b")).unwrap(), "b");
        });
    }
}
