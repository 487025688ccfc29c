use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use longshore_cgroups as cgroups;
use longshore_runtime::clock::now_unix_ns;
use longshore_runtime::journal::EventKind;
use longshore_runtime::{Failure, FailureClass, Id};

use super::Containers;
use super::container::{Container, Running};
use crate::failure::interrupted;
use crate::report;

/// How long a process may stay in the kernel before it stands still.
const PATIENCE: Duration = Duration::from_secs(5);

impl Containers {
    pub(crate) async fn pause(self: &Arc<Self>, id: &Id) -> Result<(), Failure> {
        self.switch(id, true).await
    }

    pub(crate) async fn resume(self: &Arc<Self>, id: &Id) -> Result<(), Failure> {
        self.switch(id, false).await
    }

    /// Runs to its end even when the caller goes away: what is shown and told is what the kernel does.
    async fn switch(self: &Arc<Self>, id: &Id, pause: bool) -> Result<(), Failure> {
        let container = self.get(id)?;
        container.running()?;
        let containers = Arc::clone(self);
        let switching = tokio::spawn(async move {
            let _operation = container.operation.lock().await;
            let running = container.running()?;
            containers.freeze(&container.id, pause).await?;
            containers.tell_pause(&container, &running, pause);
            Ok(())
        });
        switching.await.map_err(|_| interrupted("pause"))?
    }

    async fn freeze(self: &Arc<Self>, id: &Id, pause: bool) -> Result<(), Failure> {
        let (containers, id) = (Arc::clone(self), id.clone());
        let freezing = tokio::task::spawn_blocking(move || {
            let freezer = containers.cgroups.freezer(&containers.cgroup_path(&id))?;
            if pause {
                freezer.freeze(PATIENCE)
            } else {
                freezer.thaw()
            }
        });
        let frozen = freezing.await.map_err(|_| interrupted("pause"))?;
        frozen.map_err(of_freezer)
    }

    /// State and event in one step, as a list and its sequence number must agree.
    fn tell_pause(&self, container: &Container, running: &Running, pause: bool) {
        let _table = self.table.lock();
        if running.paused.swap(pause, Ordering::SeqCst) != pause {
            let event = kind(pause);
            self.events.append_at(now_unix_ns(), &container.id, event);
        }
    }

    /// After a crash between the kernel's step and its event.
    pub(super) fn tell_pause_again(&self, container: &Container, running: &Running) {
        let paused = running.is_paused();
        let told = self
            .events
            .find_newest(&container.id, |event| match event.kind {
                EventKind::Paused => Some(true),
                EventKind::Resumed | EventKind::Started { .. } => Some(false),
                _ => None,
            });
        if told.unwrap_or(false) != paused {
            self.events.append(&container.id, kind(paused));
        }
    }

    pub(super) fn is_frozen(&self, cgroup: &str) -> bool {
        let freezer = self.cgroups.freezer(cgroup);
        freezer.is_ok_and(|freezer| freezer.is_frozen().unwrap_or(false))
    }

    /// For a container that is being killed; one without a cgroup has nothing to thaw.
    pub(super) fn thaw(&self, id: &Id) {
        if let Ok(freezer) = self.cgroups.freezer(&self.cgroup_path(id))
            && let Err(error) = freezer.thaw()
        {
            report::error("cgroup", format_args!("{id}: cannot be thawed: {error}"));
        }
    }
}

fn kind(paused: bool) -> EventKind {
    match paused {
        true => EventKind::Paused,
        false => EventKind::Resumed,
    }
}

fn of_freezer(error: cgroups::Error) -> Failure {
    let timed_out = matches!(
        &error,
        cgroups::Error::Io { source, .. } if source.kind() == std::io::ErrorKind::TimedOut
    );
    if timed_out {
        let message = "a process of the container is busy in the kernel and does not stop";
        return Failure::new(FailureClass::Unavailable, "freeze", message).hint("try again later");
    }
    error.into()
}
