//! `longshore.agent.v1.Snapshots`.

mod decompress;
mod unpack;

use std::pin::Pin;
use std::sync::Arc;

use longshore_protocol::v1;
use longshore_runtime::{Failure, FailureClass};
use longshore_snapshots::{ChainId, InUse, LayerRecord, SnapshotStore};
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use super::files::archives::Answers;
use crate::failure::{invalid, of_snapshots, status};

pub(crate) struct SnapshotsService {
    store: Arc<SnapshotStore>,
    containers: Arc<dyn InUse>,
}

impl SnapshotsService {
    /// `containers` says which layers must stay.
    pub(crate) fn new(store: Arc<SnapshotStore>, containers: Arc<dyn InUse>) -> Self {
        SnapshotsService { store, containers }
    }
}

#[tonic::async_trait]
impl v1::snapshots_server::Snapshots for SnapshotsService {
    type UnpackStream =
        Pin<Box<dyn Stream<Item = Result<v1::UnpackProgress, Status>> + Send + 'static>>;
    type DecompressStream = Answers<v1::DecompressedData>;

    async fn unpack(
        &self,
        request: Request<Streaming<v1::UnpackInput>>,
    ) -> Result<Response<Self::UnpackStream>, Status> {
        unpack::unpack(Arc::clone(&self.store), request.into_inner()).await
    }

    async fn list(
        &self,
        _request: Request<v1::ListSnapshotsRequest>,
    ) -> Result<Response<v1::ListSnapshotsResponse>, Status> {
        let snapshots = self.store.list().into_iter().map(snapshot).collect();
        Ok(Response::new(v1::ListSnapshotsResponse { snapshots }))
    }

    async fn remove(
        &self,
        request: Request<v1::RemoveSnapshotsRequest>,
    ) -> Result<Response<v1::RemoveSnapshotsResponse>, Status> {
        let ids = request.into_inner().chain_ids;
        let ids = ids
            .iter()
            .map(|id| parse_chain_id(id))
            .collect::<Result<Vec<_>, _>>();
        let ids = ids.map_err(|failure| status(&failure))?;
        let (store, containers) = (Arc::clone(&self.store), Arc::clone(&self.containers));
        let removed = tokio::task::spawn_blocking(move || store.remove(&ids, &*containers)).await;
        match removed {
            Ok(Ok(freed_bytes)) => Ok(Response::new(v1::RemoveSnapshotsResponse { freed_bytes })),
            Ok(Err(error)) => Err(status(&of_snapshots(&error))),
            Err(_) => Err(interrupted()),
        }
    }

    async fn decompress(
        &self,
        request: Request<Streaming<v1::CompressedData>>,
    ) -> Result<Response<Self::DecompressStream>, Status> {
        Ok(Response::new(decompress::decompress(request.into_inner())))
    }
}

fn snapshot(layer: LayerRecord) -> v1::Snapshot {
    v1::Snapshot {
        chain_id: layer.chain_id.to_string(),
        parent_chain_id: layer
            .parent
            .map(|parent| parent.to_string())
            .unwrap_or_default(),
        usage_bytes: layer.usage_bytes,
    }
}

fn parse_chain_id(text: &str) -> Result<ChainId, Failure> {
    text.parse()
        .map_err(|_| invalid("chain-id", "a ChainID is a sha256 digest").at(text))
}

/// The agent ends while the work is under way, or the work has a bug.
fn interrupted() -> Status {
    status(&Failure::new(
        FailureClass::Internal,
        "snapshots",
        "the work was interrupted",
    ))
}
