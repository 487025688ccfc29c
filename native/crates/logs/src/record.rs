//! The format of a log file.
//!
//! A file is a sequence of lines. The first one names the format and the file's place in the container's log:
//!
//! ```text
//! longshore-log 1 <sequence, 16 hex digits>
//! ```
//!
//! Each rotation begins a file with the next sequence. Every other line is a record, and every record a line:
//!
//! ```text
//! <time, 16 hex digits><stream><kind><length, 4 hex digits> <data>
//! ```
//!
//! - time: Unix nanoseconds.
//! - stream: `o` for stdout, `e` for stderr.
//! - kind: `L` a whole line; `B`, `M`, `E` the beginning, a middle and the end piece of a line longer than
//!   [`MAX_DATA`] bytes. A line that the stream's end left unfinished has no `E`.
//! - length: of the data in bytes. The data of `L` and `E` leaves out the line feed that the container wrote.
//!
//! Data never holds a line feed, so a line feed in a file always ends a record. That makes the format easy to
//! resynchronise: a line that is not a well-formed record (half-written, overwritten with NULs, cut) is skipped,
//! and what follows its line feed is read as usual. No bytes that a container writes can imitate a record.

/// The longest data of one record, in bytes.
pub(crate) const MAX_DATA: usize = 16 * 1024;
/// Bytes before the data.
pub(crate) const HEADER: usize = 23;
/// The longest line of a well-formed file, line feed included.
pub(crate) const MAX_LINE: usize = HEADER + MAX_DATA + 1;

const PREAMBLE: &[u8] = b"longshore-log 1 ";
/// The length of a file's first line, line feed included.
pub(crate) const PREAMBLE_LINE: usize = PREAMBLE.len() + 16 + 1;

/// Where a container wrote a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    pub(crate) const ALL: [Stream; 2] = [Stream::Stdout, Stream::Stderr];

    pub(crate) const fn index(self) -> usize {
        match self {
            Stream::Stdout => 0,
            Stream::Stderr => 1,
        }
    }
}

/// Which part of a line a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) starts_line: bool,
    pub(crate) ends_line: bool,
}

impl Part {
    pub(crate) const WHOLE: Part = Part {
        starts_line: true,
        ends_line: true,
    };

    fn letter(self) -> u8 {
        match (self.starts_line, self.ends_line) {
            (true, true) => b'L',
            (true, false) => b'B',
            (false, false) => b'M',
            (false, true) => b'E',
        }
    }

    fn from_letter(letter: u8) -> Option<Part> {
        let (starts_line, ends_line) = match letter {
            b'L' => (true, true),
            b'B' => (true, false),
            b'M' => (false, false),
            b'E' => (false, true),
            _ => return None,
        };
        Some(Part {
            starts_line,
            ends_line,
        })
    }
}

/// What stands before the data of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) at_unix_ns: i64,
    pub(crate) stream: Stream,
    pub(crate) part: Part,
}

/// Appends one record. `head` and `tail` together are its data: at most [`MAX_DATA`] bytes, no line feed.
pub(crate) fn encode(out: &mut Vec<u8>, header: Header, head: &[u8], tail: &[u8]) {
    let mut bytes = [b' '; HEADER];
    write_hex(&mut bytes[..16], header.at_unix_ns.max(0).cast_unsigned());
    bytes[16] = match header.stream {
        Stream::Stdout => b'o',
        Stream::Stderr => b'e',
    };
    bytes[17] = header.part.letter();
    write_hex(&mut bytes[18..22], (head.len() + tail.len()) as u64);
    out.extend_from_slice(&bytes);
    out.extend_from_slice(head);
    out.extend_from_slice(tail);
    out.push(b'\n');
}

/// Reads a line without its line feed. None when it is not a well-formed record; else its data follows
/// the first [`HEADER`] bytes.
pub(crate) fn decode(line: &[u8]) -> Option<Header> {
    let (header, data) = line.split_at_checked(HEADER)?;
    let length = read_hex(&header[18..22])?;
    if header[22] != b' ' || length != data.len() as u64 || data.len() > MAX_DATA {
        return None;
    }
    Some(Header {
        at_unix_ns: i64::try_from(read_hex(&header[..16])?).ok()?,
        stream: match header[16] {
            b'o' => Stream::Stdout,
            b'e' => Stream::Stderr,
            _ => return None,
        },
        part: Part::from_letter(header[17])?,
    })
}

/// The first line of the file with this sequence, line feed included.
pub(crate) fn preamble(sequence: u64) -> [u8; PREAMBLE_LINE] {
    let mut line = [b'\n'; PREAMBLE_LINE];
    line[..PREAMBLE.len()].copy_from_slice(PREAMBLE);
    write_hex(&mut line[PREAMBLE.len()..PREAMBLE_LINE - 1], sequence);
    line
}

/// The sequence that a file's first line tells; None when that line is damaged.
pub(crate) fn sequence(first_line: &[u8]) -> Option<u64> {
    let rest = first_line.strip_prefix(PREAMBLE)?;
    let (digits, line_feed) = rest.split_at_checked(16)?;
    if line_feed != b"\n" {
        return None;
    }
    read_hex(digits)
}

fn write_hex(out: &mut [u8], value: u64) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut rest = value;
    for digit in out.iter_mut().rev() {
        *digit = DIGITS[(rest & 0xf) as usize];
        rest >>= 4;
    }
}

fn read_hex(digits: &[u8]) -> Option<u64> {
    let mut value = 0;
    for &digit in digits {
        let nibble = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        value = value << 4 | u64::from(nibble);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(part: Part) -> Header {
        Header {
            at_unix_ns: 1_763_695_101_123_456_789,
            stream: Stream::Stderr,
            part,
        }
    }

    #[test]
    fn a_record_is_one_readable_line() {
        let mut out = Vec::new();
        encode(&mut out, header(Part::WHOLE), b"hello ", b"harbour");
        assert_eq!(out, b"1879e7599a8f6f15eL000d hello harbour\n");
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for starts_line in [true, false] {
            for ends_line in [true, false] {
                let header = header(Part {
                    starts_line,
                    ends_line,
                });
                let mut out = Vec::new();
                encode(&mut out, header, b"", &[0, 255, b' ']);
                assert_eq!(decode(&out[..out.len() - 1]), Some(header));
            }
        }
    }

    #[test]
    fn every_shortened_record_is_refused() {
        let mut out = Vec::new();
        encode(&mut out, header(Part::WHOLE), b"some data", b"");
        for length in 0..out.len() - 1 {
            assert_eq!(decode(&out[..length]), None, "cut to {length} bytes");
        }
    }

    #[test]
    fn a_time_before_1970_becomes_the_epoch() {
        let mut out = Vec::new();
        encode(
            &mut out,
            Header {
                at_unix_ns: -1,
                ..header(Part::WHOLE)
            },
            b"",
            b"",
        );
        assert_eq!(
            decode(&out[..out.len() - 1]).map(|header| header.at_unix_ns),
            Some(0)
        );
    }

    #[test]
    fn the_first_line_tells_the_sequence() {
        assert_eq!(sequence(&preamble(0xabc)), Some(0xabc));
        assert_eq!(sequence(b"longshore-log 2 0000000000000001\n"), None);
        assert_eq!(sequence(&[0; PREAMBLE_LINE]), None);
    }
}
