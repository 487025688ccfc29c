use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use longshore_runtime::clock::now_unix_ns;
use longshore_runtime::journal::EventKind;
use longshore_runtime::store::usual_cgroup_path;
use longshore_runtime::{Failure, Id};
use longshore_snapshots::{ChainId, InUse};

use super::Containers;
use super::container::{Container, RunState};
use crate::failure;

/// Locked for moments only: never across an await, a system call on a container, or another container's lock.
#[derive(Default)]
pub(super) struct Table {
    containers: Mutex<HashMap<Id, Arc<Container>>>,
}

impl Table {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<Id, Arc<Container>>> {
        // No code panics while it holds the lock.
        self.containers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Containers {
    pub(crate) fn get(&self, id: &Id) -> Result<Arc<Container>, Failure> {
        self.table
            .lock()
            .get(id)
            .cloned()
            .ok_or_else(|| failure::unknown_container(id))
    }

    /// Also of a container that no agent has taken over yet.
    pub(super) fn cgroup_path(&self, id: &Id) -> String {
        if let Ok(container) = self.get(id) {
            return container.cgroup_path();
        }
        let directory = self.store.open_directory(id).ok().flatten();
        let bundle = directory.and_then(|directory| directory.bundle().ok().flatten());
        let order = bundle.map(|bundle| bundle.order);
        order.map_or_else(|| usual_cgroup_path(id), |order| order.cgroup_path())
    }

    pub(super) fn get_or_add(&self, id: &Id) -> Arc<Container> {
        let mut table = self.table.lock();
        let add = || Arc::new(Container::new(id.clone()));
        Arc::clone(table.entry(id.clone()).or_insert_with(add))
    }

    /// Forgets a container that came to nothing: unless somebody waits for its start.
    pub(super) fn forget_if_new(&self, container: &Container) {
        let mut table = self.table.lock();
        let is_new = matches!(container.state(), RunState::New);
        if is_new && container.waiting_count() == 0 && !container.has_layers() {
            table.remove(&container.id);
        }
    }

    /// Changes a container's state and tells it as an event in one step: a list and its sequence number agree, and
    /// the event has the time that the list says.
    pub(super) fn transition(&self, container: &Container, state: RunState, event: EventKind) {
        let _table = self.table.lock();
        let at_unix_ns = match &state {
            RunState::New => now_unix_ns(),
            RunState::Running(running) => running.started_at_unix_ns,
            RunState::Exited(exit) => exit.at_unix_ns,
        };
        container.set_state(state);
        self.events.append_at(at_unix_ns, &container.id, event);
    }
}

impl InUse for Containers {
    fn container_using(&self, chain_id: &ChainId) -> Option<String> {
        let table = self.table.lock();
        let user = table
            .values()
            .find(|container| container.uses_layer(chain_id));
        user.map(|container| container.id.to_string())
    }
}
