use longshore_network::Connection;
use longshore_runtime::Id;
use longshore_runtime::store::ExitRecord;

use super::Containers;
use super::container::RunState;

pub(crate) struct ListedContainer {
    pub(crate) id: Id,
    pub(crate) state: ListedState,
}

pub(crate) enum ListedState {
    Running {
        pid: i32,
        started_at_unix_ns: i64,
        connection: Connection,
        paused: bool,
    },
    Exited(ExitRecord),
}

impl Containers {
    /// All that have run, and the event that this picture includes last.
    ///
    /// Every running container has a supervisor that tells its end at once, so what is shown is live; and since
    /// states change together with the journal, no event falls between the picture and the number.
    pub(crate) fn list(&self) -> (Vec<ListedContainer>, u64) {
        let table = self.table.lock();
        let mut listed: Vec<_> = table
            .values()
            .filter_map(|container| {
                let state = match container.state() {
                    RunState::New => return None,
                    RunState::Running(running) => ListedState::Running {
                        pid: running.pid,
                        started_at_unix_ns: running.started_at_unix_ns,
                        connection: self.connection(&container.id),
                        paused: running.is_paused(),
                    },
                    RunState::Exited(exit) => ListedState::Exited(exit),
                };
                Some(ListedContainer {
                    id: container.id.clone(),
                    state,
                })
            })
            .collect();
        listed.sort_by(|left, right| left.id.cmp(&right.id));
        (listed, self.events.last_seq())
    }
}
