mod block;
mod query;
mod tail;
mod watch;

use std::ops::Range;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

pub use query::Query;

use crate::error::{Error, Result};
use crate::files::{LogFile, is_newest, scan, successor};
use crate::record::{HEADER, Stream, decode};
use block::{Block, Line};
use tail::{Position, find_starts};
use watch::Watch;

/// Reads a container's log across its files, oldest first, while it may be written and rotated.
///
/// Memory is one block of 256 KiB however long the log or its lines are. Half-written and damaged records are
/// skipped. A rotation that drops a file which a slow reader has not reached takes its records away.
#[derive(Debug)]
pub struct LogReader {
    dir: PathBuf,
    query: Query,
    /// The first wanted record of each stream.
    starts: [Position; 2],
    /// Where to stop: the end of the log when it was opened. None when following.
    end: Option<Position>,
    current: Option<LogFile>,
    block: Block,
    found: Vec<Found>,
    watch: Option<Watch>,
    /// All is written.
    finished: bool,
    /// All that is wanted has been read.
    ended: bool,
}

/// One line with its line feed, or a piece of a long or unfinished line, without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub at_unix_ns: i64,
    pub stream: Stream,
    pub data: &'a [u8],
}

/// What [`LogReader::next_batch`] found.
#[derive(Debug)]
pub enum Next<'a> {
    /// At least one.
    Records(Batch<'a>),
    /// Following, and nothing new: wait for [`LogReader::as_fd`] to become readable, then ask again.
    Pending,
    End,
}

/// Some records, oldest first.
#[derive(Debug)]
pub struct Batch<'a> {
    found: std::slice::Iter<'a, Found>,
    bytes: &'a [u8],
}

/// A record in the reader's block.
#[derive(Debug)]
struct Found {
    at_unix_ns: i64,
    stream: Stream,
    data: Range<usize>,
}

impl<'a> Iterator for Batch<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let Found {
            at_unix_ns,
            stream,
            data,
        } = self.found.next()?;
        Some(Record {
            at_unix_ns: *at_unix_ns,
            stream: *stream,
            data: &self.bytes[data.clone()],
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.found.size_hint()
    }
}

impl ExactSizeIterator for Batch<'_> {}

impl LogReader {
    /// Opens the log in the existing folder `dir`. A log without files is an empty one.
    pub fn open(dir: &Path, query: Query) -> Result<LogReader> {
        let watch = query
            .follow
            .then(|| Watch::new(dir, query.until))
            .transpose()?;
        let mut files = scan(dir)?;
        let end = end_of(&files).map_err(reading(dir))?;
        let starts = match query.tail {
            Some(tail) => find_starts(&files, &query, tail)
                .map_err(reading(dir))?
                .map(|start| start.unwrap_or(end)),
            None => {
                [Position {
                    sequence: 0,
                    offset: 0,
                }; 2]
            }
        };
        let first = starts[0].min(starts[1]);
        files.retain(|file| file.sequence >= first.sequence);
        let current = (!files.is_empty()).then(|| files.swap_remove(0));
        let mut block = Block::new();
        if current
            .as_ref()
            .is_some_and(|file| file.sequence == first.sequence)
        {
            block.seek(first.offset);
        }
        Ok(LogReader {
            dir: dir.to_owned(),
            query,
            starts,
            end: (!query.follow).then_some(end),
            current,
            block,
            found: Vec::new(),
            watch,
            finished: false,
            ended: false,
        })
    }

    /// The next records: as many as are at hand, but none after their data has reached `max_bytes`.
    pub fn next_batch(&mut self, max_bytes: usize) -> Result<Next<'_>> {
        if let Some(watch) = &self.watch {
            watch.drain();
        }
        self.found.clear();
        while !self.ended && self.found.is_empty() {
            self.take_lines(max_bytes);
            if self.found.is_empty() && !self.ended && !self.read_on()? {
                if self.may_grow() {
                    return Ok(Next::Pending);
                }
                self.ended = true;
            }
        }
        if self.found.is_empty() {
            return Ok(Next::End);
        }
        Ok(Next::Records(Batch {
            found: self.found.iter(),
            bytes: self.block.bytes(),
        }))
    }

    /// Tells a following reader that nothing more will be written: it then ends when it has read all.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Readable when [`next_batch`](LogReader::next_batch) may have news after [`Next::Pending`].
    /// None when not following.
    pub fn as_fd(&self) -> Option<BorrowedFd<'_>> {
        self.watch.as_ref().map(|watch| watch.as_fd())
    }

    /// Blocks until there may be news. False when `cancel` has become readable. At once when not following.
    pub fn wait(&self, cancel: BorrowedFd<'_>) -> Result<bool> {
        self.watch
            .as_ref()
            .map_or(Ok(true), |watch| watch.wait(cancel, &self.dir))
    }

    fn may_grow(&self) -> bool {
        let is_over = |until| unix_ns_now() > i128::from(until);
        self.query.follow && !self.finished && !self.query.until.is_some_and(is_over)
    }

    fn take_lines(&mut self, max_bytes: usize) {
        let sequence = self.current.as_ref().map_or(0, |file| file.sequence);
        let mut bytes = 0;
        while bytes < max_bytes.max(1) && !self.ended {
            let Some(line) = self.block.next_line() else {
                return;
            };
            if let Some(found) = self.examine(&line, sequence) {
                bytes += found.data.len();
                self.found.push(found);
            }
        }
    }

    fn examine(&mut self, line: &Line, sequence: u64) -> Option<Found> {
        let header = decode(&self.block.bytes()[line.range.clone()])?;
        let position = Position {
            sequence,
            offset: line.offset,
        };
        if !self.query.wants_stream(header.stream)
            || self.query.is_before(header)
            || position < self.starts[header.stream.index()]
        {
            return None;
        }
        if self.query.is_after(header) {
            self.ended = true;
            return None;
        }
        let line_feed = usize::from(header.part.ends_line);
        Some(Found {
            at_unix_ns: header.at_unix_ns,
            stream: header.stream,
            data: line.range.start + HEADER..line.range.end + line_feed,
        })
    }

    /// Brings further bytes into the block, from the next file when this one is over. False when there are none.
    fn read_on(&mut self) -> Result<bool> {
        let Some(current) = &self.current else {
            return self.open_successor(0);
        };
        let LogFile { file, sequence } = current;
        let end = self.end.unwrap_or(Position {
            sequence: u64::MAX,
            offset: 0,
        });
        let limit = if *sequence == end.sequence {
            end.offset
        } else {
            u64::MAX
        };
        if self.block.fill(file, limit).map_err(reading(&self.dir))? {
            return Ok(true);
        }
        if *sequence >= end.sequence || is_newest(&self.dir, file)? {
            return Ok(false);
        }
        // It was rotated: what went into it before may have come after we read.
        if self.block.fill(file, limit).map_err(reading(&self.dir))? {
            return Ok(true);
        }
        let sequence = *sequence;
        self.open_successor(sequence)
    }

    fn open_successor(&mut self, sequence: u64) -> Result<bool> {
        let Some(next) = successor(&self.dir, sequence)? else {
            return Ok(false);
        };
        self.current = Some(next);
        self.block.seek(0);
        Ok(true)
    }
}

fn end_of(files: &[LogFile]) -> std::io::Result<Position> {
    let Some(newest) = files.last() else {
        return Ok(Position {
            sequence: 0,
            offset: 0,
        });
    };
    Ok(Position {
        sequence: newest.sequence,
        offset: newest.file.metadata()?.len(),
    })
}

fn reading(dir: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error {
        step: "read",
        path: dir.display().to_string(),
        source,
    }
}

fn unix_ns_now() -> i128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as i128)
}

#[cfg(test)]
mod tests;
