//! Turns a tar stream into a folder that overlay can take as a layer.
//!
//! The semantics are containerd's: whiteouts become 0:0 devices, an entry replaces an earlier one of its name
//! (only folder on folder is kept), symlinks among the parents are followed inside the layer, missing parents
//! are made. Names that would leave the layer are refused instead of being bent into it.

mod applier;
mod attributes;
mod directories;
mod file;
mod inherit;
mod path;
mod tree;
mod umask;

pub(crate) use applier::{Applied, apply};
pub use attributes::Attributes;
pub use file::write as write_data;
pub(crate) use inherit::inherit_attributes;
pub use path::{clean as clean_path, split as split_path};
pub(crate) use tree::{Staging, open_root};
pub use umask::own_umask;

use std::io::BufRead;
use std::path::Path;

use crate::error::Result;
use crate::limits::UnpackLimits;

/// Unpacks a bare tar stream into the empty folder `at/tree`; for the fuzz targets.
pub fn apply_tar(at: &Path, input: impl BufRead, limits: &UnpackLimits) -> Result<u64> {
    let staging = Staging::create(at)?;
    apply(&staging, input, limits).map(|applied| applied.entries)
}
