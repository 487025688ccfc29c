//! What is written beside a volume's data.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Result, VolumeError};
use crate::name::VolumeName;
use crate::options::Options;

pub(crate) const VOLUME_FILE: &str = "volume.json";
pub(crate) const TRASH_FILE: &str = "trash.json";
pub(crate) const DATA: &str = "_data";

/// A record, with room to spare.
const MAX_FILE: u64 = 8 << 20;

/// What a volume is made as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeSpec {
    pub name: VolumeName,
    pub options: Options,
    /// The engine's; never looked at here.
    pub record: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVolume {
    pub spec: VolumeSpec,
    pub created_at_unix_ns: i64,
}

/// `volume.json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct VolumeRecord {
    pub(crate) options: Options,
    pub(crate) record: String,
    pub(crate) created_at_unix_ns: i64,
}

/// `trash.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TrashRecord {
    pub(crate) name: VolumeName,
    pub(crate) removed_at_unix_ns: i64,
}

impl VolumeRecord {
    pub(crate) fn new(spec: &VolumeSpec) -> Self {
        VolumeRecord {
            options: spec.options.clone(),
            record: spec.record.clone(),
            created_at_unix_ns: now(),
        }
    }

    /// A folder whose record is lost, or was made by hand, is a plain volume: its data is somebody's.
    pub(crate) fn read(folder: &Path) -> Self {
        let read: io::Result<VolumeRecord> = read(&folder.join(VOLUME_FILE));
        read.unwrap_or_else(|_| VolumeRecord {
            created_at_unix_ns: changed_at(folder),
            ..VolumeRecord::default()
        })
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        write(&folder.join(VOLUME_FILE), self)
    }

    pub(crate) fn named(self, name: VolumeName) -> StoredVolume {
        StoredVolume {
            spec: VolumeSpec {
                name,
                options: self.options,
                record: self.record,
            },
            created_at_unix_ns: self.created_at_unix_ns,
        }
    }
}

impl TrashRecord {
    pub(crate) fn new(name: &VolumeName) -> Self {
        TrashRecord {
            name: name.clone(),
            removed_at_unix_ns: now(),
        }
    }

    pub(crate) fn read(folder: &Path) -> Option<Self> {
        read(&folder.join(TRASH_FILE)).ok()
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        write(&folder.join(TRASH_FILE), self)
    }
}

pub(crate) fn now() -> i64 {
    nanoseconds(SystemTime::now())
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

fn changed_at(folder: &Path) -> i64 {
    let changed = fs::metadata(folder).and_then(|it| it.modified());
    changed.map_or(0, nanoseconds)
}

fn read<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    use std::io::Read;
    let mut text = String::new();
    fs::File::open(path)?
        .take(MAX_FILE)
        .read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

/// On disk when it returns; a reader finds the file before or after.
fn write<T: Serialize>(path: &Path, value: &T) -> Result<()> {
    let failed = || VolumeError::io("write", path.display());
    let text = serde_json::to_vec(value).map_err(io::Error::from);
    let text = text.map_err(failed())?;
    let beside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&beside).map_err(failed())?;
    file.write_all(&text)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&beside, path))
        .map_err(failed())
}
