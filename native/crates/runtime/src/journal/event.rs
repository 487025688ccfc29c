use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::store::ExitRecord;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub seq: u64,
    pub at_unix_ns: i64,
    /// The container's.
    pub id: Id,
    pub kind: EventKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Started { pid: i32 },
    Exited(ExitRecord),
    Oom,
    ExecExited { exec_id: Id, code: i32, signal: i32 },
    Paused,
    Resumed,
}
