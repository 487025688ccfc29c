//! What was removed and can be had back.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::error::{Result, VolumeError};
use crate::name::{TrashId, VolumeName};
use crate::record::{DATA, StoredVolume, TRASH_FILE, TrashRecord, VolumeRecord};
use crate::staging::{Staged, entries, exchange, make_private, move_to};
use crate::store::{VolumeStore, measure_folder};
use crate::uses::lock;

#[derive(Debug, Clone)]
pub struct TrashedVolume {
    pub id: TrashId,
    pub volume: StoredVolume,
    pub removed_at_unix_ns: i64,
    pub size_bytes: u64,
}

/// What is to go for good.
#[derive(Debug, Clone)]
pub enum Purge {
    /// Unknown ones are no error.
    These(Vec<TrashId>),
    /// What is older, and of the rest the oldest, until no more is left than this.
    Beyond {
        removed_before_unix_ns: i64,
        max_bytes: u64,
    },
}

#[derive(Debug, Clone, Default)]
pub struct Purged {
    pub ids: Vec<TrashId>,
    pub freed_bytes: u64,
}

pub(crate) struct Trash {
    folder: PathBuf,
    /// Nothing in the trash changes.
    sizes: Mutex<HashMap<TrashId, u64>>,
}

impl Trash {
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        make_private(&folder)?;
        Ok(Trash {
            folder,
            sizes: Mutex::default(),
        })
    }

    pub(crate) fn take_volume(&self, volume: &Path, name: &VolumeName, id: &TrashId) -> Result<()> {
        TrashRecord::new(name).write(volume)?;
        move_to(volume, &self.entry(id))
    }

    /// `staged` comes to be in the volume, and what was there in the trash. A crash between the two steps leaves the
    /// volume as it was.
    pub(crate) fn exchange(
        &self,
        staged: Staged<'_>,
        volume: &Path,
        name: &VolumeName,
        id: &TrashId,
    ) -> Result<()> {
        TrashRecord::new(name).write(staged.path())?;
        let entry = self.entry(id);
        staged.publish(&entry)?;
        exchange(&entry.join(DATA), &volume.join(DATA))
    }

    pub(crate) fn name_of(&self, id: &TrashId) -> Result<VolumeName> {
        let record = TrashRecord::read(&self.entry(id));
        record.map(|record| record.name).ok_or_else(|| unknown(id))
    }

    /// The caller has seen that nothing is at `volume`.
    pub(crate) fn restore(&self, id: &TrashId, volume: &Path) -> Result<()> {
        let entry = self.entry(id);
        if !entry.is_dir() {
            return Err(unknown(id));
        }
        move_to(&entry, volume)?;
        lock(&self.sizes).remove(id);
        // A new store would do it as well.
        let _ = fs::remove_file(volume.join(TRASH_FILE));
        Ok(())
    }

    fn entry(&self, id: &TrashId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    fn ids(&self) -> Result<Vec<TrashId>> {
        let paths = entries(&self.folder)?;
        let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
        Ok(names.filter_map(|name| TrashId::parse(name).ok()).collect())
    }

    fn look(&self, id: TrashId) -> Option<TrashedVolume> {
        let entry = self.entry(&id);
        let TrashRecord {
            name,
            removed_at_unix_ns,
        } = TrashRecord::read(&entry)?;
        let size_bytes = self.size_of(&id)?;
        Some(TrashedVolume {
            volume: VolumeRecord::read(&entry).named(name),
            id,
            removed_at_unix_ns,
            size_bytes,
        })
    }

    /// `None`: it is gone.
    fn size_of(&self, id: &TrashId) -> Option<u64> {
        if let Some(size) = lock(&self.sizes).get(id) {
            return Some(*size);
        }
        let size = measure_folder(&self.entry(id).join(DATA)).ok()?.bytes;
        lock(&self.sizes).insert(id.clone(), size);
        Some(size)
    }
}

impl VolumeStore {
    /// Latest first.
    pub fn trashed(&self) -> Result<Vec<TrashedVolume>> {
        let ids = self.trash.ids()?.into_iter();
        let mut found: Vec<_> = ids.filter_map(|id| self.trash.look(id)).collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.removed_at_unix_ns));
        Ok(found)
    }

    pub fn purge(&self, purge: &Purge) -> Result<Purged> {
        let ids = match purge {
            Purge::These(ids) => ids.clone(),
            Purge::Beyond {
                removed_before_unix_ns,
                max_bytes,
            } => beyond(&self.trashed()?, *removed_before_unix_ns, *max_bytes),
        };
        let mut purged = Purged::default();
        for id in ids {
            let Some(size) = self.trash.size_of(&id) else {
                continue;
            };
            drop(self.staging.take(&self.trash.entry(&id))?);
            lock(&self.trash.sizes).remove(&id);
            purged.freed_bytes += size;
            purged.ids.push(id);
        }
        Ok(purged)
    }
}

/// `found`: latest first.
fn beyond(found: &[TrashedVolume], removed_before: i64, max_bytes: u64) -> Vec<TrashId> {
    let mut kept = 0_u64;
    let goes = |it: &&TrashedVolume| {
        kept = kept.saturating_add(it.size_bytes);
        it.removed_at_unix_ns < removed_before || kept > max_bytes
    };
    found.iter().filter(goes).map(|it| it.id.clone()).collect()
}

fn unknown(id: &TrashId) -> VolumeError {
    VolumeError::NotInTrash { id: id.to_string() }
}
