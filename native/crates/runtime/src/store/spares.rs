//! Folders of containers that are yet to come.
//!
//! Making one, with what belongs in it, takes ten new inodes; on ext4 those cost more than all mounts of a container
//! together. So that is done ahead, and a start renames.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::ContainerDirectory;

/// Enough for those that are started together, as by Compose.
const STOCK: usize = 8;

pub(super) struct Spares {
    folder: PathBuf,
    stock: Mutex<Stock>,
}

#[derive(Default)]
struct Stock {
    /// Whole ones.
    ready: Vec<PathBuf>,
    made: u64,
}

impl Spares {
    /// Nothing in `folder` is taken over: a folder made by an agent before this one may not be whole.
    pub(super) fn of(folder: PathBuf) -> Self {
        let stock = Mutex::default();
        Spares { folder, stock }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives one the name `path`, which must be free. False: there is none, or it cannot be done here.
    pub(super) fn take_to(&self, path: &Path) -> bool {
        let spare = self.lock().ready.pop();
        spare.is_some_and(|spare| {
            renameat_with(CWD, &spare, CWD, path, RenameFlags::NOREPLACE).is_ok()
        })
    }

    /// Makes as many as are missing.
    pub(super) fn fill(&self) -> io::Result<()> {
        super::make_private(&self.folder)?;
        while let Some(path) = self.next_missing() {
            fs::DirBuilder::new().mode(0o700).create(&path)?;
            let directory = ContainerDirectory::at(path.clone());
            directory.make_folders()?;
            directory.make_files()?;
            self.lock().ready.push(path);
        }
        Ok(())
    }

    fn next_missing(&self) -> Option<PathBuf> {
        let mut stock = self.lock();
        if stock.ready.len() >= STOCK {
            return None;
        }
        stock.made += 1;
        Some(self.folder.join(stock.made.to_string()))
    }

    fn lock(&self) -> MutexGuard<'_, Stock> {
        // No code panics while it holds the lock.
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
