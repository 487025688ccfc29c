use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use longshore_runtime::{Failure, FailureClass};
use rustix::fs::{FlockOperation, flock};

/// The layout of `<data>/agent` that this agent reads and writes.
const FORMAT: u32 = 1;

/// `<data>/agent`, held by one agent at a time.
pub(crate) struct DataFolder {
    path: PathBuf,
    /// Locked while it is open.
    _lock: File,
}

impl DataFolder {
    pub(crate) fn open(data: &Path) -> Result<Self, Failure> {
        let path = data.join("agent");
        let failed = |error: io::Error| Failure::io("data", path.display(), &error);
        DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(data)
            .map_err(failed)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(failed)?;
        let mut options = OpenOptions::new();
        let lock = options.write(true).create(true).truncate(false).mode(0o600);
        let lock = lock.open(path.join("lock")).map_err(failed)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let message = format!("another agent uses {}", data.display());
                return Err(
                    Failure::new(FailureClass::FailedPrecondition, "lock", message)
                        .at(data.display())
                        .hint("end it first, or give this one a folder of its own"),
                );
            }
            Err(errno) => return Err(failed(errno.into())),
        }
        check_format(&path.join("format"))?;
        Ok(DataFolder { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn check_format(path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::io("data", path.display(), &error);
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error)),
    };
    match text.trim_end().parse::<u32>() {
        Ok(found) if found > FORMAT => {
            let message = format!("the data was written by a newer Longshore (format {found})");
            Err(
                Failure::new(FailureClass::FailedPrecondition, "data", message)
                    .at(path.display())
                    .hint("update Longshore, or use another data folder"),
            )
        }
        Ok(FORMAT) => Ok(()),
        Ok(_) | Err(_) => fs::write(path, format!("{FORMAT}\n")).map_err(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_agents_never_share_a_folder() {
        let data = tempfile::tempdir().unwrap();
        let first = DataFolder::open(data.path()).unwrap();
        let refused = DataFolder::open(data.path()).err().unwrap();
        assert_eq!(refused.class, FailureClass::FailedPrecondition);
        drop(first);
        DataFolder::open(data.path()).unwrap();
    }

    #[test]
    fn a_newer_format_is_refused_and_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(data.path()).unwrap();
        let format = folder.path().join("format");
        drop(folder);
        fs::write(&format, "2\n").unwrap();
        assert!(DataFolder::open(data.path()).is_err());
        assert_eq!(fs::read_to_string(&format).unwrap(), "2\n");
    }
}
