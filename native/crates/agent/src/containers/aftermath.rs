use std::os::fd::AsFd;
use std::sync::Arc;

use longshore_cgroups::Cgroup;
use longshore_runtime::Id;
use longshore_runtime::clock::now_unix_ns;
use longshore_runtime::journal::EventKind;
use longshore_runtime::link::{self, FromSupervisor};
use longshore_runtime::store::ExitRecord;
use longshore_sys::pidfd;
use tokio::task::block_in_place;

use super::Containers;
use super::container::{Container, RunHolds, RunState, Running};
use crate::report;

impl Containers {
    /// Follows a run to its end, and gives back what it held.
    pub(super) fn watch_run(
        self: &Arc<Self>,
        container: Arc<Container>,
        running: Arc<Running>,
        holds: RunHolds,
    ) {
        let containers = Arc::clone(self);
        tokio::spawn(async move {
            let exit = match containers.follow_run(&container, &running).await {
                Some(exit) => exit,
                None => containers.bury(&container.id, &running).await,
            };
            let event = EventKind::Exited(exit.clone());
            containers.transition(&container, RunState::Exited(exit), event);
            containers.release_network(&container.id);
            containers.wait_until_cleared(&container.id, &running).await;
            block_in_place(|| containers.release_volumes(&container.id));
            drop(holds.aftermath);
            wait_until_unmounted(&running).await;
            drop(holds.mounted);
        });
    }

    /// The exit as the supervisor tells it; `None` when the link ends without.
    async fn follow_run(&self, container: &Container, running: &Running) -> Option<ExitRecord> {
        while let Ok(Some(packet)) = running.link.receive().await {
            match link::message(&packet) {
                Ok(FromSupervisor::Exited(exit)) => return Some(exit),
                Ok(FromSupervisor::Oom) => self.events.append(&container.id, EventKind::Oom),
                Ok(_) => {}
                Err(error) => report::error("link", format_args!("{}: {error}", container.id)),
            }
        }
        None
    }

    /// Until the supervisor has removed the run's cgroup: the next run has the same one.
    async fn wait_until_cleared(&self, id: &Id, running: &Running) {
        while let Ok(Some(packet)) = running.link.receive().await {
            if let Ok(FromSupervisor::Cleared) = link::message(&packet) {
                break;
            }
        }
        // Without a word from the supervisor all of it; else the hierarchies that the container has joined since.
        block_in_place(|| self.clear_cgroup(id));
    }

    /// The supervisor has died, or let go of this agent. If it has left no record, the container must not live on
    /// with nobody to keep its streams or see its end.
    async fn bury(&self, id: &Id, running: &Running) -> ExitRecord {
        let recorded = || {
            let exit = self.store.open_directory(id).ok()??.exit().ok()??;
            (exit.started_at_unix_ns == running.started_at_unix_ns).then_some(exit)
        };
        if let Some(exit) = block_in_place(recorded) {
            return exit;
        }
        report::error(
            "supervisor",
            format_args!("{id}: died; its container is killed"),
        );
        self.kill_all(id, running.init.as_fd());
        if let Err(error) = crate::pidfd::wait_for_exit(&running.init).await {
            report::error(
                "container",
                format_args!("{id}: cannot wait for its end: {error}"),
            );
        }
        let exit = unseen_exit("its supervisor was killed", running.started_at_unix_ns);
        block_in_place(|| {
            self.clear_cgroup(id);
            self.record_exit(id, &exit);
        });
        exit
    }

    pub(super) fn record_exit(&self, id: &Id, exit: &ExitRecord) {
        let write = || match self.store.open_directory(id)? {
            Some(directory) => directory
                .write_exit(exit)
                .and_then(|()| directory.sync_exit()),
            None => Ok(()),
        };
        if let Err(error) = write() {
            report::error(
                "container",
                format_args!("{id}: cannot record its exit: {error}"),
            );
        }
    }

    /// Init takes its whole pid namespace along; the cgroup has the processes of a container without one.
    pub(super) fn kill_all(&self, id: &Id, init: impl AsFd) {
        match pidfd::send_signal(init, libc::SIGKILL) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => {}
            Err(errno) => report::error("container", format_args!("{id}: cannot kill it: {errno}")),
        }
        if let Ok(cgroup) = Cgroup::open(&self.cgroups, &self.cgroup_path(id))
            && let Err(error) = cgroup.kill_all()
        {
            report::error(
                "cgroup",
                format_args!("{id}: cannot kill its processes: {error}"),
            );
        }
        // In a v1 freezer even a killed process stands still.
        self.thaw(id);
    }

    /// Removes a cgroup that no supervisor removes any more.
    pub(super) fn clear_cgroup(&self, id: &Id) {
        let path = self.cgroup_path(id);
        if let Ok(cgroup) = Cgroup::open(&self.cgroups, &path)
            && let Err(error) = cgroup.kill_all().and_then(|()| cgroup.remove())
        {
            report::error("cgroup", format_args!("{id}: cannot be removed: {error}"));
        }
        if let Err(error) = self.cgroups.remove_freezer(&path) {
            report::error("cgroup", format_args!("{id}: its freezer stays: {error}"));
        }
    }
}

/// Until the supervisor has let go of the run's mounts, or has gone itself.
async fn wait_until_unmounted(running: &Running) {
    while let Ok(Some(packet)) = running.link.receive().await {
        if let Ok(FromSupervisor::Unmounted) = link::message(&packet) {
            break;
        }
    }
}

/// An end that nobody saw.
pub(super) fn unseen_exit(reason: &str, started_at_unix_ns: i64) -> ExitRecord {
    ExitRecord {
        code: 128 + libc::SIGKILL,
        signal: libc::SIGKILL,
        at_unix_ns: now_unix_ns(),
        started_at_unix_ns,
        unseen: Some(reason.to_owned()),
        ..ExitRecord::default()
    }
}
