use std::fs::File;
use std::os::unix::fs::FileExt as _;

use memchr::{memchr, memrchr};

use super::query::Query;
use crate::files::LogFile;
use crate::record::{Header, MAX_LINE, decode};

const BLOCK: u64 = 4 * MAX_LINE as u64;

/// A place in a log: in the order of the files, then within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) sequence: u64,
    pub(super) offset: u64,
}

/// Looks for the beginning of the last `query.tail` lines, backwards and no further than needed.
/// The answer is per stream, for a line of one may begin before a line of the other. None for a stream of which
/// nothing is wanted that is there now. `files` are oldest first.
pub(super) fn find_starts(
    files: &[LogFile],
    query: &Query,
    tail: u64,
) -> std::io::Result<[Option<Position>; 2]> {
    let mut search = Search {
        query,
        missing: tail,
        streams: Default::default(),
    };
    for file in files.iter().rev() {
        if search.is_done() || !search.walk_back(file)? {
            break;
        }
    }
    Ok(search.streams.map(|stream| stream.start))
}

struct Search<'a> {
    query: &'a Query,
    /// Lines still to be found.
    missing: u64,
    streams: [StreamSearch; 2],
}

#[derive(Default)]
struct StreamSearch {
    start: Option<Position>,
    /// The beginning of the earliest line found is not found yet.
    inside_line: bool,
}

impl Search<'_> {
    fn is_done(&self) -> bool {
        self.missing == 0 && self.streams.iter().all(|stream| !stream.inside_line)
    }

    /// False when the search has ended in this file.
    fn walk_back(&mut self, log: &LogFile) -> std::io::Result<bool> {
        let mut block = vec![0; BLOCK as usize];
        let mut end = log.file.metadata()?.len();
        while end > 0 {
            let start = end.saturating_sub(BLOCK);
            let count = read_up_to(&log.file, &mut block[..(end - start) as usize], start)?;
            let bytes = &block[..count];
            // The first line of the block may have begun before it: leave it to the next round.
            let whole_from = match memchr(b'\n', bytes) {
                Some(line_feed) if start > 0 => line_feed + 1,
                _ => 0,
            };
            if !self.walk_lines(
                &bytes[whole_from..],
                log.sequence,
                start + whole_from as u64,
            ) {
                return Ok(false);
            }
            // No progress would mean a line longer than a block: no record, so skip it.
            let next_end = start + whole_from as u64;
            end = if next_end < end { next_end } else { start };
        }
        Ok(true)
    }

    /// `bytes` stand at `offset` and begin with a line. False when the search has ended.
    fn walk_lines(&mut self, bytes: &[u8], sequence: u64, offset: u64) -> bool {
        let Some(mut end) = memrchr(b'\n', bytes) else {
            return true;
        };
        loop {
            let start = memrchr(b'\n', &bytes[..end]).map_or(0, |line_feed| line_feed + 1);
            if let Some(header) = decode(&bytes[start..end]) {
                let position = Position {
                    sequence,
                    offset: offset + start as u64,
                };
                if !self.visit(header, position) {
                    return false;
                }
            }
            match start.checked_sub(1) {
                Some(line_feed) => end = line_feed,
                None => return true,
            }
        }
    }

    fn visit(&mut self, header: Header, position: Position) -> bool {
        if !self.query.wants_stream(header.stream) || self.query.is_after(header) {
            return true;
        }
        if self.query.is_before(header) {
            return false;
        }
        let stream = &mut self.streams[header.stream.index()];
        let continues = stream.inside_line && !header.part.ends_line;
        if !continues && self.missing == 0 {
            // Either a line too many, or the beginning of the earliest line is lost.
            stream.inside_line = false;
            return !self.is_done();
        }
        if !continues {
            self.missing -= 1;
        }
        stream.start = Some(position);
        stream.inside_line = !header.part.starts_line;
        !self.is_done()
    }
}

fn read_up_to(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
