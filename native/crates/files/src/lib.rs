//! The files of containers: looked at, copied out and in, exported, and compared with the image.
//!
//! The containers' own programs change them meanwhile and may be hostile. Every path goes through openat2 with
//! RESOLVE_IN_ROOT and no magic links; nothing but regular files is ever opened for reading, and nothing that is there
//! already is ever opened for writing. All calls block, and end soon after their output or input has been closed.

mod canonical;
mod change;
mod changes;
mod chosen;
mod copy;
mod duplicate;
mod error;
mod export;
mod ids;
mod layer;
mod list;
mod node;
mod place;
mod read;
mod remove;
mod settle;
mod tar;
mod tree;
mod usage;
mod view;
mod walk;
mod write;

pub use change::{make_directory, remove_path, rename_path};
pub use changes::{Change, ChangeKind, changes};
pub use chosen::{Chosen, copy_chosen};
pub use duplicate::duplicate;
pub use error::{ErrorClass, FilesError, Result};
pub use export::export;
pub use layer::layer;
pub use list::{DirectoryEntry, list};
pub use place::PathStat;
pub use read::{SourcePath, read_archive, stat};
pub use settle::{Settled, settle};
pub use usage::{Usage, measure};
pub use view::{Layers, View, folder_at};
pub use walk::{Walked, WalkedFile, walk};
pub use write::{WriteOptions, write_archive};

/// The parsers of outside bytes, for the fuzz targets in `native/fuzz`.
pub mod fuzzing {
    pub use crate::write::unpack;
}
