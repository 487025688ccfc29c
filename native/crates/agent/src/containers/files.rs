//! Which files a container has now, and who may look at them or change them.
//!
//! Work on files waits for disks, and for whatever a container has mounted. It has threads of its own, only so many
//! for each container.

mod committing;
mod sources;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;

use longshore_files::{FilesError, Layers};
use longshore_runtime::store::{ContainerDirectory, PreparedRecord};
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_snapshots::{ChainId, LayerPin};
use tokio::sync::OwnedSemaphorePermit;

use super::Containers;
use super::container::{Layers as PinnedLayers, RunState};
use crate::failure::{self, interrupted, of_files, of_snapshots};
pub(crate) use committing::LayerOrder;
pub(crate) use sources::Sources;
pub(crate) use writing::Incoming;

/// Whose files are meant.
#[derive(Clone)]
pub(crate) struct FilesOf {
    pub(crate) id: Id,
    /// Of a container that has not run yet: what its root will be made of.
    pub(crate) rootfs: Option<FutureRoot>,
}

#[derive(Clone)]
pub(crate) struct FutureRoot {
    pub(crate) chain_ids: Vec<ChainId>,
    pub(crate) read_only: bool,
}

/// What a container is made of on disk.
struct OnDisk {
    layers: Layers,
    /// `None`: nothing has been written yet.
    directory: Option<ContainerDirectory>,
    read_only: bool,
    pin: Option<LayerPin>,
}

impl Containers {
    /// Does `work` on the container's files in a thread where it may wait. The work ends by itself when nobody takes its
    /// results any more.
    pub(crate) async fn look<T, W>(self: &Arc<Self>, of: &FilesOf, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Sources) -> Result<T, FilesError> + Send + 'static,
    {
        let permit = self.inspection(&of.id)?;
        let (containers, of) = (Arc::clone(self), of.clone());
        let looking = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let sources = containers.sources(&of)?;
            work(&sources).map_err(|error| of_files(&error))
        });
        looking.await.map_err(|_| interrupted("files"))?
    }

    fn inspection(&self, id: &Id) -> Result<Option<OwnedSemaphorePermit>, Failure> {
        match self.get(id) {
            Ok(container) => {
                let permit = Arc::clone(&container.inspecting).try_acquire_owned();
                permit.map(Some).map_err(|_| failure::too_busy(id))
            }
            // It has no mounts yet that could keep anybody waiting.
            Err(_) => Ok(None),
        }
    }

    fn sources(&self, of: &FilesOf) -> Result<Sources, Failure> {
        let running = match self.get(&of.id).map(|container| container.state()) {
            Ok(RunState::Running(running)) => Some(running),
            _ => None,
        };
        let on_disk = self.on_disk(of)?;
        Ok(Sources {
            running,
            layers: on_disk.layers,
            has_upper: on_disk.directory.is_some(),
            empty: self.empty_folder(&of.id)?,
            _pin: on_disk.pin,
        })
    }

    fn on_disk(&self, of: &FilesOf) -> Result<OnDisk, Failure> {
        let failed = |error| Failure::io("store", &of.id, &error);
        if self.get(&of.id).is_ok()
            && let Some(directory) = self.store.open_directory(&of.id).map_err(failed)?
        {
            let (names, read_only) = match directory.bundle().map_err(failed)? {
                Some(bundle) => (bundle.order.chain_ids, bundle.order.rootfs_read_only),
                None => match directory.prepared().map_err(failed)? {
                    Some(record) => (record.chain_ids, record.rootfs_read_only),
                    None => Default::default(),
                },
            };
            let chain_ids: Vec<ChainId> = names.iter().filter_map(|it| it.parse().ok()).collect();
            return self.layers_of(chain_ids, read_only, Some(directory));
        }
        match &of.rootfs {
            Some(rootfs) => self.layers_of(rootfs.chain_ids.clone(), rootfs.read_only, None),
            None => Err(failure::unknown_container(&of.id)),
        }
    }

    fn layers_of(
        &self,
        chain_ids: Vec<ChainId>,
        read_only: bool,
        directory: Option<ContainerDirectory>,
    ) -> Result<OnDisk, Failure> {
        if chain_ids.is_empty() {
            let message = "the container's image is not known";
            return Err(Failure::new(
                FailureClass::FailedPrecondition,
                "rootfs",
                message,
            ));
        }
        let pin = self.snapshots.pin(&chain_ids);
        let pin = pin.map_err(|error| of_snapshots(&error))?;
        let path = |chain_id: &ChainId| self.snapshots.layer_path(chain_id);
        let folder = |of: fn(&ContainerDirectory) -> PathBuf| directory.as_ref().map(of);
        Ok(OnDisk {
            layers: Layers {
                image: chain_ids.iter().filter_map(path).collect(),
                upper: folder(ContainerDirectory::upper).unwrap_or_default(),
                work: folder(ContainerDirectory::work).unwrap_or_default(),
            },
            directory,
            read_only,
            pin: Some(pin),
        })
    }

    fn empty_folder(&self, id: &Id) -> Result<PathBuf, Failure> {
        let empty = self.store.empty_folder();
        empty.map_err(|error| Failure::io("store", id, &error))
    }

    /// A container that has files before its first run. Its layers stay, and so does it when the agent starts again.
    fn prepare(&self, of: &FilesOf) -> Result<(), Failure> {
        let Some(rootfs) = &of.rootfs else {
            return Err(failure::unknown_container(&of.id));
        };
        let failed = |error| Failure::io("store", &of.id, &error);
        let pin = self.snapshots.pin(&rootfs.chain_ids);
        let pin = pin.map_err(|error| of_snapshots(&error))?;
        let (directory, _) = self.store.create(&of.id).map_err(failed)?;
        let record = PreparedRecord {
            chain_ids: rootfs.chain_ids.iter().map(ChainId::to_string).collect(),
            rootfs_read_only: rootfs.read_only,
        };
        directory.write_prepared(&record).map_err(failed)?;
        self.get_or_add(&of.id).set_layers(PinnedLayers {
            chain_ids: rootfs.chain_ids.clone(),
            _pin: Some(pin),
        });
        Ok(())
    }

    pub(super) fn is_prepared(&self, id: &Id) -> bool {
        let directory = self.store.open_directory(id).ok().flatten();
        directory.is_some_and(|it| matches!(it.prepared(), Ok(Some(_))))
    }

    /// A start that never came to a process, and nobody was told of it; or a container that has only files so far.
    pub(super) fn recover_unrun(self: &Arc<Self>, id: &Id, directory: &ContainerDirectory) {
        let Ok(Some(record)) = directory.prepared() else {
            self.discard(id);
            return;
        };
        let chain_ids = record.chain_ids.iter().filter_map(|it| it.parse().ok());
        let chain_ids: Vec<ChainId> = chain_ids.collect();
        let pin = self.snapshots.pin(&chain_ids).ok();
        self.get_or_add(id).set_layers(PinnedLayers {
            chain_ids,
            _pin: pin,
        });
    }
}
