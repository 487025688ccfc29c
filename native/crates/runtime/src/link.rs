//! What agent and supervisors say to each other, as JSON in packets tagged [`MESSAGE`]; bytes of standard
//! streams go bare under the other tags.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::store::{AssignedAddress, ExitRecord};
use crate::wire;

/// A JSON message.
pub const MESSAGE: u8 = 0;
/// Bytes for the process's stdin.
pub const STDIN: u8 = 1;
/// The writer of stdin has ended; no body.
pub const STDIN_END: u8 = 2;
/// Bytes the process wrote; a terminal's too.
pub const STDOUT: u8 = 3;
pub const STDERR: u8 = 4;

/// The streams that one attachment wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streams {
    pub stdin: bool,
    pub stdout: bool,
    pub stderr: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

/// On the link: supervisor to agent. A link that ends without `Failed` or `Exited` means that the supervisor
/// was killed.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromSupervisor {
    /// Namespaces exist; with the network namespace's descriptor. The container waits for
    /// [`ToSupervisor::Proceed`]. Sent only when the agent attaches networks.
    Created {
        pid: i32,
    },
    /// Exec has succeeded; with the process's pidfd. For an exec that is not detached its streams follow: the
    /// pty's master, or the reading ends of stdout and stderr and, when it was asked for, the writing end of stdin.
    Started {
        pid: i32,
        at_unix_ns: i64,
        warnings: Vec<String>,
    },
    Failed(Failure),
    Oom,
    Exited(ExitRecord),
    /// After `Exited`: the cgroup is gone, so the id may have another.
    Cleared,
    /// After `Cleared`: the run's mounts are gone, so its writable layer may have others.
    Unmounted,
    /// The first packet to an agent that has connected to the control socket: it has the container now.
    Adopted {
        addresses: Vec<AssignedAddress>,
    },
}

/// On the link: agent to supervisor. A link that ends before `Proceed` undoes the start.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToSupervisor {
    Proceed {
        addresses: Vec<AssignedAddress>,
    },
    Resize(TerminalSize),
    /// With the supervisor's end of a new attachment.
    Attach(Streams),
    /// Nobody reads an exec's streams any more.
    Abandon,
    /// The exec's exit has become an event: its record may go.
    Acknowledged,
}

/// On an attachment: supervisor to agent, besides bare bytes.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToAttachment {
    Attached,
    /// The last packet.
    Exited {
        code: i32,
        signal: i32,
    },
}

/// On an attachment: agent to supervisor, besides bare bytes.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromAttachment {
    Resize(TerminalSize),
}

pub fn send<T: Serialize>(
    socket: impl AsFd,
    message: &T,
    fds: &[BorrowedFd<'_>],
) -> io::Result<()> {
    wire::send(socket, MESSAGE, &wire::encode(message)?, fds)
}

/// The message in a received packet.
pub fn message<T: DeserializeOwned>(packet: &wire::Packet) -> io::Result<T> {
    if packet.tag != MESSAGE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "expected a message",
        ));
    }
    wire::decode(&packet.body)
}
