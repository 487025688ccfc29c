//! Reads, hashes, decompresses, hashes again and consumes a layer, each on a thread of its own.
//!
//! ```text
//! source -> [read + sha256] -> [decompress] -> [sha256]
//!                                          \-> [consume: the tar reader]
//! ```
//!
//! The channels between are bounded, so a slow disk slows the download and memory stays flat.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread::{Builder, Scope, ScopedJoinHandle};

use sha2::{Digest as _, Sha256};

use super::block::{BlockReader, Message, Pool, channel};
use super::compression::{Compression, Decoder};
use super::feed::{LayerSource, Stop};
use super::tar_limit::TarLimit;
use crate::cancel::Cancel;
use crate::digest::Digest;
use crate::error::{Result, SnapshotError};

const COMPRESSED_BLOCKS: usize = 8;
const TAR_BLOCKS: usize = 16;
/// Compressed bytes between two words of progress after the first: each is a message to another process.
const PROGRESS_STEP: u64 = 512 << 10;

/// What to run through the pipeline.
pub(crate) struct Job<'a> {
    pub(crate) media_type: &'a str,
    pub(crate) compression: Compression,
    /// Bytes of the compressed layer.
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    pub(crate) diff_id: Digest,
    /// Bytes that may come out of the decompression.
    pub(crate) tar_limit: TarLimit,
    pub(crate) cancel: &'a Cancel,
    /// Told how many compressed bytes are hashed and decompressed.
    pub(crate) progress: &'a (dyn Fn(u64) + Sync),
}

/// The result of a consumer whose input has matched its size, digest and DiffID.
#[derive(Debug)]
pub(crate) struct Verified<T>(pub(crate) T);

struct Hashed {
    size: u64,
    digest: Digest,
}

/// Runs `source` through to `consume`, on a thread of its own as well, and verifies all of it.
pub(crate) fn run<T: Send>(
    source: LayerSource,
    job: &Job<'_>,
    consume: impl FnOnce(BlockReader) -> Result<T> + Send,
) -> Result<Verified<T>> {
    source.wakes_on(job.cancel);
    let stop = source.stopper();
    let pool = Arc::new(Pool::default());
    let (compressed_tx, compressed_rx) = channel(COMPRESSED_BLOCKS);
    let (tar_tx, tar_rx) = channel(TAR_BLOCKS);
    let (hash_tx, hash_rx) = channel(TAR_BLOCKS);
    std::thread::scope(|scope| {
        let read = spawn(scope, "layer-read", || {
            read(source, job, &pool, compressed_tx)
        })?;
        let inflate = spawn(scope, "layer-inflate", || {
            let done = decompress(compressed_rx, job, &pool, &[tar_tx, hash_tx]);
            stop_unless_damaged(done, &stop)
        })?;
        let hash = spawn(scope, "layer-hash", || hash(hash_rx))?;
        let consumed = spawn(scope, "layer-unpack", || {
            stop_unless_damaged(consume(BlockReader::new(tar_rx)), &stop)
        })?;
        let consumed = join(consumed);
        let stages = Stages {
            read: join(read),
            inflate: join(inflate),
            hash: join(hash),
            consumed,
        };
        stages.verify(job)
    })
}

struct Stages<T> {
    read: Result<Hashed>,
    inflate: Result<()>,
    hash: Result<Digest>,
    consumed: Result<T>,
}

impl<T> Stages<T> {
    /// The first cause comes first: damaged bytes explain a broken stream, not the other way round.
    fn verify(self, job: &Job<'_>) -> Result<Verified<T>> {
        job.cancel.check()?;
        let read = match self.read {
            Ok(hashed) => Some(hashed),
            Err(SnapshotError::Stopped) => None,
            Err(error) => return Err(error),
        };
        if let Some(read) = &read {
            check_size(read.size, job.size)?;
            if read.digest != job.digest {
                return Err(SnapshotError::Digest {
                    expected: job.digest,
                    actual: read.digest,
                });
            }
        }
        if let Err(error) = self.inflate
            && !matches!(error, SnapshotError::Stopped)
        {
            return Err(error);
        }
        let value = self.consumed?;
        let actual = self.hash?;
        if actual != job.diff_id {
            return Err(SnapshotError::DiffId {
                expected: job.diff_id,
                actual,
            });
        }
        // Every stage behind it has ended well, so it has read all.
        read.map(|_| Verified(value)).ok_or(SnapshotError::Stopped)
    }
}

fn check_size(actual: u64, expected: u64) -> Result<()> {
    match actual == expected {
        true => Ok(()),
        false => Err(SnapshotError::Size { expected, actual }),
    }
}

/// After a refusal nothing more is read. Damage is different: the rest is read on to tell by the digest
/// whether the layer was damaged on its way or made so.
fn stop_unless_damaged<T>(done: Result<T>, stop: &Stop) -> Result<T> {
    use SnapshotError::{Archive, Compression, MediaType, Stopped};
    if let Err(error) = &done
        && !matches!(
            error,
            Archive { .. } | Compression { .. } | MediaType { .. } | Stopped
        )
    {
        stop.stop();
    }
    done
}

fn read(
    mut source: LayerSource,
    job: &Job<'_>,
    pool: &Arc<Pool>,
    out: SyncSender<Message>,
) -> Result<Hashed> {
    let mut hasher = Sha256::new();
    let mut size = 0u64;
    let mut out = Some(out);
    loop {
        let mut block = pool.take();
        let mut failed = None;
        let filled = block.fill(|buffer| {
            source.read(buffer, job.cancel).map_err(|error| {
                failed = Some(error);
                io::ErrorKind::Other.into()
            })
        });
        if filled.is_err() {
            return Err(failed.unwrap_or(SnapshotError::Stopped));
        }
        if block.is_empty() {
            break;
        }
        hasher.update(&*block);
        size += block.len() as u64;
        if size > job.size {
            return Err(SnapshotError::Size {
                expected: job.size,
                actual: size,
            });
        }
        // Nobody takes it: hashing goes on, see `stop_unless_damaged`.
        out = out.filter(|out| out.send(Message::Block(Arc::new(block))).is_ok());
    }
    // Whoever decompresses must not end well on fewer bytes than were promised.
    check_size(size, job.size)?;
    if let Some(out) = out {
        let _ = out.send(Message::End);
    }
    Ok(Hashed {
        size,
        digest: Digest::finish(hasher),
    })
}

fn decompress(
    input: Receiver<Message>,
    job: &Job<'_>,
    pool: &Arc<Pool>,
    out: &[SyncSender<Message>; 2],
) -> Result<()> {
    let mut input = BlockReader::new(input);
    let begin = io::BufRead::fill_buf(&mut input).map_err(stage_error)?;
    job.compression.check_magic(begin, job.media_type)?;
    let mut decoder = Decoder::new(job.compression, input).map_err(stage_error)?;
    let (mut produced, mut told) = (0u64, 0u64);
    loop {
        job.cancel.check()?;
        let mut block = pool.take();
        block
            .fill(|buffer| decoder.read(buffer))
            .map_err(stage_error)?;
        let consumed = decoder.input().consumed;
        if block.is_empty() || told == 0 || consumed - told >= PROGRESS_STEP {
            told = consumed;
            (job.progress)(told);
        }
        if block.is_empty() {
            return send_all(out, || Message::End);
        }
        produced += block.len() as u64;
        job.tar_limit.check(produced)?;
        let block = Arc::new(block);
        send_all(out, || Message::Block(block.clone()))?;
    }
}

fn send_all(out: &[SyncSender<Message>], message: impl Fn() -> Message) -> Result<()> {
    for sender in out {
        sender.send(message()).map_err(|_| SnapshotError::Stopped)?;
    }
    Ok(())
}

fn hash(input: Receiver<Message>) -> Result<Digest> {
    let mut hasher = Sha256::new();
    loop {
        match input.recv() {
            Ok(Message::Block(block)) => hasher.update(&**block as &[u8]),
            Ok(Message::End) => return Ok(Digest::finish(hasher)),
            Err(_) => return Err(SnapshotError::Stopped),
        }
    }
}

/// What a failed read means: the stage before has failed, or the compressed data is damaged.
pub(crate) fn stage_error(error: io::Error) -> SnapshotError {
    match error.kind() {
        io::ErrorKind::BrokenPipe => SnapshotError::Stopped,
        io::ErrorKind::UnexpectedEof => SnapshotError::Compression {
            reason: "it ends early".to_owned(),
        },
        _ => SnapshotError::Compression {
            reason: error.to_string(),
        },
    }
}

fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    stage: impl FnOnce() -> Result<T> + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, Result<T>>> {
    Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, stage)
        .map_err(SnapshotError::io("thread", name))
}

/// A stage that panicked has a bug; it panics here again.
fn join<T>(stage: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    stage
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
