//! Containers as processes: the zygote that makes them, the supervisor of each, what is kept of them on disk, and
//! the journal of their events. Synchronous throughout; the agent puts its async server on top.

pub mod clock;
pub mod exec;
pub mod failure;
mod host_devices;
pub mod id;
pub mod identity;
pub mod journal;
pub mod link;
pub mod store;
pub mod supervisor;
pub mod wire;
pub mod zygote;

mod plan;
mod seccomp;

pub use failure::{Failure, FailureClass};
pub use id::Id;
