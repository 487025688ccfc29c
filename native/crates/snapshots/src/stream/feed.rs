//! Where a layer's compressed bytes come from: a file that grows, or pieces that somebody pushes.

use std::collections::VecDeque;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use rustix::fs::{Mode, OFlags};

use crate::cancel::{Cancel, Wake, lock, wait};
use crate::error::{Result, SnapshotError};

/// Bytes that may be pushed ahead of the reader.
const MAX_QUEUED: usize = 4 << 20;

/// The side that knows how far the bytes have come. Dropping it before `complete` fails the reader.
pub struct Feed {
    shared: Arc<Shared>,
}

/// The side that reads. Dropping it makes every further push do nothing.
pub struct LayerSource {
    shared: Arc<Shared>,
    file: Option<File>,
    position: u64,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    available: u64,
    queue: VecDeque<Vec<u8>>,
    queued: usize,
    complete: bool,
    feed_gone: bool,
    reader_gone: bool,
}

impl Wake for Shared {
    fn wake(&self) {
        let _state = lock(&self.state);
        self.changed.notify_all();
    }
}

impl Shared {
    /// Waits until there is something to read, or the end of it.
    fn wait_until(
        &self,
        cancel: &Cancel,
        ready: impl Fn(&State) -> bool,
    ) -> Result<MutexGuard<'_, State>> {
        let mut state = lock(&self.state);
        loop {
            cancel.check()?;
            if state.reader_gone {
                return Err(SnapshotError::Stopped);
            }
            if ready(&state) || state.complete {
                return Ok(state);
            }
            if state.feed_gone {
                return Err(source_error("whoever brought them has gone"));
            }
            state = wait(&self.changed, state);
        }
    }
}

impl Feed {
    /// Reads from the file at `path`, which holds so many bytes as `available` has said.
    pub fn from_file(path: &Path) -> Result<(Self, LayerSource)> {
        let name = path.display().to_string();
        // NONBLOCK so that a FIFO cannot hold the opener; a file does not mind.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = rustix::fs::open(path, flags, Mode::empty())
            .map_err(SnapshotError::system("open", name.clone()))?;
        let file = File::from(file);
        let metadata = file
            .metadata()
            .map_err(SnapshotError::io("open", name.clone()))?;
        if !metadata.is_file() {
            return Err(SnapshotError::Source {
                reason: format!("{name} is not a file"),
            });
        }
        Ok(Self::new(Some(file)))
    }

    /// The bytes come through `push`.
    pub fn pushed() -> (Self, LayerSource) {
        Self::new(None)
    }

    fn new(file: Option<File>) -> (Self, LayerSource) {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        (
            Self {
                shared: shared.clone(),
            },
            LayerSource {
                shared,
                file,
                position: 0,
            },
        )
    }

    /// So many bytes of the file can be read by now. A smaller number than before says nothing new.
    pub fn available(&self, bytes: u64) {
        let mut state = lock(&self.shared.state);
        state.available = state.available.max(bytes);
        self.shared.changed.notify_all();
    }

    /// Hands over the next bytes; blocks while the reader is far behind.
    pub fn push(&self, bytes: Vec<u8>, cancel: &Cancel) -> Result<()> {
        cancel.wakes(&self.shared);
        let mut state = lock(&self.shared.state);
        while state.queued >= MAX_QUEUED && !state.reader_gone {
            cancel.check()?;
            state = wait(&self.shared.changed, state);
        }
        if !state.reader_gone && !bytes.is_empty() {
            state.queued += bytes.len();
            state.queue.push_back(bytes);
            self.shared.changed.notify_all();
        }
        Ok(())
    }

    /// Whether nobody reads any more, so that further bytes need not be brought.
    pub fn is_abandoned(&self) -> bool {
        lock(&self.shared.state).reader_gone
    }

    /// All bytes have been said or pushed.
    pub fn complete(&self) {
        lock(&self.shared.state).complete = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        lock(&self.shared.state).feed_gone = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for LayerSource {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.reader_gone = true;
        state.queue.clear();
        self.shared.changed.notify_all();
    }
}

/// Ends a source's reader from outside.
#[derive(Clone)]
pub(crate) struct Stop(Arc<Shared>);

impl Stop {
    pub(crate) fn stop(&self) {
        lock(&self.0.state).reader_gone = true;
        self.0.changed.notify_all();
    }
}

impl LayerSource {
    pub(crate) fn stopper(&self) -> Stop {
        Stop(self.shared.clone())
    }

    /// Waits for bytes and reads some; 0 at the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8], cancel: &Cancel) -> Result<usize> {
        match &self.file {
            Some(file) => {
                let count = read_file(file, self.position, &self.shared, buffer, cancel)?;
                self.position += count as u64;
                Ok(count)
            }
            None => self.read_pushed(buffer, cancel),
        }
    }

    pub(crate) fn wakes_on(&self, cancel: &Cancel) {
        cancel.wakes(&self.shared);
    }

    fn read_pushed(&mut self, buffer: &mut [u8], cancel: &Cancel) -> Result<usize> {
        let mut state = self
            .shared
            .wait_until(cancel, |state| !state.queue.is_empty())?;
        let Some(front) = state.queue.front_mut() else {
            return Ok(0);
        };
        let count = front.len().min(buffer.len());
        buffer[..count].copy_from_slice(&front[..count]);
        if count == front.len() {
            state.queue.pop_front();
        } else {
            front.drain(..count);
        }
        state.queued -= count;
        self.shared.changed.notify_all();
        Ok(count)
    }
}

fn read_file(
    file: &File,
    position: u64,
    shared: &Shared,
    buffer: &mut [u8],
    cancel: &Cancel,
) -> Result<usize> {
    let available = shared
        .wait_until(cancel, |state| state.available > position)?
        .available;
    let unread = available.saturating_sub(position);
    let count = usize::try_from(unread)
        .unwrap_or(usize::MAX)
        .min(buffer.len());
    if count == 0 {
        return Ok(0);
    }
    let read = file.read_at(&mut buffer[..count], position);
    match read.map_err(SnapshotError::io("read", "the shared file"))? {
        0 => Err(source_error("the shared file is shorter than was said")),
        read => Ok(read),
    }
}

fn source_error(reason: &str) -> SnapshotError {
    SnapshotError::Source {
        reason: reason.to_owned(),
    }
}
