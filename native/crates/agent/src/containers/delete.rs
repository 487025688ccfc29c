use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use longshore_runtime::{Failure, FailureClass, Id};
use tokio::task::block_in_place;

use super::Containers;
use super::container::{Container, RunState};
use crate::report;

/// A burst of deletions is cleaned up together, after whatever started them.
const TRASH_DELAY: Duration = Duration::from_millis(50);

impl Containers {
    /// Frees the id and answers; the space is given back afterwards. An unknown id is a success.
    pub(crate) async fn delete(self: &Arc<Self>, id: &Id, force: bool) -> Result<(), Failure> {
        let Ok(container) = self.get(id) else {
            return Ok(());
        };
        let _operation = container.operation.lock().await;
        if let RunState::Running(running) = container.state() {
            if !force {
                let message = format!("container {id} is running");
                return Err(
                    Failure::new(FailureClass::FailedPrecondition, "delete", message)
                        .hint("stop it first, or force its removal"),
                );
            }
            block_in_place(|| self.kill_all(id, running.init.as_fd()));
            container.wait_until_stopped().await;
        }
        // The network must be free before the id is.
        let _aftermath = container.aftermath.lock().await;
        block_in_place(|| self.forget(&container))
    }

    fn forget(self: &Arc<Self>, container: &Container) -> Result<(), Failure> {
        let id = &container.id;
        self.store
            .discard(id)
            .map_err(|error| Failure::io("delete", id, &error))?;
        self.table.lock().remove(id);
        // Whoever still sees to the end of its last run does not keep its layers.
        container.clear_layers();
        container.set_state(RunState::New);
        self.empty_trash();
        Ok(())
    }

    pub(super) fn discard(self: &Arc<Self>, id: &Id) {
        if let Err(error) = self.store.discard(id) {
            report::error("store", format_args!("{id}: cannot be removed: {error}"));
        }
        self.empty_trash();
    }

    /// Soon, but not at once: others want the disk and the processors more.
    pub(super) fn empty_trash(&self) {
        self.trash.notify_one();
    }

    /// One emptying after another, for as long as the agent lives.
    pub(super) fn keep_trash_empty(self: &Arc<Self>) {
        let containers = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                containers.trash.notified().await;
                tokio::time::sleep(TRASH_DELAY).await;
                let store = Arc::clone(&containers);
                let emptied = tokio::task::spawn_blocking(move || store.store.empty_trash());
                if let Ok(Err(error)) = emptied.await {
                    report::error(
                        "store",
                        format_args!("the trash cannot be emptied: {error}"),
                    );
                }
            }
        });
    }
}
