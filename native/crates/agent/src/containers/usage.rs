//! How much of the disk containers take.

use std::os::fd::AsFd;
use std::path::Path;

use longshore_files::{Usage, measure};
use longshore_runtime::{Failure, Id};
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;

use super::Containers;
use crate::failure::of_files;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DiskUsage {
    /// The writable layer.
    pub(crate) writable_bytes: u64,
    pub(crate) log_bytes: u64,
}

impl Containers {
    /// Of all that are known, running or not.
    pub(crate) fn ids(&self) -> Vec<Id> {
        let mut ids: Vec<Id> = self.table.lock().keys().cloned().collect();
        ids.sort();
        ids
    }

    /// Walks over all files: for a thread that may wait. `None`: nothing has been written for such a container. Ends with
    /// a failure soon after `is_cancelled`.
    pub(crate) fn disk_usage(
        &self,
        id: &Id,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Option<DiskUsage>, Failure> {
        let directory = self.store.open_directory(id);
        let directory = directory.map_err(|error| Failure::io("store", id, &error))?;
        let Some(directory) = directory else {
            return Ok(None);
        };
        Ok(Some(DiskUsage {
            writable_bytes: usage_of(&directory.upper(), is_cancelled)?.bytes,
            log_bytes: usage_of(&directory.log(), is_cancelled)?.bytes,
        }))
    }
}

fn usage_of(path: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<Usage, Failure> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::openat(CWD, path, flags, Mode::empty()) {
        Ok(folder) => measure(folder.as_fd(), is_cancelled).map_err(|error| of_files(&error)),
        // Removed meanwhile.
        Err(Errno::NOENT) => Ok(Usage::default()),
        Err(errno) => Err(Failure::io("store", path.display(), &errno.into())),
    }
}
