//! What is being made, beside what is there.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::discard::delete;
use crate::error::{Result, VolumeError};
use crate::record::{DATA, now};

/// A folder for unfinished things. What is in it when a store is opened belongs to nobody.
pub(crate) struct Staging {
    folder: PathBuf,
    next: AtomicU64,
}

impl Staging {
    /// What an earlier process left is deleted by a thread of its own: it may be much.
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        make_private(&folder)?;
        let left = entries(&folder)?;
        let numbers = left.iter().filter_map(|path| number_of(path));
        let staging = Staging {
            next: AtomicU64::new(numbers.max().map_or(0, |last| last + 1)),
            folder,
        };
        let (bin, moment) = (staging.folder.clone(), now());
        let deleting = move || {
            // Names that nothing is begun under, in this process or a later one.
            let mut count = 0_u64;
            let mut next = || {
                count += 1;
                bin.join(format!("left.{moment}.{count}"))
            };
            for path in left {
                // What cannot be deleted now stays for the next process; it is in nobody's way.
                let _ = delete(&path, &mut next);
            }
        };
        let thread = std::thread::Builder::new().name("volume-staging".to_owned());
        thread
            .spawn(deleting)
            .map_err(VolumeError::io("thread", "volume-staging"))?;
        Ok(staging)
    }

    /// A folder that goes with the answer, unless it is published.
    pub(crate) fn begin(&self) -> Result<Staged<'_>> {
        let path = self.place();
        make_private(&path)?;
        Ok(Staged {
            staging: self,
            path,
        })
    }

    /// Takes `path` away at once, to be deleted when the answer is dropped.
    pub(crate) fn take(&self, path: &Path) -> Result<Staged<'_>> {
        let to = self.place();
        fs::rename(path, &to).map_err(VolumeError::io("rename", path.display()))?;
        Ok(Staged {
            staging: self,
            path: to,
        })
    }

    fn place(&self) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.join(number.to_string())
    }
}

pub(crate) struct Staged<'a> {
    staging: &'a Staging,
    path: PathBuf,
}

impl Staged<'_> {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path.join(DATA)
    }

    /// It is at `to`, where nothing was. What is in its data has been brought to disk by the caller ([`sync_all`]).
    pub(crate) fn publish(self, to: &Path) -> Result<()> {
        sync_folder(&self.path)?;
        move_to(&self.path, to)?;
        std::mem::forget(self);
        Ok(())
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        // What stays is deleted by the next process.
        let _ = delete(&self.path, &mut || self.staging.place());
    }
}

/// To where nothing is; on disk when it returns.
pub(crate) fn move_to(from: &Path, to: &Path) -> Result<()> {
    let moved = renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE);
    moved.map_err(VolumeError::at("rename", to.display()))?;
    sync_parents(from, to)
}

/// Each becomes the other, in one step; on disk when it returns.
pub(crate) fn exchange(one: &Path, other: &Path) -> Result<()> {
    let exchanged = renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE);
    exchanged.map_err(VolumeError::at("exchange", other.display()))?;
    sync_parents(one, other)
}

/// The file system that `folder` is on: a great tree is not worth a call for each of its files.
pub(crate) fn sync_all(folder: &Path) -> Result<()> {
    let failed = || VolumeError::io("sync", folder.display());
    let open = File::open(folder).map_err(failed())?;
    rustix::fs::syncfs(&open).map_err(|errno| failed()(errno.into()))
}

fn sync_parents(one: &Path, other: &Path) -> Result<()> {
    for parent in [one.parent(), other.parent()].into_iter().flatten() {
        sync_folder(parent)?;
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(VolumeError::io("sync", folder.display()))
}

pub(crate) fn make_private(path: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(VolumeError::io("mkdir", path.display()))
}

pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder);
    let paths = read.and_then(|found| found.map(|entry| entry.map(|it| it.path())).collect());
    paths.map_err(VolumeError::io("list", folder.display()))
}

fn number_of(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.parse().ok()
}
