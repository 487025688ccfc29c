//! A further process in a running container, and the small process that looks after it.
//!
//! The agent itself reads and writes the exec's streams, so no byte is copied twice. The supervisor keeps copies
//! of the reading ends: should the agent die, the process does not meet a broken pipe, and the supervisor reads on
//! for nobody. Its exit reaches the agent over the link, or the next agent by a record in the container's folder.
//! A terminal belongs to the agent alone: when that closes it, the kernel hangs up on the process.

mod launch;
mod order;
mod watch;

pub use order::ExecOrder;

use crate::link::{self, FromSupervisor};
use crate::zygote::{ExecRequest, Warm};

pub(crate) fn supervise(request: ExecRequest, warm: &Warm) {
    match launch::launch(&request, warm) {
        Ok(launched) => {
            let watch = launched.into_watch(request);
            crate::supervisor::release_memory();
            watch.run();
        }
        Err(failure) => {
            // Without an agent nobody is left who could be told.
            let _ = link::send(&request.link, &FromSupervisor::Failed(failure), &[]);
        }
    }
}
