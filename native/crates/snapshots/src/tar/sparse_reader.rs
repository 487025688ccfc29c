//! Reads the maps of sparse files out of an archive: three forms in headers, one before the data.

use std::io::BufRead;

use super::BLOCK;
use super::entry::Segment;
use super::pax::{self, PaxSparse};
use super::reader::TarReader;
use super::sparse::{self, OldGnuMap};
use crate::error::Result;

impl<R: BufRead> TarReader<R> {
    pub(super) fn old_gnu_map(&mut self, block: &[u8; BLOCK]) -> Result<(Vec<Segment>, u64)> {
        let (mut map, real_size) = OldGnuMap::begin(block).map_err(|reason| self.bad(reason))?;
        while map.continues {
            let block = self
                .block()?
                .ok_or_else(|| self.bad("it ends inside a sparse map"))?;
            map.extend(&block).map_err(|reason| self.bad(reason))?;
        }
        Ok((map.finish(), real_size))
    }

    pub(super) fn pax_map(&mut self, keys: &PaxSparse) -> Result<Option<(Vec<Segment>, u64)>> {
        let in_data = match (keys.major, keys.minor) {
            (Some(1), Some(0)) => true,
            (Some(0) | None, _) => false,
            _ => return Err(self.bad("a sparse file's format is unknown")),
        };
        let segments = match (&keys.numbers, in_data) {
            (_, true) => self.map_in_data()?,
            (Some(numbers), false) => {
                sparse::from_numbers(numbers).map_err(|reason| self.bad(reason))?
            }
            (None, false) => return Ok(None),
        };
        let real_size = keys
            .real_size
            .ok_or_else(|| self.bad("a sparse file has no size"))?;
        Ok(Some((segments, real_size)))
    }

    /// PAX form 1.0: decimal lines before the data: the count, then offsets and lengths; padded to a block.
    fn map_in_data(&mut self) -> Result<Vec<Segment>> {
        let mut lines = LineBlocks::default();
        let count = self.map_number(&mut lines)?;
        if count > sparse::MAX_SEGMENTS as u64 {
            return Err(self.bad("a sparse map has too many pieces"));
        }
        let mut segments = Vec::new();
        for _ in 0..count {
            let offset = self.map_number(&mut lines)?;
            let length = self.map_number(&mut lines)?;
            segments.push(Segment { offset, length });
        }
        Ok(segments)
    }

    fn map_number(&mut self, lines: &mut LineBlocks) -> Result<u64> {
        loop {
            match lines.next_line() {
                Line::Complete(line) => {
                    return pax::decimal(&line).ok_or_else(|| self.bad("a sparse map is invalid"));
                }
                Line::TooLong => return Err(self.bad("a sparse map is invalid")),
                Line::Incomplete => {
                    if self.data_left < BLOCK as u64 {
                        return Err(self.bad("a sparse map is cut off"));
                    }
                    let block = self
                        .block()?
                        .ok_or_else(|| self.bad("it ends inside a sparse map"))?;
                    self.data_left -= BLOCK as u64;
                    lines.push(&block);
                }
            }
        }
    }
}

/// Lines over a run of blocks.
#[derive(Default)]
struct LineBlocks {
    bytes: Vec<u8>,
    position: usize,
}

enum Line {
    Complete(Vec<u8>),
    Incomplete,
    TooLong,
}

impl LineBlocks {
    fn push(&mut self, block: &[u8]) {
        self.bytes.drain(..self.position);
        self.position = 0;
        self.bytes.extend_from_slice(block);
    }

    fn next_line(&mut self) -> Line {
        let rest = &self.bytes[self.position..];
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                let line = rest[..end].to_vec();
                self.position += end + 1;
                Line::Complete(line)
            }
            None if rest.len() > 32 => Line::TooLong,
            None => Line::Incomplete,
        }
    }
}
