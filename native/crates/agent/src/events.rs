use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use longshore_runtime::clock::now_unix_ns;
use longshore_runtime::journal::{Event, EventKind, Journal};
use longshore_runtime::{Failure, FailureClass, Id};
use tokio::sync::watch;
use tokio_stream::Stream;

use crate::report;

/// Events handed over at once.
const BATCH: usize = 64;

/// The journal, and those who follow it. Followers read from the journal itself at their own pace, so none of
/// them needs a queue.
pub(crate) struct Events {
    journal: Mutex<Journal>,
    last_seq: watch::Sender<u64>,
}

impl Events {
    pub(crate) fn open(path: &Path) -> io::Result<Arc<Self>> {
        let journal = Journal::open(path)?;
        let last_seq = watch::Sender::new(journal.last_seq());
        let events = Arc::new(Events {
            journal: Mutex::new(journal),
            last_seq,
        });
        tokio::spawn(bring_to_disk(Arc::clone(&events)));
        Ok(events)
    }

    pub(crate) fn append(&self, id: &Id, kind: EventKind) {
        self.append_at(now_unix_ns(), id, kind);
    }

    /// Of what happened before it became known.
    pub(crate) fn append_at(&self, at_unix_ns: i64, id: &Id, kind: EventKind) {
        let (seq, written) = self.lock().append(at_unix_ns, id, kind);
        if let Err(error) = written {
            report::error(
                "events",
                format_args!("event {seq} is not on disk: {error}"),
            );
        }
        self.last_seq.send_replace(seq);
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.lock().last_seq()
    }

    /// Whether the newest event of this container that `matches` can judge satisfies it. `None` when the journal
    /// knows of no such event.
    pub(crate) fn find_newest<T>(
        &self,
        id: &Id,
        matches: impl Fn(&Event) -> Option<T>,
    ) -> Option<T> {
        self.lock()
            .newest()
            .filter(|event| event.id == *id)
            .find_map(matches)
    }

    /// When the oldest event still kept happened; `None` without any.
    pub(crate) fn oldest_at(&self) -> Option<i64> {
        self.lock()
            .after(0, 1)
            .first()
            .map(|event| event.at_unix_ns)
    }

    /// All events after `after_seq`, those to come as well. A number that this journal has not reached yet is
    /// from a journal that was lost: then from the beginning.
    pub(crate) fn follow(
        self: Arc<Self>,
        after_seq: u64,
    ) -> impl Stream<Item = Result<Event, Failure>> + Send + 'static {
        async_stream::try_stream! {
            let mut changed = self.last_seq.subscribe();
            let (first, last) = self.bounds();
            let mut seq = if after_seq > last { 0 } else { after_seq };
            seq = seq.max(first.saturating_sub(1));
            loop {
                changed.borrow_and_update();
                for event in self.next_batch(seq)? {
                    seq = event.seq;
                    yield event;
                }
                if seq < self.last_seq() {
                    continue;
                }
                if changed.changed().await.is_err() {
                    return;
                }
            }
        }
    }

    fn bounds(&self) -> (u64, u64) {
        let journal = self.lock();
        (journal.first_seq(), journal.last_seq())
    }

    /// Fails when the next event has gone already: the follower was too slow.
    fn next_batch(&self, seq: u64) -> Result<Vec<Event>, Failure> {
        let journal = self.lock();
        if seq + 1 < journal.first_seq() {
            let message = "events were missed because the reader was too slow";
            return Err(Failure::new(FailureClass::Unavailable, "events", message)
                .hint("list the containers and follow the events anew"));
        }
        Ok(journal.after(seq, BATCH))
    }

    fn lock(&self) -> MutexGuard<'_, Journal> {
        // No code panics while it holds the lock, and a journal is whole between any two statements.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Events survive the agent at once; this makes them survive a power cut, without anyone waiting for the disk.
async fn bring_to_disk(events: Arc<Events>) {
    let mut changed = events.last_seq.subscribe();
    while changed.changed().await.is_ok() {
        let file = events.lock().sync_handle();
        let synced = tokio::task::spawn_blocking(move || file.and_then(|file| file.sync_data()));
        if let Ok(Err(error)) = synced.await {
            report::error(
                "events",
                format_args!("cannot bring the journal to disk: {error}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio_stream::StreamExt;

    use super::*;

    fn id() -> Id {
        Id::parse(&"ab".repeat(32)).unwrap()
    }

    async fn seqs(events: &Arc<Events>, after: u64, count: usize) -> Vec<u64> {
        let stream = Arc::clone(events).follow(after).take(count);
        stream.map(|event| event.unwrap().seq).collect().await
    }

    #[tokio::test]
    async fn a_follower_sees_each_event_once_and_waits_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let events = Events::open(&folder.path().join("events")).unwrap();
        for _ in 0..200 {
            events.append(&id(), EventKind::Oom);
        }
        let follower = tokio::spawn({
            let events = Arc::clone(&events);
            async move { seqs(&events, 150, 52).await }
        });
        tokio::task::yield_now().await;
        events.append(&id(), EventKind::Oom);
        events.append(&id(), EventKind::Oom);
        assert_eq!(follower.await.unwrap(), (151..=202).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn numbers_of_a_lost_journal_begin_anew() {
        let folder = tempfile::tempdir().unwrap();
        let events = Events::open(&folder.path().join("events")).unwrap();
        events.append(&id(), EventKind::Oom);
        assert_eq!(seqs(&events, 5_000, 1).await, [1]);
    }
}
