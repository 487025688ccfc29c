//! `layer.json`: what is known about a layer besides its files.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::digest::{ChainId, Digest};
use crate::error::{Result, SnapshotError};

const FILE: &str = "layer.json";
const VERSION: u32 = 1;
/// A record has some 400 bytes; what is longer is none.
const MAX_BYTES: u64 = 64 << 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerRecord {
    version: u32,
    pub chain_id: ChainId,
    /// `None`: the lowest layer.
    pub parent: Option<ChainId>,
    pub diff_id: Digest,
    /// Bytes of disk the layer takes.
    pub usage_bytes: u64,
    /// Entries of its archive.
    pub entries: u64,
}

impl LayerRecord {
    pub(super) fn new(
        parent: Option<ChainId>,
        diff_id: Digest,
        usage_bytes: u64,
        entries: u64,
    ) -> Self {
        let chain_id = ChainId::of(parent.as_ref(), &diff_id);
        Self {
            version: VERSION,
            chain_id,
            parent,
            diff_id,
            usage_bytes,
            entries,
        }
    }

    /// Writes it into the layer's folder; the disk has it after the next sync.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let failed = || SnapshotError::io("write", path.display().to_string());
        let bytes = serde_json::to_vec(self).map_err(|error| failed()(error.into()))?;
        let mut file = fs::File::create_new(&path).map_err(failed())?;
        file.write_all(&bytes).map_err(failed())
    }

    /// `None` when there is none, or a damaged one, or one of a version that this code does not know.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let file = fs::File::open(folder.join(FILE)).ok()?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let record: Self = serde_json::from_slice(&bytes).ok()?;
        let consistent = record.chain_id == ChainId::of(record.parent.as_ref(), &record.diff_id);
        (record.version == VERSION && consistent).then_some(record)
    }
}
