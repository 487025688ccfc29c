use std::sync::Arc;

use longshore_files::{FilesError, Walked, WalkedFile, walk as walk_files};
use longshore_protocol::v1;
use longshore_protocol::v1::walk_root_response::What;
use longshore_snapshots::ChainId;

use super::super::files::archives::{Answers, Sender, answers};
use crate::containers::Containers;
use crate::failure::interrupted;

/// In one message.
const BATCH: usize = 1000;

/// What is at the path of the root that the layers make.
pub(super) fn walk(
    containers: Arc<Containers>,
    layers: Vec<ChainId>,
    path: String,
    digests: bool,
) -> Answers<v1::WalkRootResponse> {
    answers(move |sender| async move {
        let walking = tokio::task::spawn_blocking(move || {
            let mut batch = Batch {
                sender,
                files: Vec::new(),
            };
            containers.look_at_layers(&layers, |view| {
                walk_files(view, path.as_bytes(), digests, |walked| batch.add(walked))?;
                batch.send()
            })
        });
        walking.await.map_err(|_| interrupted("walk-root"))?
    })
}

struct Batch {
    sender: Sender<v1::WalkRootResponse>,
    files: Vec<v1::WalkedFile>,
}

impl Batch {
    fn add(&mut self, walked: Walked) -> Result<(), FilesError> {
        match walked {
            Walked::Resolved(path) => self.tell(What::Resolved(path)),
            Walked::File(file) => {
                self.files.push(wire(file));
                match self.files.len() {
                    BATCH => self.send(),
                    _ => Ok(()),
                }
            }
        }
    }

    fn send(&mut self) -> Result<(), FilesError> {
        if self.files.is_empty() {
            return Ok(());
        }
        let files = std::mem::take(&mut self.files);
        self.tell(What::Files(v1::WalkedFiles { files }))
    }

    fn tell(&self, what: What) -> Result<(), FilesError> {
        let told = self
            .sender
            .blocking_send(Ok(v1::WalkRootResponse { what: Some(what) }));
        told.map_err(|_| FilesError::CutOff)
    }
}

fn wire(file: WalkedFile) -> v1::WalkedFile {
    v1::WalkedFile {
        path: file.path,
        mode: file.mode,
        uid: file.uid,
        gid: file.gid,
        size: file.size,
        link_target: file.link_target,
        digest: file.digest,
    }
}
