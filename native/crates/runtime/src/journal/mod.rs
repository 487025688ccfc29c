//! The events of all containers, numbered without a gap across restarts of the agent.
//!
//! On disk: one JSON record a line, appended. The newest [`KEPT`] stay; a torn last line (a crash while it was
//! written) is cut off when the journal opens, and an unreadable one in between is skipped.

mod event;
mod file;

use std::collections::VecDeque;
use std::io;
use std::path::Path;

pub use event::{Event, EventKind};
use file::JournalFile;

use crate::id::Id;

/// Events that a client who was away can still catch up on.
pub const KEPT: usize = 4096;

pub struct Journal {
    file: JournalFile,
    events: VecDeque<Event>,
    next_seq: u64,
}

impl Journal {
    pub fn open(path: &Path) -> io::Result<Self> {
        let (file, mut events) = JournalFile::open(path)?;
        let next_seq = events.back().map_or(1, |event| event.seq + 1);
        events.drain(..events.len().saturating_sub(KEPT));
        Ok(Journal {
            file,
            events,
            next_seq,
        })
    }

    /// Numbers and keeps an event. It counts as happened even when the disk is full: the caller hears of the
    /// failed write, those who listen hear of the event.
    pub fn append(&mut self, at_unix_ns: i64, id: &Id, kind: EventKind) -> (u64, io::Result<()>) {
        let seq = self.next_seq;
        self.next_seq += 1;
        let event = Event {
            seq,
            at_unix_ns,
            id: id.clone(),
            kind,
        };
        let mut written = self.file.append(&event);
        self.events.push_back(event);
        if self.events.len() > KEPT {
            self.events.pop_front();
        }
        if self.file.lines() > 2 * KEPT {
            written = written.and(self.file.rewrite(&self.events));
        }
        (seq, written)
    }

    /// 0 when nothing ever happened.
    pub fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// The oldest event still here.
    pub fn first_seq(&self) -> u64 {
        self.events.front().map_or(self.next_seq, |event| event.seq)
    }

    /// At most `limit` events after `seq`, oldest first.
    pub fn after(&self, seq: u64, limit: usize) -> Vec<Event> {
        let from = self.events.partition_point(|event| event.seq <= seq);
        self.events.range(from..).take(limit).cloned().collect()
    }

    /// Newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().rev()
    }

    /// Brings what was appended to the disk.
    pub fn sync_handle(&self) -> io::Result<std::fs::File> {
        self.file.try_clone()
    }
}

#[cfg(test)]
mod tests;
