//! What an agent does first: takes over what runs, and finishes what a crash left half-done.

use std::sync::Arc;
use std::time::Duration;

use longshore_runtime::identity::{ProcessIdentity, boot_id};
use longshore_runtime::journal::EventKind;
use longshore_runtime::store::{ContainerDirectory, ExitRecord, RunRecord};
use longshore_runtime::supervisor::connect_to;
use longshore_runtime::{Failure, Id};
use longshore_snapshots::ChainId;
use longshore_sys::pidfd;

use super::Containers;
use super::aftermath::unseen_exit;
use super::container::{Container, Layers, RunState, Running};
use crate::channel::Channel;
use crate::pidfd::wait_for_exit;
use crate::report;

/// How long a process may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(2);

impl Containers {
    pub(super) async fn recover(self: &Arc<Self>) -> Result<(), Failure> {
        let boot = boot_id().map_err(|error| Failure::io("boot_id", "", &error))?;
        let found = self
            .store
            .list()
            .map_err(|error| Failure::io("store", "", &error))?;
        let mut running = Vec::new();
        for (id, directory) in found {
            match self.recover_one(&id, &directory, &boot).await {
                Ok(true) => running.push(id),
                Ok(false) => {}
                // One damaged container must not keep all others from their agent.
                Err(error) => report::error("recovery", format_args!("{id}: {error}")),
            }
        }
        let running: Vec<&str> = running.iter().map(Id::as_str).collect();
        if let Err(error) = self.networks.retain(&running) {
            report::error(
                "network",
                format_args!("cannot release old addresses: {error}"),
            );
        }
        self.unmount_unused_volumes();
        self.empty_trash();
        Ok(())
    }

    /// Whether it runs.
    async fn recover_one(
        self: &Arc<Self>,
        id: &Id,
        directory: &ContainerDirectory,
        boot: &str,
    ) -> std::io::Result<bool> {
        let exit = directory.exit()?;
        let Some(run) = directory.run()? else {
            self.recover_stopped(id, directory, exit);
            return Ok(false);
        };
        if let Some(exit) = exit.filter(|exit| exit.started_at_unix_ns == run.started_at_unix_ns) {
            // It may still be about to remove the cgroup that the next run will have.
            end(&run.supervisor).await;
            self.recover_stopped(id, directory, Some(exit));
            return Ok(false);
        }
        if run.boot_id != boot {
            let exit = unseen_exit("the machine went down", run.started_at_unix_ns);
            self.record_exit(id, &exit);
            self.recover_stopped(id, directory, Some(exit));
            return Ok(false);
        }
        self.recover_execs(id, directory, boot)?;
        match self.take_over(directory, &run) {
            Ok(Some(running)) => {
                self.recover_running(id, directory, running).await;
                Ok(true)
            }
            Ok(None) => {
                self.finish_orphan(id, directory, &run).await;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn recover_stopped(
        self: &Arc<Self>,
        id: &Id,
        directory: &ContainerDirectory,
        exit: Option<ExitRecord>,
    ) {
        self.clear_cgroup(id);
        let Some(exit) = exit else {
            self.recover_unrun(id, directory);
            return;
        };
        let container = self.recovered(id, directory);
        if !self.has_told_exit(id, &exit) {
            let event = EventKind::Exited(exit.clone());
            self.transition(&container, RunState::Exited(exit), event);
        } else {
            container.set_state(RunState::Exited(exit));
        }
    }

    /// The supervisor, when it is alive and the one on record.
    fn take_over(
        &self,
        directory: &ContainerDirectory,
        run: &RunRecord,
    ) -> std::io::Result<Option<Running>> {
        let (Some(_supervisor), Some(init)) = (run.supervisor.open()?, run.init.open()?) else {
            return Ok(None);
        };
        let link = match connect_to(directory) {
            Ok((socket, pid)) if pid == run.supervisor.pid => Channel::new(socket)?,
            // It has closed its socket: the container has just exited.
            Ok(_) | Err(_) => return Ok(None),
        };
        Ok(Some(Running {
            pid: run.init.pid,
            init,
            started_at_unix_ns: run.started_at_unix_ns,
            link: Arc::new(link),
            paused: self.is_frozen(&run.cgroup).into(),
        }))
    }

    async fn recover_running(
        self: &Arc<Self>,
        id: &Id,
        directory: &ContainerDirectory,
        running: Running,
    ) {
        self.adopt_volumes(id, directory);
        let container = self.recovered(id, directory);
        let holds = container.hold_for_run().await;
        self.serve_names_again(id, &running);
        let running = Arc::new(running);
        let state = RunState::Running(Arc::clone(&running));
        if self.has_told_start(id, &running) {
            container.set_state(state);
        } else {
            self.transition(&container, state, EventKind::Started { pid: running.pid });
        }
        self.tell_pause_again(&container, &running);
        self.watch_run(container, running, holds);
    }

    /// A container whose supervisor is gone. It may have recorded the exit a moment ago; if not, what is left of
    /// the container is killed.
    async fn finish_orphan(
        self: &Arc<Self>,
        id: &Id,
        directory: &ContainerDirectory,
        run: &RunRecord,
    ) {
        end(&run.supervisor).await;
        let recorded = directory.exit().ok().flatten();
        let exit = match recorded {
            Some(exit) if exit.started_at_unix_ns == run.started_at_unix_ns => exit,
            _ => {
                if let Ok(Some(init)) = run.init.open() {
                    self.kill_all(id, &init);
                }
                end(&run.init).await;
                let exit = unseen_exit("its supervisor was killed", run.started_at_unix_ns);
                self.record_exit(id, &exit);
                exit
            }
        };
        self.recover_stopped(id, directory, Some(exit));
    }

    fn recovered(&self, id: &Id, directory: &ContainerDirectory) -> Arc<Container> {
        let container = self.get_or_add(id);
        let bundle = directory.bundle().ok().flatten();
        if let Some(bundle) = &bundle {
            container.set_cgroup_path(bundle.order.cgroup_path());
        }
        let names = bundle
            .map(|bundle| bundle.order.chain_ids)
            .unwrap_or_default();
        let chain_ids: Vec<ChainId> = names.iter().filter_map(|name| name.parse().ok()).collect();
        let pin = self.snapshots.pin(&chain_ids).ok();
        container.set_layers(Layers {
            chain_ids,
            _pin: pin,
        });
        container
    }

    /// Events older than the journal were told long ago.
    fn has_told_exit(&self, id: &Id, exit: &ExitRecord) -> bool {
        let told = self.events.find_newest(id, |event| match &event.kind {
            EventKind::Exited(told) => Some(told.at_unix_ns == exit.at_unix_ns),
            EventKind::Started { .. } => Some(false),
            _ => None,
        });
        told.unwrap_or_else(|| {
            self.events
                .oldest_at()
                .is_some_and(|oldest| exit.at_unix_ns < oldest)
        })
    }

    fn has_told_start(&self, id: &Id, running: &Running) -> bool {
        let told = self.events.find_newest(id, |event| match event.kind {
            EventKind::Started { pid } => Some(pid == running.pid),
            EventKind::Exited(_) => Some(false),
            _ => None,
        });
        let oldest = || self.events.oldest_at();
        told.unwrap_or_else(|| oldest().is_some_and(|oldest| running.started_at_unix_ns < oldest))
    }
}

/// Waits a moment for a process that is about to end, then sees to it.
async fn end(process: &ProcessIdentity) {
    let pidfd = match process.open() {
        Ok(Some(pidfd)) => pidfd,
        Ok(None) => return,
        Err(error) => return report::error("recovery", format_args!("{}: {error}", process.pid)),
    };
    if tokio::time::timeout(PATIENCE, wait_for_exit(&pidfd))
        .await
        .is_ok()
    {
        return;
    }
    if let Err(errno) = pidfd::send_signal(&pidfd, libc::SIGKILL) {
        report::error(
            "recovery",
            format_args!("{}: cannot be killed: {errno}", process.pid),
        );
    }
    if tokio::time::timeout(PATIENCE, wait_for_exit(&pidfd))
        .await
        .is_err()
    {
        report::error("recovery", format_args!("{}: does not die", process.pid));
    }
}
