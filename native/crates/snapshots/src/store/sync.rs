//! Getting many small files onto the disk at once.
//!
//! A layer can have 100,000 files; an fsync for each would take minutes. syncfs(2) writes the whole file system
//! in one sweep, and layers that finish at the same time share a sweep.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Condvar, Mutex};

use rustix::fs::{Mode, OFlags, syncfs};
use rustix::io::Errno;

use crate::cancel::{lock, wait};
use crate::error::{Result, SnapshotError};

pub(super) struct DiskSync {
    folder: OwnedFd,
    sweeps: Mutex<Sweeps>,
    ended: Condvar,
}

#[derive(Default)]
struct Sweeps {
    /// How many have begun and ended; they never overlap.
    begun: u64,
    ended: u64,
    /// The last one that failed.
    failed: Option<(u64, Errno)>,
}

impl DiskSync {
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(folder, flags, Mode::empty())
            .map_err(SnapshotError::system("open", folder.display().to_string()))?;
        Ok(Self {
            folder,
            sweeps: Mutex::default(),
            ended: Condvar::new(),
        })
    }

    /// Everything that was written before the call is on the disk after it.
    pub(super) fn sync(&self) -> Result<()> {
        let mut sweeps = lock(&self.sweeps);
        // One that runs already may have passed by what was written last.
        let needed = sweeps.begun + 1;
        while sweeps.ended < needed {
            if sweeps.begun > sweeps.ended {
                sweeps = wait(&self.ended, sweeps);
                continue;
            }
            sweeps.begun += 1;
            drop(sweeps);
            let done = syncfs(&self.folder);
            sweeps = lock(&self.sweeps);
            sweeps.ended += 1;
            if let Err(errno) = done {
                sweeps.failed = Some((sweeps.ended, errno));
            }
            self.ended.notify_all();
        }
        // The kernel tells an error to one caller only, so whoever shared the sweep must hear it from here.
        match sweeps.failed {
            Some((sweep, errno)) if sweep >= needed => {
                Err(SnapshotError::system("syncfs", "")(errno))
            }
            _ => Ok(()),
        }
    }
}
