use longshore_protocol::v1;
use longshore_runtime::store::ExitRecord;

use crate::containers::{Containers, ListedContainer, ListedState};
use crate::services::networks::wire;

pub(super) fn list(containers: &Containers) -> v1::ListResponse {
    let (listed, as_of_seq) = containers.list();
    v1::ListResponse {
        containers: listed.into_iter().map(status).collect(),
        as_of_seq,
    }
}

fn status(container: ListedContainer) -> v1::ContainerStatus {
    let id = container.id.to_string();
    match container.state {
        ListedState::Running {
            pid,
            started_at_unix_ns,
            connection,
            paused,
        } => v1::ContainerStatus {
            id,
            state: v1::RunState::Running.into(),
            pid,
            started_at_unix_ns,
            exited: None,
            addresses: connection
                .addresses
                .into_iter()
                .map(wire::address)
                .collect(),
            paused,
            ports: connection.ports.into_iter().map(wire::port).collect(),
        },
        ListedState::Exited(exit) => v1::ContainerStatus {
            id,
            state: v1::RunState::Exited.into(),
            pid: 0,
            started_at_unix_ns: exit.started_at_unix_ns,
            exited: Some(exited(&exit)),
            addresses: Vec::new(),
            paused: false,
            ports: Vec::new(),
        },
    }
}

pub(super) fn exited(exit: &ExitRecord) -> v1::Exited {
    v1::Exited {
        code: exit.code,
        signal: exit.signal,
        oom_killed: exit.oom_killed,
        memory_peak_bytes: exit.memory_peak_bytes,
        memory_limit_bytes: exit.memory_limit_bytes,
        at_unix_ns: exit.at_unix_ns,
    }
}
