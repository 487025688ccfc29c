//! Making one layer, from its first byte to its place among the others.

use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use super::SnapshotStore;
use super::record::LayerRecord;
use super::state::{Claim, Claimed};
use crate::apply::{self, Applied};
use crate::cancel::Cancel;
use crate::digest::{ChainId, Digest};
use crate::error::{Result, SnapshotError};
use crate::stream::{self, Compression, Job, LayerSource, TarLimit, Verified};

/// What is to be unpacked, and everything it must match.
#[derive(Clone, Debug)]
pub struct UnpackRequest {
    chain_id: ChainId,
    parent: Option<ChainId>,
    diff_id: Digest,
    digest: Digest,
    size: u64,
    media_type: String,
    compression: Compression,
}

impl UnpackRequest {
    /// `digest` and `size` are those of the compressed bytes. Fails when `chain_id` is not the ChainID of
    /// `diff_id` on `parent`, or when the media type is not a layer's.
    pub fn new(
        chain_id: ChainId,
        parent: Option<ChainId>,
        diff_id: Digest,
        digest: Digest,
        size: u64,
        media_type: &str,
    ) -> Result<Self> {
        let computed = ChainId::of(parent.as_ref(), &diff_id);
        if computed != chain_id {
            return Err(SnapshotError::ChainId {
                given: chain_id,
                computed,
            });
        }
        let compression = Compression::from_media_type(media_type)?;
        let media_type = media_type.to_owned();
        Ok(Self {
            chain_id,
            parent,
            diff_id,
            digest,
            size,
            media_type,
            compression,
        })
    }

    pub fn chain_id(&self) -> &ChainId {
        &self.chain_id
    }
}

/// Told how many compressed bytes are hashed and unpacked, from a thread of the pipeline.
pub type Progress<'a> = dyn Fn(u64) + Sync + 'a;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    pub layer: LayerRecord,
    /// It was here before: nothing has been read.
    pub existed: bool,
}

impl SnapshotStore {
    /// Unpacks and verifies one layer while its bytes arrive, and answers when it is in its place and on disk.
    ///
    /// The parents may still be unpacking, or not even have begun: the layer waits for them at its end. While
    /// another call unpacks the same layer, this one waits for it. Whatever the error, nothing is left behind.
    pub fn unpack(
        &self,
        request: &UnpackRequest,
        source: LayerSource,
        cancel: &Cancel,
        progress: &Progress<'_>,
    ) -> Result<Unpacked> {
        cancel.wakes(&self.shared);
        let claimed = Claim::wait(&self.shared, request.chain_id, request.parent, cancel)?;
        // Held to the end: only when it is dropped may another call begin with the layer.
        let _claim = match claimed {
            Claimed::Existing(layer) => {
                return Ok(Unpacked {
                    layer,
                    existed: true,
                });
            }
            Claimed::Mine(claim) => claim,
        };
        let staged = self
            .folder
            .join("tmp")
            .join(request.chain_id.digest().hex());
        let made = self.make(request, source, cancel, progress, &staged);
        match made {
            Ok(layer) => Ok(Unpacked {
                layer,
                existed: false,
            }),
            Err(error) => {
                self.clear(&staged);
                Err(error)
            }
        }
    }

    fn make(
        &self,
        request: &UnpackRequest,
        source: LayerSource,
        cancel: &Cancel,
        progress: &Progress<'_>,
        staged: &Path,
    ) -> Result<LayerRecord> {
        let folder = staged.display().to_string();
        rustix::fs::mkdir(staged, rustix::fs::Mode::RWXU)
            .map_err(SnapshotError::system("mkdir", folder))?;
        let staging = apply::Staging::create(staged)?;
        let job = Job {
            media_type: &request.media_type,
            compression: request.compression,
            size: request.size,
            digest: request.digest,
            diff_id: request.diff_id,
            tar_limit: TarLimit::of(&self.folder, &self.limits)?,
            cancel,
            progress,
        };
        let Verified(applied) = stream::run(source, &job, |input| {
            apply::apply(&staging, input, &self.limits)
        })?;
        self.trash.delete_now(&staged.join("discard"))?;
        let record = LayerRecord::new(
            request.parent,
            request.diff_id,
            applied.usage,
            applied.entries,
        );
        record.write(staged)?;
        // The content must be on disk before the name is. Layers that unpack side by side share this, which is
        // why it comes before waiting for the parent and not after it.
        self.disk.sync()?;
        let below = self.wait_for_parents(request.parent, cancel)?;
        self.commit(&staging.tree, &applied, &below, staged, &record, cancel)?;
        // The name itself; journals keep it behind the content and behind the parent's.
        self.disk.sync()?;
        Ok(record)
    }

    /// The folders of the layers below, nearest first. They stay while this layer's claim is held: it counts
    /// as a child.
    fn wait_for_parents(&self, parent: Option<ChainId>, cancel: &Cancel) -> Result<Vec<OwnedFd>> {
        let Some(parent) = parent else {
            return Ok(Vec::new());
        };
        let chain = self.shared.wait_for(cancel, |state| {
            let nearest = state.layers.get(&parent)?;
            let next =
                |layer: &&LayerRecord| layer.parent.as_ref().and_then(|id| state.layers.get(id));
            Some(
                std::iter::successors(Some(nearest), next)
                    .map(|layer| layer.chain_id)
                    .collect::<Vec<_>>(),
            )
        })?;
        chain
            .iter()
            .map(|chain_id| apply::open_root(&self.tree_path(chain_id)))
            .collect()
    }

    fn commit(
        &self,
        tree: &OwnedFd,
        applied: &Applied,
        below: &[OwnedFd],
        staged: &Path,
        record: &LayerRecord,
        cancel: &Cancel,
    ) -> Result<()> {
        apply::inherit_attributes(tree.as_fd(), &applied.implied, below)?;
        let place: PathBuf = self.layer_folder(&record.chain_id);
        let mut state = self.shared.lock();
        cancel.check()?;
        std::fs::rename(staged, &place)
            .map_err(SnapshotError::io("rename", place.display().to_string()))?;
        state.layers.insert(record.chain_id, record.clone());
        self.shared.notify();
        Ok(())
    }

    /// Deletes an unfinished layer before the answer, so that the error leaves nothing behind.
    pub(super) fn clear(&self, staged: &Path) {
        if staged.exists() && self.trash.delete_now(staged).is_err() {
            // Hidden at least, and tried again when the store is opened.
            let _ = self.trash.take(staged);
        }
    }
}
