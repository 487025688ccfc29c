//! Archives on their way to a caller, no further ahead of it than a few pieces.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;

use longshore_files::{FilesError, SourcePath, read_archive};
use longshore_protocol::v1;
use longshore_protocol::v1::read_archive_response::What;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use super::path_stat;
use crate::containers::{Containers, FilesOf, Sources};
use crate::failure::status;

/// One message.
const PIECE: usize = 256 * 1024;
/// Messages that the caller has not taken yet.
const UNREAD: usize = 4;

pub(super) type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send + 'static>>;

pub(super) fn read(
    containers: &Arc<Containers>,
    of: FilesOf,
    path: String,
) -> Answers<v1::ReadArchiveResponse> {
    answers(containers, of, move |sources, sender| {
        let view = sources.root()?;
        let source = SourcePath::find(&view, path.as_bytes())?;
        let stat = What::Stat(path_stat(source.stat()));
        let piece = |what| v1::ReadArchiveResponse { what: Some(what) };
        if sender.blocking_send(Ok(piece(stat))).is_err() {
            return Err(FilesError::CutOff);
        }
        read_archive(&source, Pieces::new(sender, |data| piece(What::Data(data))))
    })
}

/// The bytes that `write` writes.
pub(super) fn stream<W>(
    containers: &Arc<Containers>,
    of: FilesOf,
    write: W,
) -> Answers<v1::ArchiveData>
where
    W: FnOnce(&Sources, &mut dyn Write) -> Result<(), FilesError> + Send + 'static,
{
    answers(containers, of, move |sources, sender| {
        let mut output = Pieces::new(sender, |data| v1::ArchiveData { data });
        write(sources, &mut output)
    })
}

type Sender<T> = mpsc::Sender<Result<T, Status>>;

/// When the caller goes, the next piece finds nobody and ends the work.
fn answers<T, W>(containers: &Arc<Containers>, of: FilesOf, work: W) -> Answers<T>
where
    T: Send + 'static,
    W: FnOnce(&Sources, Sender<T>) -> Result<(), FilesError> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(UNREAD);
    let last = sender.clone();
    let containers = Arc::clone(containers);
    tokio::spawn(async move {
        let done = containers.look(&of, move |sources| work(sources, sender));
        if let Err(failure) = done.await {
            // Nobody is left to hear it when the call is gone.
            let _ = last.send(Err(status(&failure))).await;
        }
    });
    let pieces = async_stream::stream! {
        while let Some(piece) = receiver.recv().await {
            yield piece;
        }
    };
    Box::pin(pieces.fuse())
}

/// Gathers what is written into messages.
struct Pieces<T, F> {
    sender: Sender<T>,
    message: F,
    gathered: Vec<u8>,
}

impl<T, F: Fn(Vec<u8>) -> T> Pieces<T, F> {
    fn new(sender: Sender<T>, message: F) -> Self {
        Pieces {
            sender,
            message,
            gathered: Vec::with_capacity(PIECE),
        }
    }
}

impl<T, F: Fn(Vec<u8>) -> T> Write for Pieces<T, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gathered.len() >= PIECE {
            self.flush()?;
        }
        let count = bytes.len().min(PIECE - self.gathered.len());
        self.gathered.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::replace(&mut self.gathered, Vec::with_capacity(PIECE));
        let sent = self.sender.blocking_send(Ok((self.message)(bytes)));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
