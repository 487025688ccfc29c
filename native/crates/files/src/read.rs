//! Copying out of a container.

use std::io::Write;
use std::os::fd::AsFd;

use rustix::fs::FileType;

use crate::copy::Copier;
use crate::error::Result;
use crate::ids::Ids;
use crate::place::{PathStat, Place, describe, find};
use crate::view::View;

/// What is at a path. A link at its end is not followed, unless the path ends in "/" or "/.".
pub fn stat(view: &View, path: &[u8]) -> Result<PathStat> {
    describe(view, path, &find(view, path)?)
}

/// Something to copy, found already.
pub struct SourcePath {
    place: Place,
    stat: PathStat,
    ids: Ids,
}

impl SourcePath {
    pub fn find(view: &View, path: &[u8]) -> Result<Self> {
        let place = find(view, path)?;
        let stat = describe(view, path, &place)?;
        let ids = view.ids().clone();
        Ok(SourcePath { place, stat, ids })
    }

    pub fn stat(&self) -> &PathStat {
        &self.stat
    }
}

/// Writes it as an archive whose first entry bears the path's last name. The root's entries begin with "/".
pub fn read_archive(source: &SourcePath, output: impl Write) -> Result<()> {
    let mut copier = Copier::with_ids(output, source.ids.clone());
    let Place { node, name } = &source.place;
    if node.kind() == FileType::Directory {
        let prefix = [name.as_slice(), b"/"].concat();
        copier.node(node, &prefix)?;
        copier.tree(node.as_fd(), &prefix)?;
    } else {
        copier.node(node, name)?;
    }
    copier.finish()
}
