use std::collections::VecDeque;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::rc::Rc;

use std::os::fd::AsFd;

/// The writing end of the container's stdin.
///
/// While bytes wait here, no attachment is read, so at most one packet waits for each of them.
pub(super) struct Stdin {
    target: Option<Target>,
    waiting: VecDeque<Vec<u8>>,
    /// Close once everything that waits has been written.
    closing: bool,
}

enum Target {
    Pipe(OwnedFd),
    /// The pty's master, which stdout shares; it is never closed from here.
    Terminal(Rc<OwnedFd>),
}

impl Stdin {
    pub(super) fn closed() -> Self {
        Stdin {
            target: None,
            waiting: VecDeque::new(),
            closing: false,
        }
    }

    /// The descriptor must be non-blocking.
    pub(super) fn pipe(pipe: OwnedFd) -> Self {
        Stdin {
            target: Some(Target::Pipe(pipe)),
            ..Stdin::closed()
        }
    }

    /// The descriptor must be non-blocking.
    pub(super) fn terminal(master: Rc<OwnedFd>) -> Self {
        Stdin {
            target: Some(Target::Terminal(master)),
            ..Stdin::closed()
        }
    }

    /// To be watched: for room while bytes wait, else for the reader's end of a pipe.
    pub(super) fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match self.target.as_ref()? {
            Target::Pipe(pipe) => Some(pipe.as_fd()),
            Target::Terminal(master) => Some(master.as_fd()),
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes all of it; what has no room now waits. Without a stdin the bytes go nowhere.
    pub(super) fn write(&mut self, bytes: Vec<u8>) {
        if self.target.is_some() && !self.closing && !bytes.is_empty() {
            self.waiting.push_back(bytes);
            self.flush();
        }
    }

    /// Call when the descriptor is writable.
    pub(super) fn flush(&mut self) {
        while let Some(mut bytes) = self.waiting.pop_front() {
            let Some(target) = self.descriptor() else {
                return;
            };
            match rustix::io::write(target, &bytes) {
                Ok(written) if written == bytes.len() => {}
                Ok(written) => {
                    bytes.drain(..written);
                    self.waiting.push_front(bytes);
                }
                Err(error) if io::Error::from(error).kind() == io::ErrorKind::WouldBlock => {
                    self.waiting.push_front(bytes);
                    return;
                }
                // The container has closed its stdin.
                Err(_) => return self.drop_target(),
            }
        }
        if self.closing {
            self.drop_target();
        }
    }

    /// End of file for the container, after all that was written. A terminal stays open: its end would be a
    /// hang-up.
    pub(super) fn close(&mut self) {
        if matches!(self.target, Some(Target::Pipe(_))) {
            self.closing = true;
            self.flush();
        }
    }

    /// Nobody reads any more.
    pub(super) fn drop_target(&mut self) {
        self.target = None;
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn stdin() -> (Stdin, std::fs::File) {
        let (read, write) = rustix::pipe::pipe().unwrap();
        rustix::io::ioctl_fionbio(&write, true).unwrap();
        (Stdin::pipe(write), std::fs::File::from(read))
    }

    #[test]
    fn closing_comes_after_the_bytes_that_wait() {
        let (mut stdin, mut reader) = stdin();
        let sent: Vec<u8> = (0..200_000u32).map(|index| index as u8).collect();
        for chunk in sent.chunks(50_000) {
            stdin.write(chunk.to_vec());
        }
        stdin.close();
        assert!(stdin.is_waiting());
        let mut got = vec![0; sent.len()];
        let mut filled = 0;
        while filled < got.len() {
            filled += reader.read(&mut got[filled..]).unwrap();
            stdin.flush();
        }
        assert!(got == sent);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_reader_that_closed_its_end_swallows_nothing_and_blocks_nobody() {
        let (mut stdin, reader) = stdin();
        drop(reader);
        stdin.write(b"x".to_vec());
        assert!(!stdin.is_waiting() && stdin.descriptor().is_none());
    }
}
