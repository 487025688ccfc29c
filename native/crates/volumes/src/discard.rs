//! Deleting trees of any depth.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{rmdir, unlink};
use rustix::io::Errno;

use crate::error::{Result, VolumeError};

/// Deletes `path`, which is in `bin`, without recursion and with one open folder: folders in it are first renamed into
/// the bin, so that paths stay short and a crash leaves nothing outside the bin. A mount is never entered.
pub(crate) fn delete(path: &Path, bin: &mut dyn FnMut() -> PathBuf) -> Result<()> {
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = || VolumeError::at("delete", folder.display());
        match unlink(&folder) {
            Ok(()) | Err(Errno::NOENT) => continue,
            Err(Errno::ISDIR) => {}
            Err(errno) => return Err(failed()(errno)),
        }
        let moved = empty_folder(&folder, bin).map_err(failed())?;
        folders.extend(moved);
        match rmdir(&folder) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(errno) => return Err(failed()(errno)),
        }
    }
    Ok(())
}

/// Folders in it go to the bin, and are answered.
fn empty_folder(
    folder: &Path,
    bin: &mut dyn FnMut() -> PathBuf,
) -> std::result::Result<Vec<PathBuf>, Errno> {
    let errno = |error: std::io::Error| Errno::from_io_error(&error).unwrap_or(Errno::IO);
    let mut moved = Vec::new();
    for entry in fs::read_dir(folder).map_err(errno)? {
        let entry = entry.map_err(errno)?.path();
        match unlink(&entry) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(Errno::ISDIR) => {
                let to = bin();
                rustix::fs::rename(&entry, &to)?;
                moved.push(to);
            }
            Err(errno) => return Err(errno),
        }
    }
    Ok(moved)
}
