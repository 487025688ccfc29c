use std::sync::Arc;

use longshore_protocol::v1;
use longshore_runtime::{Failure, Id};

use super::archives::{Answers, answers};
use crate::containers::Containers;
use crate::failure::interrupted;

/// What containers take of the disk, one after another; without ids, all of them.
pub(super) fn usage(containers: &Arc<Containers>, ids: Vec<Id>) -> Answers<v1::ContainerUsage> {
    let containers = Arc::clone(containers);
    answers(move |sender| async move {
        let measure = move || {
            let ids = if ids.is_empty() {
                containers.ids()
            } else {
                ids
            };
            for id in ids {
                let Some(usage) = containers.disk_usage(&id, &|| sender.is_closed())? else {
                    continue;
                };
                let answer = v1::ContainerUsage {
                    id: id.to_string(),
                    writable_bytes: usage.writable_bytes,
                    log_bytes: usage.log_bytes,
                };
                if sender.blocking_send(Ok(answer)).is_err() {
                    break;
                }
            }
            Ok::<(), Failure>(())
        };
        let measured = tokio::task::spawn_blocking(measure).await;
        measured.map_err(|_| interrupted("files"))?
    })
}
