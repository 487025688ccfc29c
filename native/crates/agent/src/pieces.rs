use std::io::{self, BufRead, Read};

use tokio::sync::mpsc;

/// What a caller sends piece by piece, read where reading may wait. It ends only where the caller has said so: one that
/// goes away cuts it off.
pub(crate) struct Pieces {
    receiver: mpsc::Receiver<Piece>,
    current: Vec<u8>,
    position: usize,
    ended: bool,
}

pub(crate) enum Piece {
    Bytes(Vec<u8>),
    /// There is no more.
    End,
}

/// `ahead`: pieces that wait to be read.
pub(crate) fn channel(ahead: usize) -> (mpsc::Sender<Piece>, Pieces) {
    let (sender, receiver) = mpsc::channel(ahead);
    let pieces = Pieces {
        receiver,
        current: Vec::new(),
        position: 0,
        ended: false,
    };
    (sender, pieces)
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.position == self.current.len() && !self.ended {
            self.position = 0;
            self.current = Vec::new();
            match self.receiver.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.current = bytes,
                Some(Piece::End) => self.ended = true,
                None => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
        Ok(&self.current[self.position..])
    }

    fn consume(&mut self, count: usize) {
        self.position += count;
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_end_where_the_caller_says_so() {
        let (sender, mut pieces) = channel(4);
        for piece in [
            Piece::Bytes(b"ab".to_vec()),
            Piece::Bytes(Vec::new()),
            Piece::End,
        ] {
            assert!(sender.try_send(piece).is_ok());
        }
        let mut read = Vec::new();
        pieces.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"ab");
    }

    #[test]
    fn a_caller_that_goes_away_cuts_them_off() {
        let (sender, mut pieces) = channel(4);
        assert!(sender.try_send(Piece::Bytes(b"ab".to_vec())).is_ok());
        drop(sender);
        let cut_off = pieces.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(cut_off.kind(), io::ErrorKind::BrokenPipe);
    }
}
