use std::path::{Path, PathBuf};
use std::sync::Arc;

use longshore_files::{FilesError, Layers, View};
use longshore_snapshots::LayerPin;

use crate::containers::container::Running;

/// Where a container's files are found.
pub(crate) struct Sources {
    pub(super) running: Option<Arc<Running>>,
    pub(super) layers: Layers,
    /// Whether there is a writable layer.
    pub(super) has_upper: bool,
    pub(super) empty: PathBuf,
    /// The layers stay while somebody looks at them.
    pub(super) _pin: Option<LayerPin>,
}

impl Sources {
    /// As the container sees them; of one that does not run, without mounts.
    pub(crate) fn root(&self) -> Result<View, FilesError> {
        match &self.running {
            Some(running) => match View::of_process(running.pid, &running.init) {
                // It has just ended.
                Err(FilesError::NotFound { .. }) => self.merged(),
                view => view,
            },
            None => self.merged(),
        }
    }

    /// Image and writable layer, without what is mounted in them.
    pub(crate) fn merged(&self) -> Result<View, FilesError> {
        match self.has_upper {
            true => View::merged(&self.layers),
            false => self.image(),
        }
    }

    pub(crate) fn image(&self) -> Result<View, FilesError> {
        View::image(&self.layers, &self.empty)
    }

    /// The writable layer; an empty folder as long as there is none.
    pub(crate) fn upper(&self) -> &Path {
        match self.has_upper {
            true => &self.layers.upper,
            false => &self.empty,
        }
    }
}
