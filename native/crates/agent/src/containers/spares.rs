use std::sync::Arc;
use std::time::Duration;

use super::Containers;
use crate::report;

/// A burst of starts has the disk to itself.
const DELAY: Duration = Duration::from_millis(20);

impl Containers {
    /// One has been used.
    pub(super) fn restock_spares(&self) {
        self.spares.notify_one();
    }

    /// Keeps folders ready for the containers to come, for as long as the agent lives.
    pub(super) fn keep_spares(self: &Arc<Self>) {
        let containers = Arc::clone(self);
        self.restock_spares();
        tokio::spawn(async move {
            loop {
                containers.spares.notified().await;
                tokio::time::sleep(DELAY).await;
                let store = Arc::clone(&containers);
                let made = tokio::task::spawn_blocking(move || store.store.make_spares());
                // A start makes its own then, and tells why it cannot.
                if let Ok(Err(error)) = made.await {
                    report::error("store", format_args!("no folders ahead: {error}"));
                }
            }
        });
    }
}
