use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use longshore_runtime::link;
use longshore_runtime::wire::{self, Packet};
use serde::Serialize;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use crate::watched::watch;

/// A packet socket in the async world.
#[derive(Debug)]
pub(crate) struct Channel {
    socket: AsyncFd<OwnedFd>,
}

impl Channel {
    pub(crate) fn new(socket: OwnedFd) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&socket, true)?;
        Ok(Channel {
            socket: watch(socket, Interest::READABLE | Interest::WRITABLE)?,
        })
    }

    /// Waits while the other side does not read.
    pub(crate) async fn send(
        &self,
        tag: u8,
        body: &[u8],
        fds: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        let send = |socket: &OwnedFd| wire::send(socket, tag, body, fds);
        self.socket.async_io(Interest::WRITABLE, send).await
    }

    pub(crate) async fn send_message<T: Serialize>(&self, message: &T) -> io::Result<()> {
        self.send(link::MESSAGE, &wire::encode(message)?, &[]).await
    }

    /// `None` when the other side is closed.
    pub(crate) async fn receive(&self) -> io::Result<Option<Packet>> {
        self.socket
            .async_io(Interest::READABLE, |socket| wire::receive(socket))
            .await
    }
}
