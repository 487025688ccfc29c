use std::sync::Arc;

use longshore_cgroups::LimitChange;
use longshore_runtime::{Failure, Id};

use super::Containers;
use crate::failure::interrupted;

impl Containers {
    /// Other limits for a running container. Runs to its end even when the caller goes away.
    pub(crate) async fn update(
        self: &Arc<Self>,
        id: &Id,
        change: LimitChange,
    ) -> Result<(), Failure> {
        let container = self.get(id)?;
        container.running()?;
        let containers = Arc::clone(self);
        let updating = tokio::spawn(async move {
            let _operation = container.operation.lock().await;
            container.running()?;
            let path = containers.cgroup_path(&container.id);
            let update = move || containers.cgroups.update(&path, &change);
            let updated = tokio::task::spawn_blocking(update).await;
            updated
                .map_err(|_| interrupted("update"))?
                .map_err(Failure::from)
        });
        updating.await.map_err(|_| interrupted("update"))?
    }
}
