use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Bundle, ExecRecord, ExitRecord, PreparedRecord, RunRecord};
use crate::id::Id;

/// One container's folder.
#[derive(Debug, Clone)]
pub struct ContainerDirectory {
    path: PathBuf,
}

const BUNDLE: &str = "bundle.json";
const PREPARED: &str = "prepared.json";
const RUN: &str = "run.json";
const EXIT: &str = "exit.json";
const EXECS: &str = "execs";
const PRIVATE: u32 = 0o600;
const READABLE: u32 = 0o644;
/// What stands for the image's own.
const IDENTITY_FILES: [&str; 3] = ["hostname", "hosts", "resolv.conf"];

impl ContainerDirectory {
    pub(crate) fn at(path: PathBuf) -> Self {
        ContainerDirectory { path }
    }

    pub(super) fn make_folders(&self) -> io::Result<()> {
        for name in ["upper", "work", "log"] {
            // What the overlay shows as the container's root has the mode of `upper`.
            let mode = if name == "upper" { 0o755 } else { 0o700 };
            match fs::DirBuilder::new()
                .mode(mode)
                .create(self.path.join(name))
            {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// The files that a start fills, still empty: an empty record counts as none.
    pub(super) fn make_files(&self) -> io::Result<()> {
        for name in IDENTITY_FILES {
            self.write_identity_file(name, "")?;
        }
        open_to_write(&self.path.join(BUNDLE), PRIVATE)?;
        for record in [RUN, EXIT] {
            open_to_write(&temporary_of(&self.path.join(record)), PRIVATE)?;
        }
        Ok(())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Another container's.
    pub(crate) fn sibling(&self, id: &Id) -> Self {
        ContainerDirectory::at(self.path.with_file_name(id.as_str()))
    }

    pub fn upper(&self) -> PathBuf {
        self.path.join("upper")
    }

    pub fn work(&self) -> PathBuf {
        self.path.join("work")
    }

    /// Where the container's root is mounted, in its own mount namespace alone: one empty folder for all.
    pub fn merged(&self) -> PathBuf {
        let containers = self.path.parent().unwrap_or(&self.path);
        containers.with_file_name(super::EMPTY)
    }

    pub fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// What stands for the image's own "hostname", "hosts" or "resolv.conf".
    pub fn identity_file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Written in place: it may be mounted in the container already, where every user may read it.
    pub fn write_identity_file(&self, name: &str, text: &str) -> io::Result<()> {
        open_to_write(&self.identity_file(name), READABLE)?.write_all(text.as_bytes())
    }

    /// Then the image's own shows.
    pub fn remove_identity_file(&self, name: &str) -> io::Result<()> {
        remove_if_there(&self.identity_file(name))
    }

    /// The supervisor's socket. Longer than a socket address may be: bind and connect through a folder
    /// descriptor.
    pub fn control_socket_name(&self) -> &'static str {
        "control.sock"
    }

    pub fn write_bundle(&self, bundle: &Bundle) -> io::Result<()> {
        open_to_write(&self.path.join(BUNDLE), PRIVATE)?.write_all(&serde_json::to_vec(bundle)?)
    }

    pub fn bundle(&self) -> io::Result<Option<Bundle>> {
        self.read(BUNDLE)
    }

    /// Of a container that has files before its first run.
    pub fn write_prepared(&self, record: &PreparedRecord) -> io::Result<()> {
        write_atomically(&self.path.join(PREPARED), record)
    }

    pub fn prepared(&self) -> io::Result<Option<PreparedRecord>> {
        self.read(PREPARED)
    }

    /// A start that came to nothing: what is left is the run before it, if there was one.
    pub fn forget_run(&self) -> io::Result<()> {
        remove_if_there(&self.path.join(RUN))?;
        remove_if_there(&self.path.join(self.control_socket_name()))
    }

    /// Needs no fsync: after a power cut there is no process for the record to speak of.
    pub fn write_run(&self, record: &RunRecord) -> io::Result<()> {
        write_atomically(&self.path.join(RUN), record)
    }

    pub fn run(&self) -> io::Result<Option<RunRecord>> {
        self.read(RUN)
    }

    /// Outlives every process at once, and a power cut after [`ContainerDirectory::sync_exit`].
    pub fn write_exit(&self, record: &ExitRecord) -> io::Result<()> {
        write_atomically(&self.path.join(EXIT), record)
    }

    pub fn sync_exit(&self) -> io::Result<()> {
        File::open(self.path.join(EXIT))?.sync_all()?;
        File::open(&self.path)?.sync_all()
    }

    /// Of the last run that ended; of the run on record when they started at the same time.
    pub fn exit(&self) -> io::Result<Option<ExitRecord>> {
        self.read(EXIT)
    }

    /// Says that an exec runs; removed once its exit is an event.
    pub fn write_exec(&self, exec_id: &Id, record: &ExecRecord) -> io::Result<()> {
        let folder = self.path.join(EXECS);
        super::make_private(&folder)?;
        write_atomically(&folder.join(exec_id.as_str()), record)
    }

    pub fn remove_exec(&self, exec_id: &Id) -> io::Result<()> {
        remove_if_there(&self.path.join(EXECS).join(exec_id.as_str()))
    }

    pub fn exec(&self, exec_id: &Id) -> io::Result<Option<ExecRecord>> {
        self.read(&format!("{EXECS}/{exec_id}"))
    }

    pub fn execs(&self) -> io::Result<Vec<Id>> {
        let entries = match fs::read_dir(self.path.join(EXECS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            result => result?,
        };
        let mut ids = Vec::new();
        for entry in entries {
            ids.extend(entry?.file_name().to_str().and_then(Id::parse));
        }
        Ok(ids)
    }

    /// `None` when it is not there or was cut by a power loss: then nothing is known.
    fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<T>> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A reader sees the old record or the new one, never a piece.
fn write_atomically<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let temporary = temporary_of(path);
    open_to_write(&temporary, PRIVATE)?.write_all(&serde_json::to_vec(value)?)?;
    fs::rename(&temporary, path)
}

fn temporary_of(path: &Path) -> PathBuf {
    path.with_extension("tmp")
}

fn open_to_write(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(mode);
    options.open(path)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
