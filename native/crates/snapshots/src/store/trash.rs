//! Deleting folders behind the caller's back, or in front of it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use rustix::fs::{rmdir, unlink};
use rustix::io::Errno;

use super::{entries, make_private};
use crate::error::{Result, SnapshotError};

/// A folder whose content a thread deletes. What it did not come to before the process ended, the next
/// process's thread deletes.
pub(super) struct Trash {
    bin: Arc<Bin>,
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Bin {
    folder: PathBuf,
    next: AtomicU64,
    stop: AtomicBool,
}

impl Trash {
    pub(super) fn open(folder: PathBuf) -> Result<Self> {
        make_private(&folder)?;
        let named = entries(&folder)?;
        let numbers = named
            .iter()
            .filter_map(|path| path.file_name()?.to_str()?.parse::<u64>().ok());
        let next = AtomicU64::new(numbers.max().map_or(0, |last| last + 1));
        let bin = Arc::new(Bin {
            folder,
            next,
            stop: AtomicBool::new(false),
        });
        let (wake, woken) = channel();
        let thread = std::thread::Builder::new()
            .name("layer-trash".to_owned())
            .spawn({
                let bin = bin.clone();
                move || {
                    bin.empty();
                    while woken.recv().is_ok() {
                        bin.empty();
                    }
                }
            });
        let thread = thread.map_err(SnapshotError::io("thread", "layer-trash"))?;
        Ok(Self {
            bin,
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// Takes away `path`, which must be on the same file system: it is gone at once and deleted later.
    pub(super) fn take(&self, path: &Path) -> Result<()> {
        self.bin.take(path)?;
        if let Some(wake) = &self.wake {
            // It fails only when the thread is gone; then the next process empties the trash.
            let _ = wake.send(());
        }
        Ok(())
    }

    /// Deletes `path` before it answers.
    pub(super) fn delete_now(&self, path: &Path) -> Result<()> {
        self.bin.delete(path)
    }
}

impl Drop for Trash {
    fn drop(&mut self) {
        self.bin.stop.store(true, Ordering::Relaxed);
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Bin {
    fn take(&self, path: &Path) -> Result<()> {
        let taken = self.take_if_there(path);
        taken
            .map(|_| ())
            .map_err(SnapshotError::system("rename", path.display().to_string()))
    }

    fn empty(&self) {
        // What cannot be deleted now stays for the next process; it is in nobody's way.
        for path in entries(&self.folder).unwrap_or_default() {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let _ = self.delete(&path);
        }
    }

    /// Deletes a tree of any depth without recursion and with one open folder: folders in it are first renamed
    /// into the bin, so that paths stay short and a crash leaves nothing outside the bin. Two threads may come
    /// to the same folder; what one finds gone, the other has taken.
    fn delete(&self, path: &Path) -> Result<()> {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            if self.stop.load(Ordering::Relaxed) {
                // Whatever is left goes where the next process looks.
                let _ = self.take(&folder);
                continue;
            }
            // A crash, or a hand, may have left a file here.
            if unlink(&folder).is_ok() {
                continue;
            }
            let moved = self.empty_folder(&folder).map_err(failed(&folder))?;
            folders.extend(moved);
            match rmdir(&folder) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(errno) => return Err(failed(&folder)(errno)),
            }
        }
        Ok(())
    }

    /// Deletes what is in `folder`; folders in it go to the bin, and are answered.
    fn empty_folder(&self, folder: &Path) -> std::result::Result<Vec<PathBuf>, Errno> {
        let mut moved = Vec::new();
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(moved),
            entries => entries.map_err(errno)?,
        };
        for entry in entries {
            let entry = entry.map_err(errno)?.path();
            match unlink(&entry) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(Errno::ISDIR) => moved.extend(self.take_if_there(&entry)?),
                Err(errno) => return Err(errno),
            }
        }
        Ok(moved)
    }

    fn take_if_there(&self, path: &Path) -> std::result::Result<Option<PathBuf>, Errno> {
        let name = self.next.fetch_add(1, Ordering::Relaxed);
        let to = self.folder.join(name.to_string());
        match rustix::fs::rename(path, &to) {
            Ok(()) => Ok(Some(to)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(errno),
        }
    }
}

fn errno(error: std::io::Error) -> Errno {
    Errno::from_io_error(&error).unwrap_or(Errno::IO)
}

fn failed(path: &Path) -> impl FnOnce(Errno) -> SnapshotError {
    SnapshotError::system("delete", path.display().to_string())
}
