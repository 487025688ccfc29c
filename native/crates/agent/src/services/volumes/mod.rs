//! `longshore.agent.v1.Volumes`.

mod requests;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use longshore_files::{FilesError, Layers, View};
use longshore_protocol::v1;
use longshore_protocol::v1::import_volume_request::What;
use longshore_runtime::Failure;
use longshore_snapshots::{ChainId, SnapshotStore};
use longshore_volumes::{Removal, Result as VolumeResult, VolumeError, VolumeStore};
use tonic::{Request, Response, Status, Streaming};

use super::files::archives::{Answers, answers, data};
use super::files::incoming::bring;
use crate::failure::{interrupted, invalid, of_files, of_snapshots, of_volumes, status};
use crate::pieces::channel;
use requests::{purge, spec, stored, trash_id, trashed, volume_name, wire_spec};

/// Pieces of an archive ahead of the disk.
const UNWRITTEN: usize = 4;

pub(crate) struct VolumesService {
    store: Arc<VolumeStore>,
    snapshots: Arc<SnapshotStore>,
}

/// Whether whoever asked has gone.
#[derive(Clone, Default)]
struct Gone(Arc<AtomicBool>);

/// Held by whoever asks.
struct Asking(Gone);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::SeqCst);
    }
}

impl VolumesService {
    pub(crate) fn new(store: Arc<VolumeStore>, snapshots: Arc<SnapshotStore>) -> Self {
        VolumesService { store, snapshots }
    }

    /// Does `work` in a thread where it may wait. It is told when nobody waits for it any more.
    async fn work<T, W>(&self, work: W) -> Result<T, Status>
    where
        T: Send + 'static,
        W: FnOnce(&VolumeStore, &dyn Fn() -> bool) -> VolumeResult<T> + Send + 'static,
    {
        let work = move |store: &VolumeStore, is_gone: &dyn Fn() -> bool| {
            work(store, is_gone).map_err(|error| of_volumes(&error))
        };
        self.work_or_fail(work).await
    }

    async fn work_or_fail<T, W>(&self, work: W) -> Result<T, Status>
    where
        T: Send + 'static,
        W: FnOnce(&VolumeStore, &dyn Fn() -> bool) -> Result<T, Failure> + Send + 'static,
    {
        let gone = Gone::default();
        let _asking = Asking(gone.clone());
        let store = Arc::clone(&self.store);
        let working =
            tokio::task::spawn_blocking(move || work(&store, &|| gone.0.load(Ordering::SeqCst)));
        let worked = working.await.map_err(|_| interrupted("volume"));
        worked
            .and_then(|worked| worked)
            .map_err(|failure| status(&failure))
    }

    async fn import_from(
        &self,
        mut inputs: Streaming<v1::ImportVolumeRequest>,
    ) -> Result<(), Status> {
        let Some(What::Begin(begin)) = inputs.message().await?.and_then(|input| input.what) else {
            let failure = invalid("import", "the first input is not `begin`");
            return Err(status(&failure));
        };
        let spec = spec(begin.spec)?;
        let replaced = match begin.trash_id.as_str() {
            "" => None,
            id => Some(trash_id(id)?),
        };
        let (sender, pieces) = channel(UNWRITTEN);
        let import = self.work(move |store, _| store.import(&spec, replaced.as_ref(), pieces));
        let data = |input: v1::ImportVolumeRequest| match input.what {
            Some(What::Data(bytes)) => Some(bytes),
            _ => None,
        };
        // With this call the bringing ends, and with that the import.
        let (imported, ()) = tokio::join!(import, bring(&mut inputs, data, sender));
        imported
    }
}

#[tonic::async_trait]
impl v1::volumes_server::Volumes for VolumesService {
    type ExportStream = Answers<v1::ArchiveData>;
    type UsageStream = Answers<v1::VolumeUsage>;

    async fn create(
        &self,
        request: Request<v1::CreateVolumeRequest>,
    ) -> Result<Response<v1::CreateVolumeResponse>, Status> {
        let spec = spec(request.into_inner().spec)?;
        let created = self.work(move |store, _| store.create(&spec)).await?;
        Ok(Response::new(v1::CreateVolumeResponse { created }))
    }

    async fn list(
        &self,
        _request: Request<v1::ListVolumesRequest>,
    ) -> Result<Response<v1::ListVolumesResponse>, Status> {
        let found = self.work(|store, _| store.list()).await?;
        let volumes = found.into_iter().map(stored).collect();
        Ok(Response::new(v1::ListVolumesResponse { volumes }))
    }

    async fn remove(
        &self,
        request: Request<v1::RemoveVolumeRequest>,
    ) -> Result<Response<v1::RemoveVolumeResponse>, Status> {
        let request = request.into_inner();
        let name = volume_name(&request.name)?;
        let removal = match request.trash_id.as_str() {
            "" => Removal::ForGood,
            id => Removal::Trash(trash_id(id)?),
        };
        let removed = self.work(move |store, _| store.remove(&name, &removal));
        let freed_bytes = removed.await?;
        Ok(Response::new(v1::RemoveVolumeResponse { freed_bytes }))
    }

    async fn copy_up(
        &self,
        request: Request<v1::CopyUpRequest>,
    ) -> Result<Response<v1::CopyUpResponse>, Status> {
        let request = request.into_inner();
        let name = volume_name(&request.name)?;
        let snapshots = Arc::clone(&self.snapshots);
        let copied = self.work_or_fail(move |store, is_gone| {
            let chain_ids = requests::chain_ids(&request.chain_ids)?;
            let pin = snapshots.pin(&chain_ids);
            let _pin = pin.map_err(|error| of_snapshots(&error))?;
            let image = image(&snapshots, &chain_ids, store)?;
            let folder = longshore_files::folder_at(&image, request.path.as_bytes());
            let Some(folder) = folder.map_err(|error| of_files(&error))? else {
                return Ok(false);
            };
            let copied = store.copy_up(&name, folder.root(), is_gone);
            copied.map_err(|error| of_volumes(&error))
        });
        let copied = copied.await?;
        Ok(Response::new(v1::CopyUpResponse { copied }))
    }

    async fn clone(
        &self,
        request: Request<v1::CloneVolumeRequest>,
    ) -> Result<Response<v1::CloneVolumeResponse>, Status> {
        let request = request.into_inner();
        let (source, spec) = (volume_name(&request.source)?, spec(request.spec)?);
        self.work(move |store, is_gone| store.clone_volume(&source, &spec, is_gone))
            .await?;
        Ok(Response::new(v1::CloneVolumeResponse {}))
    }

    async fn empty(
        &self,
        request: Request<v1::EmptyVolumeRequest>,
    ) -> Result<Response<v1::EmptyVolumeResponse>, Status> {
        let request = request.into_inner();
        let (name, id) = (volume_name(&request.name)?, trash_id(&request.trash_id)?);
        let trashed = self.work(move |store, _| store.empty(&name, &id)).await?;
        Ok(Response::new(v1::EmptyVolumeResponse { trashed }))
    }

    async fn import(
        &self,
        request: Request<Streaming<v1::ImportVolumeRequest>>,
    ) -> Result<Response<v1::ImportVolumeResponse>, Status> {
        self.import_from(request.into_inner()).await?;
        Ok(Response::new(v1::ImportVolumeResponse {}))
    }

    async fn export(
        &self,
        request: Request<v1::ExportVolumeRequest>,
    ) -> Result<Response<Self::ExportStream>, Status> {
        let name = volume_name(&request.into_inner().name)?;
        let store = Arc::clone(&self.store);
        Ok(Response::new(answers(move |sender| async move {
            let mut output = data(sender);
            let export = move || {
                let output: &mut dyn Write = &mut output;
                store.export(&name, output)
            };
            let exported = tokio::task::spawn_blocking(export).await;
            let exported = exported.map_err(|_| interrupted("volume"))?;
            exported.map_err(|error| of_volumes(&error))
        })))
    }

    async fn usage(
        &self,
        request: Request<v1::VolumeUsageRequest>,
    ) -> Result<Response<Self::UsageStream>, Status> {
        let names = request.into_inner().names;
        let names = names.iter().map(|name| volume_name(name));
        let names = names.collect::<Result<Vec<_>, _>>()?;
        let store = Arc::clone(&self.store);
        Ok(Response::new(answers(move |sender| async move {
            let measure = move || {
                let names = match names.is_empty() {
                    true => store.list()?.into_iter().map(|it| it.spec.name).collect(),
                    false => names,
                };
                for name in names {
                    let usage = match store.usage(&name, &|| sender.is_closed()) {
                        Ok(usage) => usage,
                        // Removed meanwhile.
                        Err(VolumeError::Unknown { .. }) => continue,
                        Err(error) => return Err(error),
                    };
                    let answer = v1::VolumeUsage {
                        name: name.to_string(),
                        size_bytes: usage.bytes,
                        files: usage.files,
                    };
                    let sent = sender.blocking_send(Ok(answer));
                    sent.map_err(|_| FilesError::CutOff)?;
                }
                Ok(())
            };
            let measured = tokio::task::spawn_blocking(measure).await;
            let measured = measured.map_err(|_| interrupted("volume"))?;
            measured.map_err(|error| of_volumes(&error))
        })))
    }

    async fn trash(
        &self,
        _request: Request<v1::ListTrashRequest>,
    ) -> Result<Response<v1::ListTrashResponse>, Status> {
        let found = self.work(|store, _| store.trashed()).await?;
        let volumes = found.into_iter().map(trashed).collect();
        Ok(Response::new(v1::ListTrashResponse { volumes }))
    }

    async fn restore(
        &self,
        request: Request<v1::RestoreVolumeRequest>,
    ) -> Result<Response<v1::RestoreVolumeResponse>, Status> {
        let request = request.into_inner();
        let id = trash_id(&request.trash_id)?;
        let name = match request.name.as_str() {
            "" => None,
            name => Some(volume_name(name)?),
        };
        let restored = self.work(move |store, _| store.restore(&id, name.as_ref()));
        let spec = Some(wire_spec(restored.await?));
        Ok(Response::new(v1::RestoreVolumeResponse { spec }))
    }

    async fn purge(
        &self,
        request: Request<v1::PurgeTrashRequest>,
    ) -> Result<Response<v1::PurgeTrashResponse>, Status> {
        let purge = purge(request.into_inner())?;
        let purged = self.work(move |store, _| store.purge(&purge)).await?;
        Ok(Response::new(v1::PurgeTrashResponse {
            trash_ids: purged.ids.iter().map(ToString::to_string).collect(),
            freed_bytes: purged.freed_bytes,
        }))
    }
}

/// The root of an image, for reading.
fn image(
    snapshots: &SnapshotStore,
    chain_ids: &[ChainId],
    store: &VolumeStore,
) -> Result<View, Failure> {
    let path = |chain_id: &ChainId| snapshots.layer_path(chain_id);
    let layers = Layers {
        image: chain_ids.iter().filter_map(path).collect(),
        upper: Default::default(),
        work: Default::default(),
    };
    View::image(&layers, &store.empty_folder()).map_err(|error| of_files(&error))
}
