use std::io::{self, BufRead, Read};
use std::sync::Arc;

use longshore_files::{FilesError, View, WriteOptions, write_archive};
use longshore_runtime::Failure;
use tokio::sync::mpsc;

use super::{FilesOf, OnDisk};
use crate::containers::Containers;
use crate::containers::container::{Container, RunState, Running};
use crate::failure::{interrupted, of_files};

/// An archive to unpack, and where.
pub(crate) struct Incoming {
    pub(crate) path: String,
    pub(crate) no_overwrite_dir_non_dir: bool,
    /// Whose everything becomes; as in an image config. `None`: as the archive says.
    pub(crate) owner: Option<String>,
    /// Ends after the last piece; an error when the archive is cut off.
    pub(crate) pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
}

impl Containers {
    /// Unpacks the archive into the container, running or not. One that does not run cannot start or be deleted
    /// meanwhile.
    pub(crate) async fn write_files(
        self: &Arc<Self>,
        of: FilesOf,
        incoming: Incoming,
    ) -> Result<(), Failure> {
        let permit = self.inspection(&of.id)?;
        let containers = Arc::clone(self);
        let writing = tokio::spawn(async move {
            let _permit = permit;
            if of.rootfs.is_none() {
                containers.get(&of.id)?;
            }
            let container = containers.get_or_add(&of.id);
            let written = containers.write_to(&container, of, incoming).await;
            // One that was only named by this call.
            containers.forget_if_new(&container);
            written
        });
        writing.await.map_err(|_| interrupted("files"))?
    }

    async fn write_to(
        self: &Arc<Self>,
        container: &Arc<Container>,
        of: FilesOf,
        incoming: Incoming,
    ) -> Result<(), Failure> {
        if let RunState::Running(running) = container.state() {
            return write_running(running, incoming).await;
        }
        let _operation = container.operation.lock().await;
        if let RunState::Running(running) = container.state() {
            return write_running(running, incoming).await;
        }
        let _unmounted = container.mounted.lock().await;
        let containers = Arc::clone(self);
        let writing = tokio::task::spawn_blocking(move || {
            if containers.on_disk(&of)?.directory.is_none() {
                containers.prepare(&of)?;
            }
            write_stopped(&containers.on_disk(&of)?, incoming)
        });
        writing.await.map_err(|_| interrupted("files"))?
    }
}

async fn write_running(running: Arc<Running>, incoming: Incoming) -> Result<(), Failure> {
    let writing = tokio::task::spawn_blocking(move || {
        let view = View::of_process(running.pid, &running.init);
        write(&view.map_err(|error| of_files(&error))?, incoming)
    });
    writing.await.map_err(|_| interrupted("files"))?
}

fn write_stopped(on_disk: &OnDisk, incoming: Incoming) -> Result<(), Failure> {
    if on_disk.read_only {
        let path = incoming.path;
        return Err(of_files(&FilesError::ReadOnly { path }));
    }
    let view = View::writable(&on_disk.layers);
    write(&view.map_err(|error| of_files(&error))?, incoming)
}

fn write(view: &View, incoming: Incoming) -> Result<(), Failure> {
    let owner = incoming.owner.as_deref();
    let owner = owner.map(|user| longshore_isolation::owner_of(view.root(), user));
    let options = WriteOptions {
        no_overwrite_dir_non_dir: incoming.no_overwrite_dir_non_dir,
        owner: owner.transpose()?,
    };
    let pieces = Pieces {
        receiver: incoming.pieces,
        current: Vec::new(),
        position: 0,
    };
    let written = write_archive(view, incoming.path.as_bytes(), &options, pieces);
    written.map_err(|error| of_files(&error))
}

/// The archive as it comes.
struct Pieces {
    receiver: mpsc::Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    position: usize,
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.position == self.current.len() {
            self.position = 0;
            match self.receiver.blocking_recv() {
                Some(piece) => self.current = piece?,
                None => {
                    self.current = Vec::new();
                    break;
                }
            }
        }
        Ok(&self.current[self.position..])
    }

    fn consume(&mut self, count: usize) {
        self.position += count;
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}
