use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use longshore_runtime::clock::now_unix_ns;
use longshore_runtime::link::{
    self, FromAttachment, Streams, TerminalSize, ToAttachment, ToSupervisor,
};
use longshore_runtime::wire::{self, MAX_BODY};
use longshore_runtime::{Failure, FailureClass, Id};

use super::Containers;
use super::container::{Container, RunState, Running, Waiting};
use crate::channel::Channel;
use crate::failure;

/// Attachments that may wait for one start: their sockets travel in one packet.
const MAX_WAITING: usize = 16;

pub(crate) struct AttachRequest {
    pub(crate) id: Id,
    pub(crate) streams: Streams,
    pub(crate) before_start: bool,
}

/// Joined standard streams of a container's init.
pub(crate) struct Attachment {
    channel: Channel,
    container: Arc<Container>,
    /// When the run that it belongs to began, at the earliest.
    not_before_unix_ns: i64,
    held: bool,
}

/// What an attachment brings.
pub(crate) enum Output {
    Attached,
    Stdout(Vec<u8>),
    Stderr(Vec<u8>),
    Exited { code: i32, signal: i32 },
}

impl Containers {
    pub(crate) async fn attach(&self, request: AttachRequest) -> Result<Attachment, Failure> {
        if !request.before_start {
            let container = self.get(&request.id)?;
            let running = container.running()?;
            return join(container, &running, request.streams).await;
        }
        let container = self.get_or_add(&request.id);
        match container.state() {
            RunState::Running(running) => join(container, &running, request.streams).await,
            RunState::New | RunState::Exited(_) => hold(container, request.streams),
        }
    }

    /// Those who attached while a start was on its way to exec.
    pub(super) async fn join_late(&self, container: &Container, running: &Running) {
        for waiting in container.take_waiting() {
            let message = ToSupervisor::Attach(waiting.streams);
            // A supervisor that is gone closes the socket, which ends the attachment.
            let _ = send_with(&running.link, &message, &waiting.socket).await;
        }
    }
}

async fn join(
    container: Arc<Container>,
    running: &Running,
    streams: Streams,
) -> Result<Attachment, Failure> {
    let (ours, theirs) = sockets()?;
    let channel = channel(ours)?;
    send_with(&running.link, &ToSupervisor::Attach(streams), &theirs)
        .await
        .map_err(|_| failure::not_running(&container.id))?;
    let not_before_unix_ns = running.started_at_unix_ns;
    Ok(Attachment {
        channel,
        container,
        not_before_unix_ns,
        held: false,
    })
}

fn hold(container: Arc<Container>, streams: Streams) -> Result<Attachment, Failure> {
    if container.waiting_count() >= MAX_WAITING {
        let message = format!("{MAX_WAITING} attachments wait for this container already");
        return Err(Failure::new(FailureClass::Unavailable, "attach", message));
    }
    let (ours, socket) = sockets()?;
    let channel = channel(ours)?;
    let not_before_unix_ns = now_unix_ns();
    container.add_waiting(Waiting { streams, socket });
    Ok(Attachment {
        channel,
        container,
        not_before_unix_ns,
        held: true,
    })
}

fn sockets() -> Result<(OwnedFd, OwnedFd), Failure> {
    let (ours, theirs) = wire::pair().map_err(|errno| Failure::io("attach", "", &errno.into()))?;
    wire::set_send_buffer(&ours, 4 * MAX_BODY)
        .map_err(|error| Failure::io("attach", "", &error))?;
    Ok((ours, theirs))
}

fn channel(socket: OwnedFd) -> Result<Channel, Failure> {
    Channel::new(socket).map_err(|error| Failure::io("attach", "", &error))
}

async fn send_with(
    link: &Channel,
    message: &ToSupervisor,
    socket: &OwnedFd,
) -> std::io::Result<()> {
    link.send(link::MESSAGE, &wire::encode(message)?, &[socket.as_fd()])
        .await
}

impl Attachment {
    /// The answer to an attachment before the start is known at once.
    pub(crate) fn is_held(&self) -> bool {
        self.held
    }

    /// Waits while the container does not read. Once it has exited, bytes go nowhere.
    pub(crate) async fn write(&self, bytes: &[u8]) {
        for piece in bytes.chunks(MAX_BODY) {
            if self.channel.send(link::STDIN, piece, &[]).await.is_err() {
                return;
            }
        }
    }

    /// The writer has ended; output goes on.
    pub(crate) async fn end_input(&self) {
        // After the container's exit there is no stdin to end.
        let _ = self.channel.send(link::STDIN_END, &[], &[]).await;
    }

    pub(crate) async fn resize(&self, size: TerminalSize) {
        // As above.
        let _ = self
            .channel
            .send_message(&FromAttachment::Resize(size))
            .await;
    }

    /// The next output. After `Exited` there is none.
    pub(crate) async fn receive(&self) -> Result<Output, Failure> {
        loop {
            let failed = |error| Failure::io("attach", &self.container.id, &error);
            let Some(packet) = self.channel.receive().await.map_err(failed)? else {
                return self.ended_unheard().await;
            };
            match packet.tag {
                link::STDOUT => return Ok(Output::Stdout(packet.body)),
                link::STDERR => return Ok(Output::Stderr(packet.body)),
                _ => match link::message(&packet).map_err(failed)? {
                    ToAttachment::Attached if self.held => {}
                    ToAttachment::Attached => return Ok(Output::Attached),
                    ToAttachment::Exited { code, signal } => {
                        return Ok(Output::Exited { code, signal });
                    }
                },
            }
        }
    }

    /// The supervisor died, or the start came to nothing.
    async fn ended_unheard(&self) -> Result<Output, Failure> {
        self.container.wait_until_stopped().await;
        match self.container.state() {
            RunState::Exited(exit) if exit.started_at_unix_ns >= self.not_before_unix_ns => {
                Ok(Output::Exited {
                    code: exit.code,
                    signal: exit.signal,
                })
            }
            _ => {
                let message = "the container did not start";
                Err(Failure::new(FailureClass::Unavailable, "attach", message))
            }
        }
    }
}
