use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::rc::Rc;

use longshore_logs::Stream;

use crate::link;

/// The reading end of one of the container's output streams, non-blocking.
pub(super) struct Output {
    pub(super) stream: OutputStream,
    source: Option<Source>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputStream {
    Stdout,
    Stderr,
}

enum Source {
    Pipe(OwnedFd),
    Terminal(Rc<OwnedFd>),
}

pub(super) enum Read {
    Bytes(usize),
    /// Nothing now.
    Empty,
    End,
}

impl OutputStream {
    pub(super) fn tag(self) -> u8 {
        match self {
            OutputStream::Stdout => link::STDOUT,
            OutputStream::Stderr => link::STDERR,
        }
    }

    pub(super) fn in_log(self) -> Stream {
        match self {
            OutputStream::Stdout => Stream::Stdout,
            OutputStream::Stderr => Stream::Stderr,
        }
    }
}

impl Output {
    pub(super) fn pipe(stream: OutputStream, pipe: OwnedFd) -> Self {
        Output {
            stream,
            source: Some(Source::Pipe(pipe)),
        }
    }

    pub(super) fn terminal(master: Rc<OwnedFd>) -> Self {
        Output {
            stream: OutputStream::Stdout,
            source: Some(Source::Terminal(master)),
        }
    }

    /// `None` after the end.
    pub(super) fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match self.source.as_ref()? {
            Source::Pipe(pipe) => Some(pipe.as_fd()),
            Source::Terminal(master) => Some(master.as_fd()),
        }
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Read {
        let Some(source) = self.descriptor() else {
            return Read::End;
        };
        match rustix::io::retry_on_intr(|| rustix::io::read(source, &mut *buffer)) {
            Ok(length) if length > 0 => Read::Bytes(length),
            Err(error) if io::Error::from(error).kind() == io::ErrorKind::WouldBlock => Read::Empty,
            // A pty's master answers EIO once the last slave is closed.
            Ok(_) | Err(_) => {
                self.source = None;
                Read::End
            }
        }
    }
}
