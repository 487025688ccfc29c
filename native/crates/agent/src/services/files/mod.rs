//! `longshore.agent.v1.Files`.

mod archives;
mod incoming;

use std::sync::Arc;
use std::time::Duration;

use longshore_files as files;
use longshore_protocol::v1;
use longshore_runtime::{Failure, FailureClass};
use tokio::time::timeout;
use tonic::{Request, Response, Status, Streaming};

use self::archives::Answers;
use crate::containers::{Containers, FilesOf, FutureRoot};
use crate::failure::{invalid, parse_id, status};

/// For one look. A dead network file system in a container answers never.
const PATIENCE: Duration = Duration::from_secs(10);
/// In one message.
const BATCH: usize = 1000;

pub(crate) struct FilesService {
    containers: Arc<Containers>,
}

impl FilesService {
    pub(crate) fn new(containers: Arc<Containers>) -> Self {
        FilesService { containers }
    }
}

#[tonic::async_trait]
impl v1::files_server::Files for FilesService {
    type ChangesStream = Answers<v1::ChangesBatch>;
    type ReadArchiveStream = Answers<v1::ReadArchiveResponse>;
    type ExportStream = Answers<v1::ArchiveData>;
    type LayerStream = Answers<v1::ArchiveData>;

    async fn changes(
        &self,
        request: Request<v1::ChangesRequest>,
    ) -> Result<Response<Self::ChangesStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let found = self.containers.look(&of, |sources| {
            files::changes(&sources.image()?, sources.upper())
        });
        let found = found.await.map_err(|failure| status(&failure))?;
        let batches: Vec<_> = found.chunks(BATCH).map(batch).map(Ok).collect();
        Ok(Response::new(Box::pin(tokio_stream::iter(batches))))
    }

    async fn stat(
        &self,
        request: Request<v1::StatRequest>,
    ) -> Result<Response<v1::StatResponse>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let path = request.path;
        let look = self.containers.look(&of, move |sources| {
            files::stat(&sources.root()?, path.as_bytes())
        });
        let stat = match timeout(PATIENCE, look).await {
            Ok(stat) => stat.map_err(|failure| status(&failure))?,
            Err(_) => {
                let message = "a file system of the container does not answer";
                let failure = Failure::new(FailureClass::Unavailable, "stat", message);
                return Err(status(&failure));
            }
        };
        let stat = Some(path_stat(&stat));
        Ok(Response::new(v1::StatResponse { stat }))
    }

    async fn read_archive(
        &self,
        request: Request<v1::ReadArchiveRequest>,
    ) -> Result<Response<Self::ReadArchiveStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let path = request.path;
        Ok(Response::new(archives::read(&self.containers, of, path)))
    }

    async fn write_archive(
        &self,
        request: Request<Streaming<v1::WriteArchiveRequest>>,
    ) -> Result<Response<v1::WriteArchiveResponse>, Status> {
        incoming::write(&self.containers, request.into_inner()).await?;
        Ok(Response::new(v1::WriteArchiveResponse {}))
    }

    async fn export(
        &self,
        request: Request<v1::ExportRequest>,
    ) -> Result<Response<Self::ExportStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let exported = archives::stream(&self.containers, of, |sources, output| {
            files::export(&sources.merged()?, output)
        });
        Ok(Response::new(exported))
    }

    async fn layer(
        &self,
        request: Request<v1::LayerRequest>,
    ) -> Result<Response<Self::LayerStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let layer = archives::stream(&self.containers, of, |sources, output| {
            files::layer(&sources.image()?, sources.upper(), output)
        });
        Ok(Response::new(layer))
    }
}

fn files_of(id: &str, rootfs: Option<v1::Rootfs>) -> Result<FilesOf, Failure> {
    let future_root = |rootfs: v1::Rootfs| {
        let parse = |name: &String| {
            let parsed = name.parse();
            parsed.map_err(|_| invalid("rootfs", format!("{name:?} is no ChainID")).at(name))
        };
        let chain_ids = rootfs
            .chain_ids
            .iter()
            .map(parse)
            .collect::<Result<_, _>>()?;
        Ok::<_, Failure>(FutureRoot {
            chain_ids,
            read_only: rootfs.read_only,
        })
    };
    Ok(FilesOf {
        id: parse_id(id)?,
        rootfs: rootfs.map(future_root).transpose()?,
    })
}

fn path_stat(stat: &files::PathStat) -> v1::PathStat {
    v1::PathStat {
        name: stat.name.clone(),
        size: stat.size,
        mode: stat.mode,
        modified_at_unix_ns: stat.modified_at_unix_ns,
        link_target: stat.link_target.clone(),
    }
}

fn batch(changes: &[files::Change]) -> v1::ChangesBatch {
    let kind = |change: &files::Change| match change.kind {
        files::ChangeKind::Modified => v1::ChangeKind::Modified,
        files::ChangeKind::Added => v1::ChangeKind::Added,
        files::ChangeKind::Deleted => v1::ChangeKind::Deleted,
    };
    let change = |change: &files::Change| v1::Change {
        path: format!("/{}", String::from_utf8_lossy(&change.path)),
        kind: kind(change).into(),
    };
    v1::ChangesBatch {
        changes: changes.iter().map(change).collect(),
    }
}
