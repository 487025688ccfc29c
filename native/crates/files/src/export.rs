use std::io::Write;

use crate::copy::Copier;
use crate::error::Result;
use crate::view::View;

/// Writes the whole root as an archive. For a root without what is mounted in it: [`View::merged`].
pub fn export(view: &View, output: impl Write) -> Result<()> {
    let mut copier = Copier::new(output);
    copier.tree(view.root(), b"")?;
    copier.finish()
}
