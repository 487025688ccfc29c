//! Copying things that somebody has chosen, each under the name it is to have.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use longshore_sys::rooted::open_in_root_no_symlinks;
use rustix::fs::{Mode, OFlags};

use crate::copy::Copier;
use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::view::View;

/// One thing, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// In the root it is read from, without links on the way.
    pub source: String,
    /// Its name in the archive.
    pub target: String,
    /// Permissions; `None`: its own.
    pub mode: Option<u32>,
}

/// Writes them as an archive, in their order.
pub fn copy_chosen(view: &View, chosen: &[Chosen], output: impl Write) -> Result<()> {
    let mut copier = Copier::with_ids(output, view.ids().clone());
    for one in chosen {
        let path = one.source.trim_start_matches('/').as_bytes();
        let place = if path.is_empty() {
            b".".as_slice()
        } else {
            path
        };
        let flags = OFlags::PATH | OFlags::NOFOLLOW;
        let opened =
            open_in_root_no_symlinks(view.root(), OsStr::from_bytes(place), flags, Mode::empty());
        let mut node = opened
            .and_then(Node::of)
            .map_err(FilesError::at("open", path))?;
        if let Some(mode) = one.mode {
            node.set_permissions(mode);
        }
        copier.node(&node, one.target.trim_start_matches('/').as_bytes())?;
    }
    copier.finish()
}
