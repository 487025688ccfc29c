//! What the threads of a store share, and the guards that change it.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use super::record::LayerRecord;
use crate::cancel::{Cancel, Wake, lock, wait};
use crate::digest::ChainId;
use crate::error::{Result, SnapshotError};

#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) layers: HashMap<ChainId, LayerRecord>,
    /// Layers that are being unpacked, with their parents.
    pub(super) unpacking: HashMap<ChainId, Option<ChainId>>,
    pub(super) pins: HashMap<ChainId, usize>,
}

impl Wake for Shared {
    fn wake(&self) {
        let _state = lock(&self.state);
        self.changed.notify_all();
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Waits until `ready` finds in the state what it looks for.
    pub(super) fn wait_for<T>(
        &self,
        cancel: &Cancel,
        mut ready: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T> {
        let mut state = lock(&self.state);
        loop {
            cancel.check()?;
            if let Some(found) = ready(&mut state) {
                return Ok(found);
            }
            state = wait(&self.changed, state);
        }
    }

    pub(super) fn notify(&self) {
        self.changed.notify_all();
    }
}

/// The right to unpack one layer; the next one who wants it waits until this is dropped.
pub(super) struct Claim {
    shared: Arc<Shared>,
    chain_id: ChainId,
}

pub(super) enum Claimed {
    Existing(LayerRecord),
    Mine(Claim),
}

impl Claim {
    pub(super) fn wait(
        shared: &Arc<Shared>,
        chain_id: ChainId,
        parent: Option<ChainId>,
        cancel: &Cancel,
    ) -> Result<Claimed> {
        shared.wait_for(cancel, |state| {
            if let Some(record) = state.layers.get(&chain_id) {
                return Some(Claimed::Existing(record.clone()));
            }
            if state.unpacking.contains_key(&chain_id) {
                return None;
            }
            state.unpacking.insert(chain_id, parent);
            Some(Claimed::Mine(Self {
                shared: shared.clone(),
                chain_id,
            }))
        })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.shared.lock().unpacking.remove(&self.chain_id);
        self.shared.notify();
    }
}

/// Layers that stay while this lives.
pub struct LayerPin {
    shared: Arc<Shared>,
    chain_ids: Vec<ChainId>,
}

impl LayerPin {
    pub(super) fn take(shared: &Arc<Shared>, chain_ids: &[ChainId]) -> Result<Self> {
        let mut state = shared.lock();
        if let Some(chain_id) = chain_ids.iter().find(|id| !state.layers.contains_key(id)) {
            return Err(SnapshotError::NotFound {
                chain_id: *chain_id,
            });
        }
        for chain_id in chain_ids {
            *state.pins.entry(*chain_id).or_default() += 1;
        }
        Ok(Self {
            shared: shared.clone(),
            chain_ids: chain_ids.to_vec(),
        })
    }
}

impl Drop for LayerPin {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        for chain_id in &self.chain_ids {
            if let Some(count) = state.pins.get_mut(chain_id) {
                *count -= 1;
                if *count == 0 {
                    state.pins.remove(chain_id);
                }
            }
        }
    }
}
