//! `longshore.agent.v1.Files`.

pub(super) mod archives;
pub(super) mod incoming;
pub(super) mod roots;
mod usage;

use std::sync::Arc;
use std::time::Duration;

use longshore_files as files;
use longshore_files::View;
use longshore_protocol::v1;
use longshore_runtime::{Failure, FailureClass};
use longshore_volumes::VolumeStore;
use tokio::time::timeout;
use tonic::{Request, Response, Status, Streaming};

use self::archives::Answers;
use self::roots::{Roots, Whose};
use crate::containers::{Containers, FilesOf, FutureRoot};
use crate::failure::{invalid, parse_id, status};

/// For one look. A dead network file system in a container answers never.
const PATIENCE: Duration = Duration::from_secs(10);
/// In one message.
const BATCH: usize = 1000;

pub(crate) struct FilesService {
    roots: Roots,
}

impl FilesService {
    pub(crate) fn new(containers: Arc<Containers>, volumes: Arc<VolumeStore>) -> Self {
        FilesService {
            roots: Roots::new(containers, volumes),
        }
    }

    fn containers(&self) -> &Arc<Containers> {
        &self.roots.containers
    }

    async fn stat_at(&self, whose: Whose, path: String) -> Result<v1::PathStat, Status> {
        let look = self
            .roots
            .look(whose, move |view| files::stat(view, path.as_bytes()));
        match timeout(PATIENCE, look).await {
            Ok(stat) => stat
                .map(|stat| path_stat(&stat))
                .map_err(|failure| status(&failure)),
            Err(_) => {
                let message = "a file system that the path lies on does not answer";
                let failure = Failure::new(FailureClass::Unavailable, "stat", message);
                Err(status(&failure))
            }
        }
    }
}

#[tonic::async_trait]
impl v1::files_server::Files for FilesService {
    type ChangesStream = Answers<v1::ChangesBatch>;
    type ReadArchiveStream = Answers<v1::ReadArchiveResponse>;
    type ListDirectoryStream = Answers<v1::DirectoryBatch>;
    type ExportStream = Answers<v1::ArchiveData>;
    type LayerStream = Answers<v1::ArchiveData>;
    type UsageStream = Answers<v1::ContainerUsage>;

    async fn changes(
        &self,
        request: Request<v1::ChangesRequest>,
    ) -> Result<Response<Self::ChangesStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let found = self.containers().look(&of, |sources| {
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
        let whose = whose(&request.id, request.rootfs, &request.volume)?;
        let stat = Some(self.stat_at(whose, request.path).await?);
        Ok(Response::new(v1::StatResponse { stat }))
    }

    async fn read_archive(
        &self,
        request: Request<v1::ReadArchiveRequest>,
    ) -> Result<Response<Self::ReadArchiveStream>, Status> {
        let request = request.into_inner();
        let whose = whose(&request.id, request.rootfs, &request.volume)?;
        let read = archives::read(&self.roots, whose, request.path);
        Ok(Response::new(read))
    }

    async fn write_archive(
        &self,
        request: Request<Streaming<v1::WriteArchiveRequest>>,
    ) -> Result<Response<v1::WriteArchiveResponse>, Status> {
        incoming::write(&self.roots, request.into_inner()).await?;
        Ok(Response::new(v1::WriteArchiveResponse {}))
    }

    async fn list_directory(
        &self,
        request: Request<v1::ListDirectoryRequest>,
    ) -> Result<Response<Self::ListDirectoryStream>, Status> {
        let request = request.into_inner();
        let whose = whose(&request.id, request.rootfs, &request.volume)?;
        let listed = archives::list(&self.roots, whose, request.path);
        Ok(Response::new(listed))
    }

    async fn remove_path(
        &self,
        request: Request<v1::RemovePathRequest>,
    ) -> Result<Response<v1::RemovePathResponse>, Status> {
        let request = request.into_inner();
        let whose = whose(&request.id, request.rootfs, &request.volume)?;
        let (path, recursive) = (request.path.clone(), request.recursive);
        let remove = move |view: &View| files::remove_path(view, path.as_bytes(), recursive);
        let removed = self.roots.change(whose, request.path, remove).await;
        removed.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::RemovePathResponse {}))
    }

    async fn make_directory(
        &self,
        request: Request<v1::MakeDirectoryRequest>,
    ) -> Result<Response<v1::MakeDirectoryResponse>, Status> {
        let request = request.into_inner();
        let whose = whose(&request.id, request.rootfs, &request.volume)?;
        let (path, mode) = (request.path.clone(), request.mode);
        let make = move |view: &View| files::make_directory(view, path.as_bytes(), mode);
        let made = self.roots.change(whose.clone(), request.path.clone(), make);
        made.await.map_err(|failure| status(&failure))?;
        let stat = Some(self.stat_at(whose, request.path).await?);
        Ok(Response::new(v1::MakeDirectoryResponse { stat }))
    }

    async fn rename_path(
        &self,
        request: Request<v1::RenamePathRequest>,
    ) -> Result<Response<v1::RenamePathResponse>, Status> {
        let request = request.into_inner();
        let whose = whose(&request.id, request.rootfs, &request.volume)?;
        let (from, to) = (request.path.clone(), request.new_path.clone());
        let rename = move |view: &View| files::rename_path(view, from.as_bytes(), to.as_bytes());
        let renamed = self.roots.change(whose.clone(), request.path, rename);
        renamed.await.map_err(|failure| status(&failure))?;
        let new_path = request.new_path.trim_end_matches('/').to_owned();
        let stat = Some(self.stat_at(whose, new_path).await?);
        Ok(Response::new(v1::RenamePathResponse { stat }))
    }

    async fn export(
        &self,
        request: Request<v1::ExportRequest>,
    ) -> Result<Response<Self::ExportStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let exported = archives::stream(self.containers(), of, |sources, output| {
            files::export(&sources.merged()?, output)
        });
        Ok(Response::new(exported))
    }

    async fn usage(
        &self,
        request: Request<v1::ContainerUsageRequest>,
    ) -> Result<Response<Self::UsageStream>, Status> {
        let ids = request.into_inner().ids;
        let ids = ids.iter().map(|id| parse_id(id));
        let ids = ids.collect::<Result<Vec<_>, _>>();
        let ids = ids.map_err(|failure| status(&failure))?;
        Ok(Response::new(usage::usage(self.containers(), ids)))
    }

    async fn layer(
        &self,
        request: Request<v1::LayerRequest>,
    ) -> Result<Response<Self::LayerStream>, Status> {
        let request = request.into_inner();
        let of = files_of(&request.id, request.rootfs).map_err(|failure| status(&failure))?;
        let layer = archives::stream(self.containers(), of, |sources, output| {
            files::layer(&sources.image()?, sources.upper(), output)
        });
        Ok(Response::new(layer))
    }
}

fn whose(id: &str, rootfs: Option<v1::Rootfs>, volume: &str) -> Result<Whose, Status> {
    Whose::parse(id, rootfs, volume).map_err(|failure| status(&failure))
}

pub(super) fn files_of(id: &str, rootfs: Option<v1::Rootfs>) -> Result<FilesOf, Failure> {
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

fn directory_entry(entry: &files::DirectoryEntry) -> v1::DirectoryEntry {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    v1::DirectoryEntry {
        name: text(&entry.name),
        size: entry.size,
        mode: entry.mode,
        modified_at_unix_ns: entry.modified_at_unix_ns,
        uid: entry.uid,
        gid: entry.gid,
        link_target: text(&entry.link_target),
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
