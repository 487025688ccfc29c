//! The process behind one container: starts it, keeps its streams and its log, records its end.
//!
//! Made by the zygote and in a session of its own, so it outlives the agent. It holds what must not be lost (pipes
//! or the terminal, the log, the exit) and nothing else.

mod attachment;
mod control;
mod launch;
mod output;
mod stdin;
mod stdio;
mod streams;
mod watch;

pub use crate::store::usual_cgroup_path as cgroup_path;
pub use control::connect_to;
pub(crate) use launch::read_bundle;
pub(crate) use stdio::{Pipes, make_pipes, no_streams};
pub use streams::set_terminal_size;

use crate::link::{self, FromSupervisor};
use crate::zygote::{RunRequest, Warm};

pub(crate) fn supervise(mut request: RunRequest, warm: &Warm) {
    match launch::launch(&mut request, warm) {
        Ok(launched) => {
            let watch = launched.into_watch(request);
            release_memory();
            watch.run();
        }
        Err(failure) => {
            // Without an agent nobody is left who could be told.
            let _ = link::send(&request.link, &FromSupervisor::Failed(failure), &[]);
        }
    }
}

/// Plan and spec are done with: an idle supervisor shall hold as little as it can.
pub(crate) fn release_memory() {
    // SAFETY: malloc_trim only gives unused memory back; this process has one thread.
    unsafe { libc::malloc_trim(0) };
}
