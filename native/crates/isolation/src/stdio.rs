//! What a new process gets besides its plan.

use std::os::fd::OwnedFd;

use longshore_sys::clone::Namespaces;
use rustix::fs::{FileType, Gid, Uid};

use crate::plan::UserMappings;

/// Descriptors for a container's first process.
#[derive(Debug)]
pub struct Handles {
    pub stdio: Stdio,
    /// A ready network namespace to join instead of making one.
    pub network_namespace: Option<OwnedFd>,
    /// Other containers and what of theirs becomes this one's; together the plan's `namespaces.shared`.
    pub shared: Vec<SharedNamespaces>,
}

#[derive(Debug)]
pub struct SharedNamespaces {
    pub namespaces: Namespaces,
    /// Pidfd of the other container's first process.
    pub container: OwnedFd,
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

impl Stdio {
    /// Gives pipes to the root of a container with mapped users, who may want to open them anew through /dev/stdout.
    ///
    /// # Errors
    /// The errno of fchown(2).
    pub fn give_to(&self, users: Option<&UserMappings>) -> longshore_sys::Result<()> {
        let (
            Some(users),
            Stdio::Streams {
                stdin,
                stdout,
                stderr,
            },
        ) = (users, self)
        else {
            return Ok(());
        };
        let (uid, gid) = users.root();
        for stream in [stdin, stdout, stderr] {
            let status = rustix::fs::fstat(stream)?;
            if FileType::from_raw_mode(status.st_mode).is_fifo() {
                let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
                rustix::fs::fchown(stream, Some(uid), Some(gid))?;
            }
        }
        Ok(())
    }
}
