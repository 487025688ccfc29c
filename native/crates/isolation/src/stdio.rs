//! What a new process gets besides its plan.

use std::os::fd::OwnedFd;

/// Descriptors for a container's first process.
#[derive(Debug)]
pub struct Handles {
    pub stdio: Stdio,
    /// A ready network namespace to join instead of making one.
    pub network_namespace: Option<OwnedFd>,
}

/// The standard streams of a container or an exec.
#[derive(Debug)]
pub enum Stdio {
    /// Pipes, /dev/null, sockets: whatever the parent chose.
    Streams {
        stdin: OwnedFd,
        stdout: OwnedFd,
        stderr: OwnedFd,
    },
    /// A pseudo-terminal of the container's own devpts; its master arrives at the parent as
    /// [`crate::sync::Report::Terminal`].
    Terminal,
}
