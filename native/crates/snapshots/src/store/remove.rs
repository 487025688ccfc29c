//! Removing layers that nobody needs.

use std::collections::HashSet;

use super::state::State;
use super::{LayerRecord, SnapshotStore};
use crate::digest::ChainId;
use crate::error::{Result, SnapshotError};

/// Who knows the containers.
pub trait InUse: Send + Sync {
    /// The id of a container that has the layer among its own. Called while the store is locked: it must not
    /// call back into the store.
    fn container_using(&self, chain_id: &ChainId) -> Option<String>;
}

impl SnapshotStore {
    /// Removes all of the layers or, when one must stay, none. Answers the bytes of disk that are given back;
    /// the disk has them when the deletion behind the answer is through. Unknown layers are no error.
    pub fn remove(&self, chain_ids: &[ChainId], in_use: &dyn InUse) -> Result<u64> {
        let mut state = self.shared.lock();
        let wanted: HashSet<_> = chain_ids.iter().copied().collect();
        let mut going: Vec<_> = state
            .layers
            .values()
            .filter(|layer| wanted.contains(&layer.chain_id))
            .cloned()
            .collect();
        for layer in &going {
            check(&state, layer, &wanted, in_use)?;
        }
        // Children first: however far this comes, every layer that is left has its parents.
        going.sort_by_key(|layer| std::cmp::Reverse(depth(&state, layer)));
        let mut freed = 0;
        for layer in going {
            self.trash.take(&self.layer_folder(&layer.chain_id))?;
            state.layers.remove(&layer.chain_id);
            freed += layer.usage_bytes;
        }
        Ok(freed)
    }
}

fn check(
    state: &State,
    layer: &LayerRecord,
    going: &HashSet<ChainId>,
    in_use: &dyn InUse,
) -> Result<()> {
    let chain_id = layer.chain_id;
    let unpacked = state
        .layers
        .values()
        .map(|other| (other.chain_id, other.parent));
    let unpacking = state.unpacking.iter().map(|(id, parent)| (*id, *parent));
    let staying = unpacked
        .filter(|(id, _)| !going.contains(id))
        .chain(unpacking);
    if let Some((child, _)) = staying
        .into_iter()
        .find(|(_, parent)| *parent == Some(chain_id))
    {
        return Err(SnapshotError::HasChild { chain_id, child });
    }
    let container = match state.pins.contains_key(&chain_id) {
        true => Some("being started".to_owned()),
        false => in_use.container_using(&chain_id),
    };
    match container {
        Some(container) => Err(SnapshotError::InUse {
            chain_id,
            container,
        }),
        None => Ok(()),
    }
}

fn depth(state: &State, layer: &LayerRecord) -> usize {
    let parent = |layer: &&LayerRecord| layer.parent.as_ref().and_then(|id| state.layers.get(id));
    std::iter::successors(Some(layer), parent).count()
}
