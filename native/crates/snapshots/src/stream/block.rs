//! Buffers that travel between the stages, and the channel that carries them.

use std::io::{self, BufRead, Read};
use std::ops::Deref;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use crate::cancel::lock;

/// Large enough to make the hand-over cheap, small enough to stay in the second-level cache.
pub(crate) const BLOCK_BYTES: usize = 128 << 10;

/// Buffers that wait for their next use; as many as were ever in flight.
#[derive(Default)]
pub(crate) struct Pool {
    free: Mutex<Vec<Box<[u8]>>>,
}

impl Pool {
    pub(crate) fn take(self: &Arc<Self>) -> Block {
        let recycled = lock(&self.free).pop();
        let bytes = recycled.unwrap_or_else(|| vec![0; BLOCK_BYTES].into_boxed_slice());
        Block {
            bytes,
            length: 0,
            pool: self.clone(),
        }
    }
}

/// A buffer whose first `length` bytes count. It returns to its pool when the last reader lets go.
pub(crate) struct Block {
    bytes: Box<[u8]>,
    length: usize,
    pool: Arc<Pool>,
}

impl Block {
    /// Fills the block as far as `read` delivers.
    pub(crate) fn fill(
        &mut self,
        mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<()> {
        while self.length < self.bytes.len() {
            match read(&mut self.bytes[self.length..]) {
                Ok(0) => break,
                Ok(count) => self.length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        lock(&self.pool.free).push(std::mem::take(&mut self.bytes));
    }
}

/// What a channel carries: a sender that goes without `End` has failed.
pub(crate) enum Message {
    Block(Arc<Block>),
    End,
}

pub(crate) fn channel(blocks: usize) -> (SyncSender<Message>, Receiver<Message>) {
    sync_channel(blocks)
}

/// The receiving end as a reader. When the sender has failed, reading fails with `BrokenPipe`.
pub(crate) struct BlockReader {
    receiver: Receiver<Message>,
    current: Option<Arc<Block>>,
    position: usize,
    ended: bool,
    /// Bytes that have been read.
    pub(crate) consumed: u64,
}

impl BlockReader {
    pub(crate) fn new(receiver: Receiver<Message>) -> Self {
        Self {
            receiver,
            current: None,
            position: 0,
            ended: false,
            consumed: 0,
        }
    }
}

impl BufRead for BlockReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while !self.ended
            && self
                .current
                .as_ref()
                .is_none_or(|block| self.position == block.len())
        {
            self.position = 0;
            self.current = None;
            match self.receiver.recv() {
                Ok(Message::Block(block)) => self.current = Some(block),
                Ok(Message::End) => self.ended = true,
                Err(_) => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
        Ok(self
            .current
            .as_ref()
            .map_or(&[], |block| &block[self.position..]))
    }

    fn consume(&mut self, count: usize) {
        self.position += count;
        self.consumed += count as u64;
    }
}

impl Read for BlockReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}
