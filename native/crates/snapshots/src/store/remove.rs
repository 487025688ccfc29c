//! Removing layers that nobody needs.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::state::State;
use super::{LayerRecord, SnapshotStore};
use crate::digest::ChainId;
use crate::error::{Result, SnapshotError};

/// Who knows the containers.
pub trait InUse: Send + Sync {
    /// The id of a container that has the layer among its own. A container that comes to be after the question
    /// is not missed: it holds a pin before it uses a layer.
    fn container_using(&self, chain_id: &ChainId) -> Option<String>;
}

impl SnapshotStore {
    /// Removes all of the layers or, when one must stay, none. Answers the bytes of disk that are given back;
    /// the disk has them when the deletion behind the answer is through. Unknown layers are no error.
    pub fn remove(&self, chain_ids: &[ChainId], in_use: &dyn InUse) -> Result<u64> {
        let wanted: HashSet<_> = chain_ids.iter().copied().collect();
        // Asked before the store is locked: who answers has locks of its own.
        self.check_containers(&wanted, in_use)?;
        let mut state = self.shared.lock();
        let mut going: Vec<_> = wanted
            .iter()
            .filter_map(|id| state.layers.get(id))
            .cloned()
            .collect();
        for layer in &going {
            check(&state, layer.chain_id, &wanted)?;
        }
        // Children first: however far this comes, every layer that is left has its parents.
        going.sort_by_key(|layer| Reverse(depth(&state, layer)));
        let mut freed = 0;
        for layer in going {
            self.trash.take(&self.layer_folder(&layer.chain_id))?;
            state.layers.remove(&layer.chain_id);
            freed += layer.usage_bytes;
        }
        Ok(freed)
    }

    fn check_containers(&self, wanted: &HashSet<ChainId>, in_use: &dyn InUse) -> Result<()> {
        for chain_id in wanted.iter().copied() {
            if let Some(container) = in_use.container_using(&chain_id) {
                return Err(SnapshotError::InUse {
                    chain_id,
                    container,
                });
            }
        }
        Ok(())
    }
}

fn check(state: &State, chain_id: ChainId, going: &HashSet<ChainId>) -> Result<()> {
    let unpacked = state
        .layers
        .values()
        .map(|other| (other.chain_id, other.parent));
    let unpacking = state.unpacking.iter().map(|(id, parent)| (*id, *parent));
    let mut staying = unpacked
        .filter(|(id, _)| !going.contains(id))
        .chain(unpacking);
    if let Some((child, _)) = staying.find(|(_, parent)| *parent == Some(chain_id)) {
        return Err(SnapshotError::HasChild { chain_id, child });
    }
    if state.pins.contains_key(&chain_id) {
        return Err(SnapshotError::Pinned { chain_id });
    }
    Ok(())
}

fn depth(state: &State, layer: &LayerRecord) -> usize {
    let parent = |layer: &&LayerRecord| layer.parent.as_ref().and_then(|id| state.layers.get(id));
    std::iter::successors(Some(layer), parent).count()
}
