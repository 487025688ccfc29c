//! The log files of a container: written by its supervisor, read by the agent.

mod record;

pub use record::Stream;

use std::os::fd::BorrowedFd;
use std::path::Path;

#[derive(Debug, thiserror::Error)]
#[error("{step} {path}: {source}")]
pub struct Error {
    pub step: &'static str,
    pub path: String,
    pub source: std::io::Error,
}
pub type Result<T> = std::result::Result<T, Error>;

fn unavailable<T>() -> Result<T> {
    Err(Error {
        step: "open",
        path: String::new(),
        source: std::io::ErrorKind::Unsupported.into(),
    })
}

/// `max_size` in bytes a file, 0 for no limit; `max_files` the current one included, 0 counts as 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogPolicy {
    pub max_size: u64,
    pub max_files: u32,
}

#[derive(Debug)]
pub struct LogWriter {}

impl LogWriter {
    pub fn open(_dir: &Path, _policy: LogPolicy) -> Result<LogWriter> {
        unavailable()
    }
    /// Never fails: what the disk does not take is counted, and told in a marker record later.
    pub fn write(&mut self, _stream: Stream, _at_unix_ns: i64, _bytes: &[u8]) {}
    /// Writes the unfinished lines out. Call it when the streams have ended.
    pub fn flush(&mut self, _at_unix_ns: i64) {}
}

/// Times in Unix nanoseconds, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The last so many lines; None: all.
    pub tail: Option<u64>,
    pub since: Option<i64>,
    pub until: Option<i64>,
    pub stdout: bool,
    pub stderr: bool,
    /// Wait for more at the end, until `finish` is called.
    pub follow: bool,
}

/// One line with its line feed, or a piece of a line without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub at_unix_ns: i64,
    pub stream: Stream,
    pub data: &'a [u8],
}

pub enum Next<'a> {
    Records(Batch<'a>),
    /// Following, and nothing new: wait for `as_fd` to be readable, then ask again.
    Pending,
    End,
}

pub struct Batch<'a> {
    records: std::vec::IntoIter<Record<'a>>,
}

impl<'a> Iterator for Batch<'a> {
    type Item = Record<'a>;
    fn next(&mut self) -> Option<Record<'a>> {
        self.records.next()
    }
}

#[derive(Debug)]
pub struct LogReader {}

impl LogReader {
    pub fn open(_dir: &Path, _query: Query) -> Result<LogReader> {
        unavailable()
    }
    /// At least one record; no more once `max_bytes` of data are reached.
    pub fn next_batch(&mut self, _max_bytes: usize) -> Result<Next<'_>> {
        Ok(Next::End)
    }
    /// The container has exited: what is written now is all.
    pub fn finish(&mut self) {}
    /// Readable when there may be more. None unless following.
    pub fn as_fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
    /// Blocks until there may be more, or `cancel` is readable: then false.
    pub fn wait(&self, _cancel: BorrowedFd<'_>) -> Result<bool> {
        unavailable()
    }
}
