use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use memchr::memchr;

use crate::record::MAX_LINE;

const BLOCK: usize = 256 * 1024;

/// A window on a file that moves forward line by line.
#[derive(Debug)]
pub(super) struct Block {
    bytes: Box<[u8]>,
    /// Read from the file and not yet taken.
    unread: Range<usize>,
    /// Where `unread` begins in the file.
    offset: u64,
    /// Inside a line too long to be a record.
    skipping: bool,
}

/// A line without its line feed: where it stands in the window, and in the file.
pub(super) struct Line {
    pub(super) range: Range<usize>,
    pub(super) offset: u64,
}

impl Block {
    pub(super) fn new() -> Block {
        Block {
            bytes: vec![0; BLOCK].into(),
            unread: 0..0,
            offset: 0,
            skipping: false,
        }
    }

    /// Forgets all and goes to `offset` of another file.
    pub(super) fn seek(&mut self, offset: u64) {
        *self = Block {
            bytes: std::mem::take(&mut self.bytes),
            unread: 0..0,
            offset,
            skipping: false,
        };
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The next line of the window. None when the window holds no further whole line.
    pub(super) fn next_line(&mut self) -> Option<Line> {
        loop {
            let length = memchr(b'\n', &self.bytes[self.unread.clone()])?;
            let line = Line {
                range: self.unread.start..self.unread.start + length,
                offset: self.offset,
            };
            self.take(length + 1);
            if !std::mem::take(&mut self.skipping) {
                return Some(line);
            }
        }
    }

    /// Reads on behind what is unread, up to `end` of the file. Lines handed out before are gone from the window.
    /// False when that brought nothing: the file has no further whole line yet.
    pub(super) fn fill(&mut self, file: &File, end: u64) -> io::Result<bool> {
        if self.unread.len() > MAX_LINE {
            self.take(self.unread.len());
            self.skipping = true;
        }
        self.bytes.copy_within(self.unread.clone(), 0);
        self.unread = 0..self.unread.len();
        let room = (self.bytes.len() - self.unread.end) as u64;
        let from = self.offset + self.unread.end as u64;
        let wanted = room.min(end.saturating_sub(from)) as usize;
        let free = &mut self.bytes[self.unread.end..][..wanted];
        let count = read_at(file, free, from)?;
        self.unread.end += count;
        if count == 0 {
            // Half a record: its writer may yet take it back, so look again next time.
            self.unread = 0..0;
        }
        Ok(count > 0)
    }

    fn take(&mut self, count: usize) {
        self.unread.start += count;
        self.offset += count as u64;
    }
}

fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    loop {
        match file.read_at(buffer, offset) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
