//! Volumes: data that outlives containers.
//!
//! On disk, below the store's folder (mode 0700):
//!
//! ```text
//! <name>/volume.json      the record: options of the driver, what the engine keeps, when it was made
//! <name>/_data/           the data, or where the driver mounts it while somebody uses it
//! .trash/<id>/            removed volumes and the former content of emptied ones, in the same form, with trash.json
//! .staging/<n>/           what is being made, and what is being deleted; emptied when the store is opened
//! .empty/                 a folder with nothing in it
//! ```
//!
//! A volume changes as a whole by one rename of something that is complete and on disk: whoever looks, also after a
//! crash, finds it before the change or after it. Nothing in a volume is trusted: all paths into one go through
//! openat2 from its root. All calls block.

mod contents;
mod discard;
mod driver;
mod error;
mod mounts;
mod name;
mod options;
mod record;
mod staging;
mod store;
mod trash;
mod uses;

pub use error::{ErrorClass, Result, VolumeError};
pub use mounts::OpenVolume;
pub use name::{TrashId, VolumeName};
pub use options::{LocalOptions, Options};
pub use record::{StoredVolume, VolumeSpec};
pub use store::{Removal, VolumeStore};
pub use trash::{Purge, Purged, TrashedVolume};
