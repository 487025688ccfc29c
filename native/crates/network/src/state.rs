//! Small JSON records that are whole or absent, whenever the machine stops.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// `name` in `dir`, which must exist.
    pub(crate) fn new(dir: &Path, name: &str) -> Self {
        Self {
            path: dir.join(name),
        }
    }

    /// `None` when it was never written.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.failed("read", source)),
        };
        let damaged = |error: serde_json::Error| Error::DamagedState {
            path: self.path.clone(),
            reason: error.to_string(),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(damaged)
    }

    /// Durable when it returns.
    pub(crate) fn write<T: Serialize>(&self, value: &T) -> Result<()> {
        self.replace(value, true)
    }

    /// Whole or absent for every process at once; a power cut may take it, or leave it damaged.
    pub(crate) fn write_soon<T: Serialize>(&self, value: &T) -> Result<()> {
        self.replace(value, false)
    }

    pub(crate) fn remove(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(self.failed("remove", source))
            }
            _ => Ok(()),
        }
    }

    fn replace<T: Serialize>(&self, value: &T, durable: bool) -> Result<()> {
        let bytes = serde_json::to_vec(value);
        let bytes = bytes.map_err(|error| self.failed("encode", error.into()))?;
        let replaced = self.replace_bytes(&bytes, durable);
        replaced.map_err(|source| self.failed("write", source))
    }

    fn replace_bytes(&self, bytes: &[u8], durable: bool) -> io::Result<()> {
        let temporary = self.path.with_extension("new");
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        if durable {
            file.sync_all()?;
        }
        fs::rename(&temporary, &self.path)?;
        let dir = self.path.parent().unwrap_or(Path::new("."));
        if durable {
            File::open(dir)?.sync_all()?;
        }
        Ok(())
    }

    fn failed(&self, step: &'static str, source: io::Error) -> Error {
        Error::File {
            step,
            path: self.path.clone(),
            source,
        }
    }
}

/// Differs after each boot of the machine.
pub(crate) fn boot_id() -> Result<String> {
    let text = fs::read_to_string(BOOT_ID);
    let text = text.map_err(|source| Error::File {
        step: "read",
        path: BOOT_ID.into(),
        source,
    })?;
    Ok(text.trim().to_owned())
}
