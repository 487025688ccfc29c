//! Layers that are made here: a folder in overlay's form becomes a layer as it is.

use std::path::Path;

use super::SnapshotStore;
use super::record::LayerRecord;
use super::state::{Claim, Claimed};
use super::unpack::Unpacked;
use crate::cancel::Cancel;
use crate::digest::{ChainId, Digest};
use crate::error::{Result, SnapshotError};

/// What is known of a folder that is to be a layer.
#[derive(Clone, Copy, Debug)]
pub struct AdoptRequest {
    /// Is here, and stays here: the caller has a pin.
    pub parent: Option<ChainId>,
    /// Of the archive that says the same as the folder.
    pub diff_id: Digest,
    pub usage_bytes: u64,
    pub entries: u64,
}

impl SnapshotStore {
    /// Moves the folder to its place among the layers; it lies on the same file system, and nobody has it mounted for
    /// writing. The layer is on disk when this answers. One that is here already leaves the folder as it is.
    pub fn adopt(&self, tree: &Path, request: &AdoptRequest) -> Result<Unpacked> {
        let record = LayerRecord::new(
            request.parent,
            request.diff_id,
            request.usage_bytes,
            request.entries,
        );
        let cancel = Cancel::default();
        let claimed = Claim::wait(&self.shared, record.chain_id, request.parent, &cancel)?;
        let _claim = match claimed {
            Claimed::Existing(layer) => {
                return Ok(Unpacked {
                    layer,
                    existed: true,
                });
            }
            Claimed::Mine(claim) => claim,
        };
        let staged = self.folder.join("tmp").join(record.chain_id.digest().hex());
        match self.take_over(tree, &staged, &record) {
            Ok(()) => Ok(Unpacked {
                layer: record,
                existed: false,
            }),
            Err(error) => {
                self.clear(&staged);
                Err(error)
            }
        }
    }

    fn take_over(&self, tree: &Path, staged: &Path, record: &LayerRecord) -> Result<()> {
        let failed = |step, path: &Path| SnapshotError::io(step, path.display().to_string());
        rustix::fs::mkdir(staged, rustix::fs::Mode::RWXU)
            .map_err(SnapshotError::system("mkdir", staged.display().to_string()))?;
        std::fs::rename(tree, staged.join(super::TREE)).map_err(failed("rename", tree))?;
        record.write(staged)?;
        // The content must be on disk before the name is; the name itself may follow with whatever is synced next.
        self.disk.sync()?;
        let place = self.layer_folder(&record.chain_id);
        let mut state = self.shared.lock();
        if let Some(parent) = record.parent.filter(|id| !state.layers.contains_key(id)) {
            return Err(SnapshotError::NotFound { chain_id: parent });
        }
        std::fs::rename(staged, &place).map_err(failed("rename", &place))?;
        state.layers.insert(record.chain_id, record.clone());
        self.shared.notify();
        Ok(())
    }
}
