use longshore_protocol::v1;

use crate::containers::{ProcessInfo, ProcessTable};

pub(super) fn answer(table: ProcessTable) -> v1::ProcessesResponse {
    v1::ProcessesResponse {
        processes: table.processes.into_iter().map(process).collect(),
        truncated: table.truncated,
    }
}

fn process(process: ProcessInfo) -> v1::Process {
    v1::Process {
        pid: process.pid,
        parent_pid: process.parent_pid,
        pid_inside: process.pid_inside,
        uid: process.uid,
        gid: process.gid,
        tty: process.tty,
        started_at_unix_ns: process.started_at_unix_ns,
        cpu_ns: process.cpu_ns,
        state: process.state,
        resident_bytes: process.resident_bytes,
        virtual_bytes: process.virtual_bytes,
        threads: process.threads,
        name: process.name,
        args: process.args,
    }
}
