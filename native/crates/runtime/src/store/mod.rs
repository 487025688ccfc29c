//! What the agent keeps of each container: `<data>/agent/containers/<id>/`, readable by root alone.
//!
//! Whether a container runs is never read from here: the records say which processes to ask.

mod directory;
mod records;
mod spares;

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

pub use directory::ContainerDirectory;
pub use records::{
    AssignedAddress, Bundle, ExecRecord, ExitRecord, IdentitySettings, LogSettings, NamespaceOrder,
    PreparedRecord, RunOrder, RunRecord, usual_cgroup_path,
};

use crate::id::Id;
use spares::Spares;

/// Beside the containers.
const EMPTY: &str = "empty";

pub struct ContainerStore {
    containers: PathBuf,
    trash: PathBuf,
    spares: Spares,
}

impl ContainerStore {
    /// `root` is `<data>/agent`.
    pub fn open(root: &Path) -> io::Result<Self> {
        let store = ContainerStore {
            containers: root.join("containers"),
            trash: root.join("trash"),
            spares: Spares::of(root.join("spare")),
        };
        for folder in [&store.containers, &store.trash] {
            make_private(folder)?;
        }
        store.empty_folder()?;
        // Whoever made those may have been stopped halfway.
        discard_into(&store.trash, store.spares.folder(), "spare")?;
        Ok(store)
    }

    /// The container's folder, made when it is new: the second value says so.
    pub fn create(&self, id: &Id) -> io::Result<(ContainerDirectory, bool)> {
        let path = self.containers.join(id.as_str());
        let is_there = path.symlink_metadata().is_ok();
        if !is_there && self.spares.take_to(&path) {
            return Ok((ContainerDirectory::at(path), true));
        }
        let new = match fs::DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(error),
        };
        let directory = ContainerDirectory::at(path);
        directory.make_folders()?;
        Ok((directory, new))
    }

    /// Makes folders ahead for the next few containers.
    pub fn make_spares(&self) -> io::Result<()> {
        self.spares.fill()
    }

    /// A folder that stays empty.
    pub fn empty_folder(&self) -> io::Result<PathBuf> {
        let path = self.trash.with_file_name(EMPTY);
        make_private(&path)?;
        Ok(path)
    }

    pub fn open_directory(&self, id: &Id) -> io::Result<Option<ContainerDirectory>> {
        let path = self.containers.join(id.as_str());
        match path.symlink_metadata() {
            Ok(_) => Ok(Some(ContainerDirectory::at(path))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn list(&self) -> io::Result<Vec<(Id, ContainerDirectory)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.containers)? {
            let entry = entry?;
            if let Some(id) = entry.file_name().to_str().and_then(Id::parse) {
                found.push((id, ContainerDirectory::at(entry.path())));
            }
        }
        Ok(found)
    }

    /// Frees the id at once; [`ContainerStore::empty_trash`] gives the space back. Unknown is a success.
    pub fn discard(&self, id: &Id) -> io::Result<()> {
        discard_into(&self.trash, &self.containers.join(id.as_str()), id.as_str())
    }

    pub fn empty_trash(&self) -> io::Result<()> {
        let mut first_failure = Ok(());
        for entry in fs::read_dir(&self.trash)? {
            let removed = remove_tree(&entry?.path());
            first_failure = first_failure.and(removed);
        }
        first_failure
    }
}

/// Moves a folder to where nothing is kept. One that is not there is a success.
fn discard_into(trash: &Path, folder: &Path, name: &str) -> io::Result<()> {
    for attempt in 0u32.. {
        match fs::rename(folder, trash.join(format!("{name}.{attempt}"))) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            // The name was used and discarded before, and the trash has not been emptied yet.
            Err(error) if error.raw_os_error() == Some(libc::ENOTEMPTY) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Symbolic links inside are removed, never followed (std's promise since CVE-2022-21658).
fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(test)]
mod tests;
