//! The layers on disk: which there are, who makes one, who may remove one.

mod adopt;
mod record;
mod remove;
mod state;
mod sync;
mod trash;
mod unpack;

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FlockOperation, Mode, OFlags, fcntl_lock};
use rustix::io::Errno;

pub use adopt::AdoptRequest;
pub use record::LayerRecord;
pub use remove::InUse;
pub use state::LayerPin;
pub use unpack::{Progress, UnpackRequest, Unpacked};

use crate::digest::ChainId;
use crate::error::{Result, SnapshotError};
use crate::limits::UnpackLimits;
use state::Shared;
use sync::DiskSync;
use trash::Trash;

/// The folder of a layer's content, below the layer's own.
const TREE: &str = "tree";

/// All layers below one folder. One process at a time may have a folder's store open.
///
/// Every method may be called from any thread; those that touch the disk block.
pub struct SnapshotStore {
    folder: PathBuf,
    limits: UnpackLimits,
    shared: Arc<Shared>,
    disk: DiskSync,
    trash: Trash,
    /// Holds the lock while it is open.
    _lock: OwnedFd,
}

impl SnapshotStore {
    /// Opens the store in `folder`, which is made when it is missing, and clears away what an earlier process
    /// left behind unfinished.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_with(folder, UnpackLimits::default())
    }

    pub fn open_with(folder: &Path, limits: UnpackLimits) -> Result<Self> {
        make_private(folder)?;
        let lock = lock(&folder.join("lock"))?;
        make_private(&folder.join("tmp"))?;
        let trash = Trash::open(folder.join("trash"))?;
        let store = Self {
            disk: DiskSync::open(folder)?,
            shared: Arc::new(Shared::default()),
            folder: folder.to_owned(),
            limits,
            trash,
            _lock: lock,
        };
        store.clear_unfinished()?;
        store.load()?;
        Ok(store)
    }

    /// The folder that overlay takes as this layer; `None` when it is not unpacked. Whoever goes on to use it
    /// holds a [`pin`](Self::pin).
    pub fn layer_path(&self, chain_id: &ChainId) -> Option<PathBuf> {
        self.shared
            .lock()
            .layers
            .contains_key(chain_id)
            .then(|| self.tree_path(chain_id))
    }

    /// Keeps the layers from removal while the answer lives. `NotFound` names the first that is not here.
    pub fn pin(&self, chain_ids: &[ChainId]) -> Result<LayerPin> {
        LayerPin::take(&self.shared, chain_ids)
    }

    pub fn layer(&self, chain_id: &ChainId) -> Option<LayerRecord> {
        self.shared.lock().layers.get(chain_id).cloned()
    }

    /// All layers, ordered by ChainID.
    pub fn list(&self) -> Vec<LayerRecord> {
        let mut layers: Vec<_> = self.shared.lock().layers.values().cloned().collect();
        layers.sort_by_key(|layer| layer.chain_id);
        layers
    }

    fn layer_folder(&self, chain_id: &ChainId) -> PathBuf {
        self.folder.join(chain_id.digest().hex())
    }

    fn tree_path(&self, chain_id: &ChainId) -> PathBuf {
        self.layer_folder(chain_id).join(TREE)
    }

    fn clear_unfinished(&self) -> Result<()> {
        for entry in entries(&self.folder.join("tmp"))? {
            self.trash.take(&entry)?;
        }
        Ok(())
    }

    fn load(&self) -> Result<()> {
        let mut state = self.shared.lock();
        for path in entries(&self.folder)? {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let Some(chain_id) = ChainId::from_hex(name) else {
                continue;
            };
            match LayerRecord::read(&path).filter(|record| record.chain_id == chain_id) {
                Some(record) => {
                    state.layers.insert(chain_id, record);
                }
                // Without its record nobody can tell what the folder is: the image is pulled again.
                None => self.trash.take(&path)?,
            }
        }
        Ok(())
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = || SnapshotError::io("readdir", folder.display().to_string());
    let entries = fs::read_dir(folder).map_err(failed())?;
    entries
        .map(|entry| entry.map(|entry| entry.path()).map_err(failed()))
        .collect()
}

/// 0700: files of images can be setuid and must not be reachable for other users (CVE-2021-41091).
fn make_private(folder: &Path) -> Result<()> {
    let name = || folder.display().to_string();
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.map_err(SnapshotError::io("mkdir", name()))?;
    rustix::fs::chmod(folder, Mode::RWXU).map_err(SnapshotError::system("chmod", name()))
}

/// A record lock: the process holds it, no child inherits it, so it ends with this process alone.
fn lock(path: &Path) -> Result<OwnedFd> {
    let name = || path.display().to_string();
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)
        .map_err(SnapshotError::system("open", name()))?;
    match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(Errno::ACCESS | Errno::AGAIN) => Err(SnapshotError::Locked { path: name() }),
        Err(errno) => Err(SnapshotError::system("lock", name())(errno)),
    }
}
