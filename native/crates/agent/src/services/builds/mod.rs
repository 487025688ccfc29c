//! `longshore.agent.v1.Builds`.

mod copying;
mod walking;

use std::sync::Arc;

use longshore_protocol::v1;
use longshore_runtime::Failure;
use longshore_snapshots::ChainId;
use longshore_volumes::VolumeStore;
use tonic::{Request, Response, Status, Streaming};

use super::files::archives::{Answers, answers, data};
use super::files::files_of;
use super::files::roots::Roots;
use crate::containers::{Containers, LayerOrder};
use crate::failure::{interrupted, invalid, status};

pub(crate) struct BuildsService {
    roots: Roots,
}

impl BuildsService {
    pub(crate) fn new(containers: Arc<Containers>, volumes: Arc<VolumeStore>) -> Self {
        BuildsService {
            roots: Roots::new(containers, volumes),
        }
    }
}

#[tonic::async_trait]
impl v1::builds_server::Builds for BuildsService {
    type ReadLayerStream = Answers<v1::ArchiveData>;
    type WalkRootStream = Answers<v1::WalkRootResponse>;

    async fn commit_layer(
        &self,
        request: Request<v1::CommitLayerRequest>,
    ) -> Result<Response<v1::CommitLayerResponse>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let parent = match request.parent_chain_id.as_str() {
            "" => None,
            text => Some(chain_id(text).map_err(|failure| status(&failure))?),
        };
        let latest = request.latest_mtime_unix_s;
        let order = LayerOrder {
            parent,
            latest_mtime: (latest >= 0).then_some(latest),
        };
        let made = self.roots.containers.commit_layer(of, order).await;
        let layer = made.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::CommitLayerResponse {
            chain_id: layer.chain_id.to_string(),
            diff_id: layer.diff_id.to_string(),
            usage_bytes: layer.usage_bytes,
            entries: layer.entries,
        }))
    }

    async fn read_layer(
        &self,
        request: Request<v1::ReadLayerRequest>,
    ) -> Result<Response<Self::ReadLayerStream>, Status> {
        let chain_id = chain_id(&request.into_inner().chain_id);
        let chain_id = chain_id.map_err(|failure| status(&failure))?;
        let containers = Arc::clone(&self.roots.containers);
        let read = answers(move |sender| async move {
            let read = move || containers.read_layer(chain_id, &mut data(sender));
            let reading = tokio::task::spawn_blocking(read);
            reading.await.map_err(|_| interrupted("read-layer"))?
        });
        Ok(Response::new(read))
    }

    async fn walk_root(
        &self,
        request: Request<v1::WalkRootRequest>,
    ) -> Result<Response<Self::WalkRootStream>, Status> {
        let request = request.into_inner();
        let layers = layers_of(request.rootfs).map_err(|failure| status(&failure))?;
        let containers = Arc::clone(&self.roots.containers);
        let walked = walking::walk(containers, layers, request.path, request.digests);
        Ok(Response::new(walked))
    }

    async fn copy_files(
        &self,
        request: Request<Streaming<v1::CopyFilesRequest>>,
    ) -> Result<Response<v1::CopyFilesResponse>, Status> {
        copying::copy(&self.roots, request.into_inner()).await?;
        Ok(Response::new(v1::CopyFilesResponse {}))
    }
}

fn chain_id(text: &str) -> Result<ChainId, Failure> {
    let parsed = text.parse();
    parsed.map_err(|_| invalid("chain-id", "a ChainID is a sha256 digest").at(text))
}

fn layers_of(rootfs: Option<v1::Rootfs>) -> Result<Vec<ChainId>, Failure> {
    let names = rootfs.unwrap_or_default().chain_ids;
    if names.is_empty() {
        return Err(invalid("rootfs", "a root has at least one layer"));
    }
    names.iter().map(|name| chain_id(name)).collect()
}
