use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use longshore_files::{Usage, View, measure};

use crate::driver;
use crate::error::{Result, VolumeError};
use crate::name::{TrashId, VolumeName};
use crate::options::LocalOptions;
use crate::record::{DATA, StoredVolume, TRASH_FILE, VolumeRecord, VolumeSpec};
use crate::staging::{Staging, entries, make_private};
use crate::trash::Trash;
use crate::uses::{Gate, Uses, lock};

/// Where a removed volume goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    Trash(TrashId),
    ForGood,
}

/// All volumes of one agent.
pub struct VolumeStore {
    folder: PathBuf,
    pub(crate) staging: Staging,
    pub(crate) trash: Trash,
    pub(crate) uses: Uses,
    /// Held while a name is taken, so that no two differ only in case.
    pub(crate) naming: Mutex<()>,
    pub(crate) next_look: AtomicU64,
}

impl VolumeStore {
    /// What an earlier process left unfinished goes.
    pub fn open(folder: &Path) -> Result<Self> {
        make_private(folder)?;
        make_private(&folder.join(".empty"))?;
        let staging = Staging::open(folder.join(".staging"))?;
        let store = VolumeStore {
            trash: Trash::open(folder.join(".trash"))?,
            folder: folder.to_owned(),
            staging,
            uses: Uses::default(),
            naming: Mutex::default(),
            next_look: AtomicU64::new(0),
        };
        for name in store.names()? {
            // A removal that came no further than its first step.
            let _ = std::fs::remove_file(store.volume(&name).join(TRASH_FILE));
        }
        Ok(store)
    }

    /// A folder with nothing in it.
    pub fn empty_folder(&self) -> PathBuf {
        self.folder.join(".empty")
    }

    /// By name.
    pub fn list(&self) -> Result<Vec<StoredVolume>> {
        let mut names = self.names()?;
        names.sort_unstable();
        let stored = names.into_iter().map(|name| {
            let record = VolumeRecord::read(&self.volume(&name));
            record.named(name)
        });
        Ok(stored.collect())
    }

    /// Whether it is new; one with the same options is there already otherwise.
    pub fn create(&self, spec: &VolumeSpec) -> Result<bool> {
        LocalOptions::parse(&spec.options)?;
        let _naming = lock(&self.naming);
        if self.volume(&spec.name).exists() {
            let same = VolumeRecord::read(&self.volume(&spec.name)).options == spec.options;
            let name = spec.name.to_string();
            return match same {
                true => Ok(false),
                false => Err(VolumeError::OtherOptions { name }),
            };
        }
        self.check_name(&spec.name)?;
        let staged = self.begin(&VolumeRecord::new(spec))?;
        staged.publish(&self.volume(&spec.name))?;
        Ok(true)
    }

    /// How much disk was freed, when it is gone for good.
    pub fn remove(&self, name: &VolumeName, removal: &Removal) -> Result<u64> {
        let gate = self.existing(name)?;
        let closed = gate.close_unused(name)?;
        let volume = self.volume(name);
        driver::unmount_all(&volume.join(DATA))?;
        let freed = match removal {
            Removal::Trash(id) => {
                self.trash.take_volume(&volume, name, id)?;
                0
            }
            Removal::ForGood => {
                let taken = self.staging.take(&volume)?;
                let size = measure_folder(&taken.data())?;
                drop(taken);
                size.bytes
            }
        };
        drop(closed);
        drop(gate);
        self.uses.forget(name);
        Ok(freed)
    }

    /// Brings one back from the trash, under its own name or another.
    pub fn restore(&self, id: &TrashId, name: Option<&VolumeName>) -> Result<VolumeSpec> {
        let name = match name {
            Some(name) => name.clone(),
            None => self.trash.name_of(id)?,
        };
        let _naming = lock(&self.naming);
        if self.volume(&name).exists() {
            return Err(VolumeError::Exists {
                name: name.to_string(),
            });
        }
        self.check_name(&name)?;
        self.trash.restore(id, &self.volume(&name))?;
        Ok(VolumeRecord::read(&self.volume(&name)).named(name).spec)
    }

    pub(crate) fn volume(&self, name: &VolumeName) -> PathBuf {
        self.folder.join(name.as_str())
    }

    pub(crate) fn names(&self) -> Result<Vec<VolumeName>> {
        let paths = entries(&self.folder)?;
        let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
        Ok(names
            .filter_map(|name| VolumeName::parse(name).ok())
            .collect())
    }

    pub(crate) fn existing(&self, name: &VolumeName) -> Result<Arc<Gate>> {
        match self.volume(name).is_dir() {
            true => Ok(self.uses.gate(name)),
            false => Err(unknown(name)),
        }
    }

    /// The caller holds the names.
    pub(crate) fn check_name(&self, name: &VolumeName) -> Result<()> {
        for other in self.names()? {
            if other == *name {
                return Err(VolumeError::Exists {
                    name: name.to_string(),
                });
            }
            if other.differs_only_in_case(name) {
                return Err(VolumeError::DiffersInCase {
                    name: name.to_string(),
                    other: other.to_string(),
                });
            }
        }
        Ok(())
    }
}

pub(crate) fn unknown(name: &VolumeName) -> VolumeError {
    VolumeError::Unknown {
        name: name.to_string(),
    }
}

pub(crate) fn measure_folder(data: &Path) -> Result<Usage> {
    let view = View::of_folder(data)?;
    Ok(measure(view.root(), &|| false)?)
}
