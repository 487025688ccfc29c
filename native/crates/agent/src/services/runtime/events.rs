use std::sync::Arc;

use longshore_protocol::v1;
use longshore_protocol::v1::event::What;
use longshore_runtime::journal::{Event, EventKind};
use tokio_stream::StreamExt;

use super::Answers;
use super::list::exited;
use crate::containers::Containers;
use crate::failure::status;

pub(super) fn follow(containers: &Arc<Containers>, after_seq: u64) -> Answers<v1::Event> {
    let events = Arc::clone(containers.events()).follow(after_seq);
    Box::pin(events.map(|event| event.map(convert).map_err(|failure| status(&failure))))
}

fn convert(event: Event) -> v1::Event {
    let what = match event.kind {
        EventKind::Started { pid } => What::Started(v1::Started { pid }),
        EventKind::Exited(exit) => What::Exited(exited(&exit)),
        EventKind::Oom => What::Oom(v1::OutOfMemory {}),
        EventKind::ExecExited {
            exec_id,
            code,
            signal,
        } => What::ExecExited(v1::ExecExited {
            exec_id: exec_id.into(),
            code,
            signal,
        }),
        EventKind::Paused => What::Paused(v1::Paused {}),
        EventKind::Resumed => What::Resumed(v1::Resumed {}),
    };
    v1::Event {
        seq: event.seq,
        at_unix_ns: event.at_unix_ns,
        id: event.id.into(),
        what: Some(what),
    }
}
