//! A container's writable layer as an OCI layer (image-spec, layer.md).

use std::io::Write;
use std::path::Path;

use longshore_sys::rooted::open_in_root_no_symlinks;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::changes::{ChangeKind, changes};
use crate::copy::Copier;
use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::view::View;

/// By path, so that the same files make the same bytes. A deleted name is an empty file ".wh.<name>"; a folder that
/// hides the image's has ".wh..wh..opq" in it.
pub fn layer(image: &View, upper: &Path, output: impl Write) -> Result<()> {
    let found = changes(image, upper)?;
    let upper = View::of_folder(upper)?;
    let mut copier = Copier::new(output);
    for change in found {
        let path = &change.path;
        if change.kind == ChangeKind::Deleted {
            if !change.by_opaque {
                copier.mark(&whiteout(path))?;
            }
            continue;
        }
        let flags = OFlags::PATH | OFlags::NOFOLLOW;
        let opened =
            open_in_root_no_symlinks(upper.root(), OsStr::from_bytes(path), flags, Mode::empty());
        match opened.and_then(Node::of) {
            Ok(node) if node.is_whiteout() => copier.mark(&whiteout(path))?,
            Ok(node) => copier.node(&node, path)?,
            // It has gone since it was found.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => continue,
            Err(errno) => return Err(FilesError::at("open", path)(errno)),
        }
        if change.is_opaque {
            copier.mark(&[path, b"/.wh..wh..opq".as_slice()].concat())?;
        }
    }
    copier.finish()
}

fn whiteout(path: &[u8]) -> Vec<u8> {
    let name = path
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    [&path[..name], b".wh.", &path[name..]].concat()
}
