use std::path::Path;

use crate::error::Result;
use crate::lines::LineSplitter;
use crate::record::{Header, Stream};
use crate::sink::Sink;

/// How much of a log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogPolicy {
    /// Bytes a file, its framing included; 0: no limit.
    pub max_size: u64,
    /// Files kept, the current one included; 0 counts as 1, and more than 1,000 as 1,000.
    pub max_files: u32,
}

/// Writes a container's log. There is one writer at a time; any number of readers may look on.
///
/// What a call of [`write`](LogWriter::write) completes is handed to the kernel before it returns, so that a
/// killed writer loses no more than the unfinished last line of each stream.
#[derive(Debug)]
pub struct LogWriter {
    splitters: [LineSplitter; 2],
    sink: Sink,
}

impl LogWriter {
    /// Opens the log in the existing folder `dir`, and repairs what a killed writer left half-written.
    pub fn open(dir: &Path, policy: LogPolicy) -> Result<LogWriter> {
        Ok(LogWriter {
            splitters: Default::default(),
            sink: Sink::open(dir, policy)?,
        })
    }

    /// Takes what a stream gave, read at `at_unix_ns`. Unfinished lines wait for their end.
    ///
    /// Never fails and never waits: bytes that the disk does not take are dropped and counted, and a record
    /// on the same stream tells of them as soon as the disk takes records again.
    pub fn write(&mut self, stream: Stream, at_unix_ns: i64, bytes: &[u8]) {
        let sink = &mut self.sink;
        self.splitters[stream.index()].push(bytes, |piece| {
            sink.append(
                Header {
                    at_unix_ns,
                    stream,
                    part: piece.part,
                },
                piece.head,
                piece.tail,
            );
        });
        sink.flush(at_unix_ns);
    }

    /// Writes the unfinished lines as well. Call it when the streams have ended.
    pub fn flush(&mut self, at_unix_ns: i64) {
        let sink = &mut self.sink;
        for stream in Stream::ALL {
            self.splitters[stream.index()].finish(|piece| {
                sink.append(
                    Header {
                        at_unix_ns,
                        stream,
                        part: piece.part,
                    },
                    piece.head,
                    piece.tail,
                );
            });
        }
        sink.flush(at_unix_ns);
    }

    /// Puts another file in the place of the current one, which it returns.
    #[cfg(test)]
    fn replace_file(&mut self, file: std::fs::File) -> std::fs::File {
        self.sink.replace_file(file)
    }
}

#[cfg(test)]
mod tests;
