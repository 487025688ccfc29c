use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;

use crate::link::{self, FromAttachment, Streams, ToAttachment};
use crate::wire::{self, Packet};

/// Bytes that may be under way to one reader, kept by the kernel.
const SEND_BUFFER: usize = 512 * 1024;

/// Someone who follows the container's streams: a socket to the agent.
///
/// No byte is dropped: what the socket does not take waits here, and while anything waits, the supervisor reads
/// no further output. So at most one chunk waits, and at the end what the pipes still held.
pub(super) struct Attachment {
    socket: OwnedFd,
    streams: Streams,
    waiting: VecDeque<(u8, Vec<u8>)>,
    /// May still bring stdin.
    writes: bool,
    gone: bool,
}

/// What an attachment's socket brought.
pub(super) enum Input {
    Stdin(Vec<u8>),
    Resize(link::TerminalSize),
    /// It writes no more; it may still read.
    WriterEnded,
    Gone,
}

impl Attachment {
    pub(super) fn new(socket: OwnedFd, streams: Streams) -> io::Result<Self> {
        wire::set_send_buffer(&socket, SEND_BUFFER)?;
        rustix::io::ioctl_fionbio(&socket, true)?;
        Ok(Attachment {
            socket,
            streams,
            waiting: VecDeque::new(),
            writes: streams.stdin,
            gone: false,
        })
    }

    pub(super) fn socket(&self) -> &OwnedFd {
        &self.socket
    }

    pub(super) fn writes(&self) -> bool {
        self.writes
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn wants(&self, tag: u8) -> bool {
        match tag {
            link::STDOUT => self.streams.stdout,
            link::STDERR => self.streams.stderr,
            _ => true,
        }
    }

    pub(super) fn tell(&mut self, message: &ToAttachment) {
        match wire::encode(message) {
            Ok(body) => self.push(link::MESSAGE, &body),
            Err(_) => self.gone = true,
        }
    }

    /// Sends now, or keeps it until [`Attachment::flush`].
    pub(super) fn push(&mut self, tag: u8, body: &[u8]) {
        if self.gone {
            return;
        }
        if self.waiting.is_empty() && self.try_send(tag, body) {
            return;
        }
        if !self.gone {
            self.waiting.push_back((tag, body.to_vec()));
        }
    }

    /// Call when the socket is writable.
    pub(super) fn flush(&mut self) {
        while let Some((tag, body)) = self.waiting.pop_front() {
            if !self.try_send(tag, &body) {
                if !self.gone {
                    self.waiting.push_front((tag, body));
                }
                return;
            }
        }
    }

    fn try_send(&mut self, tag: u8, body: &[u8]) -> bool {
        match wire::send(&self.socket, tag, body, &[]) {
            Ok(()) => true,
            Err(error) => {
                self.gone = error.kind() != io::ErrorKind::WouldBlock;
                false
            }
        }
    }

    /// Call when the socket is readable.
    pub(super) fn receive(&mut self) -> Option<Input> {
        match wire::receive(&self.socket) {
            Ok(Some(packet)) => self.input(packet),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Ok(None) | Err(_) => {
                self.gone = true;
                self.waiting.clear();
                Some(Input::Gone)
            }
        }
    }

    fn input(&mut self, packet: Packet) -> Option<Input> {
        match packet.tag {
            link::STDIN if self.writes => Some(Input::Stdin(packet.body)),
            link::STDIN_END if self.writes => {
                self.writes = false;
                Some(Input::WriterEnded)
            }
            link::MESSAGE => {
                let FromAttachment::Resize(size) = link::message(&packet).ok()?;
                Some(Input::Resize(size))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Streams = Streams {
        stdin: true,
        stdout: true,
        stderr: true,
    };

    #[test]
    fn what_the_socket_does_not_take_waits_and_arrives_in_order() {
        let (near, far) = wire::pair().unwrap();
        let mut attachment = Attachment::new(near, ALL).unwrap();
        let mut sent = 0u32;
        while !attachment.is_waiting() {
            let mut chunk = vec![0; wire::MAX_BODY];
            chunk[..4].copy_from_slice(&sent.to_be_bytes());
            attachment.push(link::STDOUT, &chunk);
            sent += 1;
        }
        for expected in 0..sent {
            let packet = wire::receive(&far).unwrap().unwrap();
            assert_eq!(packet.body[..4], expected.to_be_bytes());
            attachment.flush();
        }
        assert!(!attachment.is_waiting());
    }

    #[test]
    fn a_reader_that_is_gone_blocks_nobody() {
        let (near, far) = wire::pair().unwrap();
        let mut attachment = Attachment::new(near, ALL).unwrap();
        drop(far);
        attachment.push(link::STDOUT, b"x");
        assert!(attachment.is_gone() && !attachment.is_waiting());
    }

    #[test]
    fn one_that_only_reads_cannot_write() {
        let (near, far) = wire::pair().unwrap();
        let streams = Streams {
            stdin: false,
            ..ALL
        };
        let mut attachment = Attachment::new(near, streams).unwrap();
        wire::send(&far, link::STDIN, b"x", &[]).unwrap();
        assert!(attachment.receive().is_none());
    }
}
