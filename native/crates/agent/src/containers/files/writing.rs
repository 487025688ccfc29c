use std::sync::Arc;

use longshore_files::{FilesError, View, WriteOptions, write_archive};
use longshore_runtime::Failure;

use super::{FilesOf, OnDisk};
use crate::containers::Containers;
use crate::containers::container::{Container, RunState, Running};
use crate::failure::{interrupted, of_files};
use crate::pieces::Pieces;

/// An archive to unpack, and where.
pub(crate) struct Incoming {
    pub(crate) path: String,
    pub(crate) no_overwrite_dir_non_dir: bool,
    /// Whose everything becomes; as in an image config. `None`: as the archive says.
    pub(crate) owner: Option<String>,
    pub(crate) pieces: Pieces,
}

impl Containers {
    /// Unpacks the archive into the container, running or not.
    pub(crate) async fn write_files(
        self: &Arc<Self>,
        of: FilesOf,
        incoming: Incoming,
    ) -> Result<(), Failure> {
        let path = incoming.path.clone();
        let change = move |view: &View| write(view, incoming);
        self.change_files(of, path, change).await
    }

    /// Changes the files of the container, running or not. One that does not run cannot start or be deleted meanwhile.
    /// `path` is what a refusal is about.
    pub(crate) async fn change_files<C>(
        self: &Arc<Self>,
        of: FilesOf,
        path: String,
        change: C,
    ) -> Result<(), Failure>
    where
        C: FnOnce(&View) -> Result<(), Failure> + Send + 'static,
    {
        let permit = self.inspection(&of.id)?;
        let containers = Arc::clone(self);
        let changing = tokio::spawn(async move {
            let _permit = permit;
            if of.rootfs.is_none() {
                containers.get(&of.id)?;
            }
            let container = containers.get_or_add(&of.id);
            let changed = containers.change_in(&container, of, path, change).await;
            // One that was only named by this call.
            containers.forget_if_new(&container);
            changed
        });
        changing.await.map_err(|_| interrupted("files"))?
    }

    async fn change_in<C>(
        self: &Arc<Self>,
        container: &Arc<Container>,
        of: FilesOf,
        path: String,
        change: C,
    ) -> Result<(), Failure>
    where
        C: FnOnce(&View) -> Result<(), Failure> + Send + 'static,
    {
        if let RunState::Running(running) = container.state() {
            return change_running(running, change).await;
        }
        let _operation = container.operation.lock().await;
        if let RunState::Running(running) = container.state() {
            return change_running(running, change).await;
        }
        let _unmounted = container.mounted.lock().await;
        let containers = Arc::clone(self);
        let changing = tokio::task::spawn_blocking(move || {
            if containers.on_disk(&of)?.directory.is_none() {
                containers.prepare(&of)?;
            }
            change_stopped(&containers.on_disk(&of)?, path, change)
        });
        changing.await.map_err(|_| interrupted("files"))?
    }
}

async fn change_running<C>(running: Arc<Running>, change: C) -> Result<(), Failure>
where
    C: FnOnce(&View) -> Result<(), Failure> + Send + 'static,
{
    let changing = tokio::task::spawn_blocking(move || {
        let view = View::of_process(running.pid, &running.init);
        change(&view.map_err(|error| of_files(&error))?)
    });
    changing.await.map_err(|_| interrupted("files"))?
}

fn change_stopped(
    on_disk: &OnDisk,
    path: String,
    change: impl FnOnce(&View) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if on_disk.read_only {
        return Err(of_files(&FilesError::ReadOnly { path }));
    }
    let view = View::writable(&on_disk.layers);
    change(&view.map_err(|error| of_files(&error))?)
}

fn write(view: &View, incoming: Incoming) -> Result<(), Failure> {
    let owner = incoming.owner.as_deref();
    let owner = owner.map(|user| longshore_isolation::owner_of(view.root(), user));
    let options = WriteOptions {
        no_overwrite_dir_non_dir: incoming.no_overwrite_dir_non_dir,
        owner: owner.transpose()?,
        with_root: false,
        no_devices: false,
    };
    let written = write_archive(view, incoming.path.as_bytes(), &options, incoming.pieces);
    written.map_err(|error| of_files(&error))
}
