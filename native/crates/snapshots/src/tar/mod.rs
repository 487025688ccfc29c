//! A streaming reader of tar archives: ustar, PAX, GNU and old V7, as image builders write them.
//!
//! Format: POSIX.1-2017 `pax`, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format" and
//! "Storing Sparse Files"; `SCHILY.xattr.*` as star and libarchive define it.

mod entry;
mod header;
mod number;
mod pax;
mod reader;
mod sparse;
mod sparse_reader;

pub use entry::{Entry, EntryKind, Segment, Timestamp, Xattr};
pub use reader::TarReader;

/// The unit of a tar archive: headers take one, data is padded to it.
pub(crate) const BLOCK: usize = 512;

#[cfg(test)]
mod tests;
