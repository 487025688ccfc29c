use crate::record::{Header, Stream};

/// Which records to read. Times are Unix nanoseconds, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The last so many lines of those that the other fields select; None: all.
    pub tail: Option<u64>,
    pub since: Option<i64>,
    /// Reading ends at the first record after it; following ends when that time has come.
    pub until: Option<i64>,
    pub stdout: bool,
    pub stderr: bool,
    /// Wait for more at the end, until [`finish`](crate::LogReader::finish) is called.
    pub follow: bool,
}

impl Default for Query {
    /// All that there is.
    fn default() -> Query {
        Query {
            tail: None,
            since: None,
            until: None,
            stdout: true,
            stderr: true,
            follow: false,
        }
    }
}

impl Query {
    pub(super) fn wants_stream(&self, stream: Stream) -> bool {
        match stream {
            Stream::Stdout => self.stdout,
            Stream::Stderr => self.stderr,
        }
    }

    pub(super) fn is_before(&self, header: Header) -> bool {
        self.since.is_some_and(|since| header.at_unix_ns < since)
    }

    pub(super) fn is_after(&self, header: Header) -> bool {
        self.until.is_some_and(|until| header.at_unix_ns > until)
    }
}
