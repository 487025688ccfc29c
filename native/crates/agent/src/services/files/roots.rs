//! Whose files are meant, and the way to them.

use std::sync::Arc;

use longshore_files::{FilesError, View, WriteOptions, write_archive};
use longshore_protocol::v1;
use longshore_runtime::{Failure, FailureClass};
use longshore_volumes::{VolumeName, VolumeStore};
use tokio::sync::Semaphore;

use super::files_of;
use crate::containers::{Containers, FilesOf, Incoming};
use crate::failure::{interrupted, invalid, of_files, of_volumes};

/// What a dead network file system of a volume can take of the agent's threads.
const MAX_LOOKS: usize = 64;

#[derive(Clone)]
pub(in crate::services) enum Whose {
    Container(FilesOf),
    Volume(VolumeName),
}

impl Whose {
    pub(in crate::services) fn parse(
        id: &str,
        rootfs: Option<v1::Rootfs>,
        volume: &str,
    ) -> Result<Self, Failure> {
        if volume.is_empty() {
            return files_of(id, rootfs).map(Whose::Container);
        }
        if !id.is_empty() {
            return Err(invalid("files", "names a container and a volume"));
        }
        let name = VolumeName::parse(volume).map_err(|error| of_volumes(&error))?;
        Ok(Whose::Volume(name))
    }
}

/// The roots of containers and of volumes.
#[derive(Clone)]
pub(in crate::services) struct Roots {
    pub(in crate::services) containers: Arc<Containers>,
    volumes: Arc<VolumeStore>,
    looks: Arc<Semaphore>,
}

impl Roots {
    pub(in crate::services) fn new(containers: Arc<Containers>, volumes: Arc<VolumeStore>) -> Self {
        Roots {
            containers,
            volumes,
            looks: Arc::new(Semaphore::new(MAX_LOOKS)),
        }
    }

    /// Does `work` in a thread where it may wait.
    pub(in crate::services) async fn look<T, W>(&self, whose: Whose, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&View) -> Result<T, FilesError> + Send + 'static,
    {
        match whose {
            Whose::Container(of) => {
                let look = move |sources: &crate::containers::Sources| work(&sources.root()?);
                self.containers.look(&of, look).await
            }
            Whose::Volume(name) => {
                let work = move |view: &View| work(view).map_err(|error| of_files(&error));
                self.in_volume(name, work).await
            }
        }
    }

    /// `path` is what a refusal is about.
    pub(in crate::services) async fn change<W>(
        &self,
        whose: Whose,
        path: String,
        work: W,
    ) -> Result<(), Failure>
    where
        W: FnOnce(&View) -> Result<(), FilesError> + Send + 'static,
    {
        let work = move |view: &View| work(view).map_err(|error| of_files(&error));
        match whose {
            Whose::Container(of) => self.containers.change_files(of, path, work).await,
            Whose::Volume(name) => self.in_volume(name, work).await,
        }
    }

    pub(in crate::services) async fn write(
        &self,
        whose: Whose,
        incoming: Incoming,
    ) -> Result<(), Failure> {
        let name = match whose {
            Whose::Container(of) => return self.containers.write_files(of, incoming).await,
            Whose::Volume(name) => name,
        };
        let owner = incoming.owner.as_deref().map(numeric_owner).transpose()?;
        let options = WriteOptions {
            no_overwrite_dir_non_dir: incoming.no_overwrite_dir_non_dir,
            owner,
            with_root: false,
            no_devices: true,
        };
        let work = move |view: &View| {
            let written = write_archive(view, incoming.path.as_bytes(), &options, incoming.pieces);
            written.map_err(|error| of_files(&error))
        };
        self.in_volume(name, work).await
    }

    async fn in_volume<T, W>(&self, name: VolumeName, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&View) -> Result<T, Failure> + Send + 'static,
    {
        let permit = Arc::clone(&self.looks).try_acquire_owned();
        let permit = permit.map_err(|_| {
            let message = "too many calls look into volumes already";
            Failure::new(FailureClass::Unavailable, "volume", message).hint("try again later")
        })?;
        let volumes = Arc::clone(&self.volumes);
        let looking = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let open = volumes
                .open_files(&name)
                .map_err(|error| of_volumes(&error))?;
            work(open.view())
        });
        looking.await.map_err(|_| interrupted("files"))?
    }
}

/// There is nobody in a volume who could be known by name. An empty one is root.
fn numeric_owner(user: &str) -> Result<(u32, u32), Failure> {
    let (user, group) = user.split_once(':').unwrap_or((user, user));
    match (user, user.parse(), group.parse()) {
        ("", ..) => Ok((0, 0)),
        (_, Ok(user), Ok(group)) => Ok((user, group)),
        _ => Err(invalid("owner", "the owner of files in a volume is a number").at(user)),
    }
}
