//! Archives on their way to a caller, no further ahead of it than a few pieces.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;

use longshore_files::{FilesError, SourcePath, View, read_archive};
use longshore_protocol::v1;
use longshore_protocol::v1::read_archive_response::What;
use longshore_runtime::Failure;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use super::roots::{Roots, Whose};
use super::{BATCH, directory_entry, path_stat};
use crate::containers::{Containers, FilesOf, Sources};
use crate::failure::status;

/// One message.
const PIECE: usize = 256 * 1024;
/// Messages that the caller has not taken yet.
const UNREAD: usize = 4;

pub(in crate::services) type Answers<T> =
    Pin<Box<dyn Stream<Item = Result<T, Status>> + Send + 'static>>;

pub(super) fn read(roots: &Roots, whose: Whose, path: String) -> Answers<v1::ReadArchiveResponse> {
    let roots = roots.clone();
    let read = |view: &View, sender: Sender<v1::ReadArchiveResponse>, path: String| {
        let source = SourcePath::find(view, path.as_bytes())?;
        let stat = What::Stat(path_stat(source.stat()));
        let piece = |what| v1::ReadArchiveResponse { what: Some(what) };
        if sender.blocking_send(Ok(piece(stat))).is_err() {
            return Err(FilesError::CutOff);
        }
        read_archive(&source, Pieces::new(sender, |data| piece(What::Data(data))))
    };
    answers(move |sender| async move {
        roots
            .look(whose, move |view| read(view, sender, path))
            .await
    })
}

pub(super) fn list(roots: &Roots, whose: Whose, path: String) -> Answers<v1::DirectoryBatch> {
    let roots = roots.clone();
    let read = |view: &View, sender: Sender<v1::DirectoryBatch>, path: String| {
        let mut entries = Vec::new();
        let send = |entries: Vec<v1::DirectoryEntry>| {
            let sent = sender.blocking_send(Ok(v1::DirectoryBatch { entries }));
            sent.map_err(|_| FilesError::CutOff)
        };
        longshore_files::list(view, path.as_bytes(), |entry| {
            entries.push(directory_entry(&entry));
            match entries.len() {
                BATCH => send(std::mem::take(&mut entries)),
                _ => Ok(()),
            }
        })?;
        match entries.is_empty() {
            true => Ok(()),
            false => send(entries),
        }
    };
    answers(move |sender| async move {
        roots
            .look(whose, move |view| read(view, sender, path))
            .await
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
    let containers = Arc::clone(containers);
    answers(move |sender| async move {
        let write = move |sources: &Sources| write(sources, &mut data(sender));
        containers.look(&of, write).await
    })
}

/// What is written becomes messages.
pub(in crate::services) fn data(sender: Sender<v1::ArchiveData>) -> impl Write {
    Pieces::new(sender, |data| v1::ArchiveData { data })
}

pub(in crate::services) type Sender<T> = mpsc::Sender<Result<T, Status>>;

/// When the caller goes, the next piece finds nobody and ends the work.
pub(in crate::services) fn answers<T, W, F>(work: W) -> Answers<T>
where
    T: Send + 'static,
    W: FnOnce(Sender<T>) -> F,
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel(UNREAD);
    let last = sender.clone();
    let work = work(sender);
    tokio::spawn(async move {
        if let Err(failure) = work.await {
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
pub(in crate::services) struct Pieces<T, F> {
    sender: Sender<T>,
    message: F,
    gathered: Vec<u8>,
}

impl<T, F: Fn(Vec<u8>) -> T> Pieces<T, F> {
    pub(in crate::services) fn new(sender: Sender<T>, message: F) -> Self {
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
