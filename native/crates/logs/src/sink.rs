use std::fs::File;
use std::path::{Path, PathBuf};

use memchr::{memchr_iter, memrchr};
use rustix::fs::ftruncate;
use rustix::io::Errno;

use crate::error::Result;
use crate::files::MAX_FILES;
use crate::record::{HEADER, Header, PREAMBLE_LINE, Part, Stream, decode, encode};
use crate::rotation::{CurrentFile, open_current, rotate};
use crate::writer::LogPolicy;

/// Records gathered for one write(2).
const MAX_UNWRITTEN: usize = 32 * 1024;

/// The writer's end of the files: gathers records, rotates, and survives a disk that takes no more.
#[derive(Debug)]
pub(crate) struct Sink {
    dir: PathBuf,
    policy: LogPolicy,
    current: CurrentFile,
    unwritten: Vec<u8>,
    lost: [Lost; 2],
}

/// Bytes of one stream that could not be written, and why.
#[derive(Debug, Clone, Copy, Default)]
struct Lost {
    bytes: u64,
    reason: Option<Errno>,
}

impl Sink {
    pub(crate) fn open(dir: &Path, policy: LogPolicy) -> Result<Sink> {
        let policy = LogPolicy {
            max_files: policy.max_files.clamp(1, MAX_FILES),
            ..policy
        };
        let current = open_current(dir, policy.max_files)?;
        let lost = Default::default();
        Ok(Sink {
            dir: dir.to_owned(),
            policy,
            current,
            unwritten: Vec::new(),
            lost,
        })
    }

    /// Queues one record; `head` and `tail` are its data.
    pub(crate) fn append(&mut self, header: Header, head: &[u8], tail: &[u8]) {
        let length = HEADER + head.len() + tail.len() + 1;
        if self.is_too_big_with(length) {
            self.flush(header.at_unix_ns);
            // A rotation that fails leaves the current file in use: a log over its size beats a lost one.
            if let Ok(next) = rotate(&self.dir, &self.current, self.policy.max_files) {
                self.current = next;
            }
        }
        if self.unwritten.len() + length > MAX_UNWRITTEN {
            self.flush(header.at_unix_ns);
        }
        encode(&mut self.unwritten, header, head, tail);
    }

    /// Hands the queued records to the kernel, behind those that tell of lost bytes.
    pub(crate) fn flush(&mut self, at_unix_ns: i64) {
        if self.unwritten.is_empty() {
            return;
        }
        let markers = self.encode_markers(at_unix_ns);
        self.unwritten.splice(0..0, markers.iter().copied());
        let failure = append_all(&mut self.current, &self.unwritten, markers.len()).err();
        if failure.as_ref().is_none_or(|failure| failure.taken > 0) {
            self.lost = Default::default();
        }
        if let Some(failure) = failure {
            self.count_lost(failure.taken.max(markers.len()), failure.errno);
        }
        self.unwritten.clear();
    }

    #[cfg(test)]
    pub(crate) fn replace_file(&mut self, file: File) -> File {
        std::mem::replace(&mut self.current.file, file)
    }

    fn is_too_big_with(&self, length: usize) -> bool {
        let size = self.current.size + self.unwritten.len() as u64;
        self.policy.max_size > 0
            && size > PREAMBLE_LINE as u64
            && size + length as u64 > self.policy.max_size
    }

    fn encode_markers(&self, at_unix_ns: i64) -> Vec<u8> {
        let mut markers = Vec::new();
        for stream in Stream::ALL {
            let lost = self.lost[stream.index()];
            let Some(reason) = lost.reason else { continue };
            let words = format!("[{} bytes lost: {}]", lost.bytes, words_for(reason));
            let header = Header {
                at_unix_ns,
                stream,
                part: Part::WHOLE,
            };
            encode(&mut markers, header, words.as_bytes(), &[]);
        }
        markers
    }

    /// Counts the queued records from the byte `from` on.
    fn count_lost(&mut self, from: usize, reason: Errno) {
        let records = &self.unwritten[from..];
        let mut start = 0;
        for end in memchr_iter(b'\n', records) {
            let line = &records[start..end];
            if let Some(header) = decode(line) {
                let lost = &mut self.lost[header.stream.index()];
                lost.bytes += (line.len() - HEADER) as u64 + u64::from(header.part.ends_line);
                lost.reason = Some(reason);
            }
            start = end + 1;
        }
    }
}

fn words_for(reason: Errno) -> String {
    match reason {
        Errno::NOSPC => "no space left".to_owned(),
        Errno::DQUOT => "disk quota exceeded".to_owned(),
        other => std::io::Error::from(other).to_string(),
    }
}

struct AppendFailure {
    errno: Errno,
    /// Bytes of whole records that are in the file.
    taken: usize,
}

/// Appends `records`: all of them, or as many whole ones as the disk takes, but none when it takes no more than
/// the first `markers` bytes. A marker alone would fill up the last bytes of a disk.
fn append_all(
    current: &mut CurrentFile,
    records: &[u8],
    markers: usize,
) -> std::result::Result<(), AppendFailure> {
    if current.torn {
        write_all(&current.file, b"\n").map_err(|(errno, _)| AppendFailure { errno, taken: 0 })?;
        current.size += 1;
        current.torn = false;
    }
    let Err((errno, written)) = write_all(&current.file, records) else {
        current.size += records.len() as u64;
        return Ok(());
    };
    let whole = memrchr(b'\n', &records[..written]).map_or(0, |line_feed| line_feed + 1);
    let taken = if whole > markers { whole } else { 0 };
    if written > taken {
        current.torn = ftruncate(&current.file, current.size + taken as u64).is_err();
    }
    current.size += if current.torn { written } else { taken } as u64;
    Err(AppendFailure { errno, taken })
}

/// On failure: why, and how many bytes went before.
fn write_all(file: &File, bytes: &[u8]) -> std::result::Result<(), (Errno, usize)> {
    let mut written = 0;
    while written < bytes.len() {
        match rustix::io::write(file, &bytes[written..]) {
            Ok(0) => return Err((Errno::NOSPC, written)),
            Ok(count) => written += count,
            Err(Errno::INTR) => {}
            Err(errno) => return Err((errno, written)),
        }
    }
    Ok(())
}
