//! The folder that an archive is unpacked to, and the way from an entry's path to its parent.

use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;

use longshore_sys::rooted::{mkdir_all_in_root, open_in_root};
use rustix::fs::{Mode, OFlags, StatVfsMountFlags, fstatvfs};

use crate::canonical::canonical;
use crate::error::{FilesError, Result};
use crate::ids::Ids;
use crate::tree::{is_pseudo, join};
use crate::view::View;

/// Entries' parents are looked up from the container's root, so that the container's own links lead where its
/// programs would be led; at no moment out of the root.
pub(super) struct Target<'a> {
    view: &'a View,
    /// Without links.
    path: Vec<u8>,
    /// The last parent: entries of a folder follow each other.
    last: Option<(Vec<u8>, Rc<OwnedFd>)>,
}

impl<'a> Target<'a> {
    pub(super) fn find(view: &'a View, path: &[u8]) -> Result<Self> {
        if path.contains(&0) {
            return Err(FilesError::refused(path, "holds a NUL"));
        }
        let canonical = canonical(view.root(), path)?;
        let mut target = Target {
            view,
            path: canonical,
            last: None,
        };
        target.existing_folder(b"")?;
        Ok(target)
    }

    /// The folder at `path`, which is clean; missing ones on the way are made.
    pub(super) fn folder(&mut self, path: &[u8]) -> Result<Rc<OwnedFd>> {
        self.find_folder(path, |root, full| {
            mkdir_all_in_root(root, full, Mode::from_raw_mode(0o755))
        })
    }

    pub(super) fn existing_folder(&mut self, path: &[u8]) -> Result<Rc<OwnedFd>> {
        let flags = OFlags::PATH | OFlags::DIRECTORY;
        self.find_folder(path, |root, full| {
            open_in_root(root, full, flags, Mode::empty())
        })
    }

    pub(super) fn ids(&self) -> &Ids {
        self.view.ids()
    }

    /// Something has been replaced: what was found through it counts no more.
    pub(super) fn forget(&mut self) {
        self.last = None;
    }

    fn find_folder(
        &mut self,
        path: &[u8],
        open: impl FnOnce(std::os::fd::BorrowedFd<'_>, &OsStr) -> longshore_sys::Result<OwnedFd>,
    ) -> Result<Rc<OwnedFd>> {
        if let Some((_, folder)) = self.last.as_ref().filter(|(last, _)| last == path) {
            return Ok(Rc::clone(folder));
        }
        let full = [b"/".as_slice(), &join(&self.path, path)].concat();
        let folder = open(self.view.root(), OsStr::from_bytes(&full));
        let folder = Rc::new(folder.map_err(FilesError::at("open", &full))?);
        check(&folder, &full)?;
        self.last = Some((path.to_vec(), Rc::clone(&folder)));
        Ok(folder)
    }
}

/// Before anything there is removed.
fn check(folder: &OwnedFd, path: &[u8]) -> Result<()> {
    if is_pseudo(folder) {
        let reason = "is on a file system that shows the kernel, which takes no files";
        return Err(FilesError::refused(path, reason));
    }
    let flags = fstatvfs(folder)
        .map_err(FilesError::at("statvfs", path))?
        .f_flag;
    if flags.contains(StatVfsMountFlags::RDONLY) {
        let path = crate::error::printable(path);
        return Err(FilesError::ReadOnly { path });
    }
    Ok(())
}
