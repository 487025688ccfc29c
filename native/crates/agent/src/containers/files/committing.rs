use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;

use longshore_files::{FilesError, Layers, View, layer, settle};
use longshore_runtime::{Failure, FailureClass};
use longshore_snapshots::{AdoptRequest, ChainId, DigestWriter, LayerRecord};

use super::FilesOf;
use crate::containers::Containers;
use crate::containers::container::RunState;
use crate::failure::{interrupted, of_files, of_snapshots};

/// The archive is hashed in pieces of this size.
const HASHED_BYTES: usize = 256 * 1024;

/// How a container's writable layer becomes an image's.
pub(crate) struct LayerOrder {
    pub(crate) parent: Option<ChainId>,
    /// No time of a file is later, in seconds since 1970.
    pub(crate) latest_mtime: Option<i64>,
}

impl Containers {
    /// Makes a layer of what a container that does not run has written; the container is of no use afterwards.
    pub(crate) async fn commit_layer(
        self: &Arc<Self>,
        of: FilesOf,
        order: LayerOrder,
    ) -> Result<LayerRecord, Failure> {
        let container = self.get_or_add(&of.id);
        let _operation = container.operation.lock().await;
        if let RunState::Running(_) = container.state() {
            let message = format!("container {} is running", of.id);
            return Err(Failure::new(
                FailureClass::FailedPrecondition,
                "commit-layer",
                message,
            ));
        }
        let _unmounted = container.mounted.lock().await;
        let containers = Arc::clone(self);
        let committing = tokio::task::spawn_blocking(move || containers.commit_files(&of, &order));
        committing.await.map_err(|_| interrupted("commit-layer"))?
    }

    fn commit_files(&self, of: &FilesOf, order: &LayerOrder) -> Result<LayerRecord, Failure> {
        if self.on_disk(of)?.directory.is_none() {
            self.prepare(of)?;
        }
        let on_disk = self.on_disk(of)?;
        let empty = self.empty_folder(&of.id)?;
        let upper = on_disk.layers.upper.as_path();
        let made = View::image(&on_disk.layers, &empty).and_then(|image| {
            let settled = settle(&image, upper, order.latest_mtime)?;
            let mut archive = BufWriter::with_capacity(HASHED_BYTES, DigestWriter::default());
            layer(&image, upper, &mut archive)?;
            let digest = archive.into_inner().map_err(|_| FilesError::CutOff)?;
            Ok((settled, digest.finish()))
        });
        let (settled, diff_id) = made.map_err(|error| of_files(&error))?;
        let request = AdoptRequest {
            parent: order.parent,
            diff_id,
            usage_bytes: settled.usage_bytes,
            entries: settled.entries,
        };
        let adopted = self.snapshots.adopt(upper, &request);
        Ok(adopted.map_err(|error| of_snapshots(&error))?.layer)
    }

    /// Writes an unpacked layer as an OCI layer.
    pub(crate) fn read_layer(
        &self,
        chain_id: ChainId,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let mut chain = Vec::new();
        let mut next = Some(chain_id);
        while let Some(layer) = next.and_then(|id| self.snapshots.layer(&id)) {
            chain.push(layer.chain_id);
            next = layer.parent;
        }
        if chain.is_empty() {
            chain.push(chain_id);
        }
        chain.reverse();
        let pin = self.snapshots.pin(&chain);
        let _pin = pin.map_err(|error| of_snapshots(&error))?;
        let (below, top) = chain.split_at(chain.len().saturating_sub(1));
        let tree = top.first().and_then(|id| self.snapshots.layer_path(id));
        let tree = tree.unwrap_or_default();
        self.look_at_layers(below, |image| layer(image, &tree, output))
    }

    /// The root that layers make, for reading; an empty one of none.
    pub(crate) fn look_at_layers<T>(
        &self,
        chain_ids: &[ChainId],
        work: impl FnOnce(&View) -> Result<T, FilesError>,
    ) -> Result<T, Failure> {
        let pin = self.snapshots.pin(chain_ids);
        let _pin = pin.map_err(|error| of_snapshots(&error))?;
        let empty = self.store.empty_folder();
        let empty = empty.map_err(|error| Failure::io("store", "", &error))?;
        let path = |chain_id: &ChainId| self.snapshots.layer_path(chain_id);
        let layers = Layers {
            image: chain_ids.iter().filter_map(path).collect(),
            upper: PathBuf::new(),
            work: PathBuf::new(),
        };
        let view = match layers.image.is_empty() {
            true => View::of_folder(&empty),
            false => View::image(&layers, &empty),
        };
        view.and_then(|view| work(&view))
            .map_err(|error| of_files(&error))
    }
}
