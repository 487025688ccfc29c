//! Unpacked image layers: each an independent directory in overlay's own form, named by its ChainID.
//!
//! On disk, below the store's folder (mode 0700):
//!
//! ```text
//! <chain-id hex>/layer.json   the record: parent, DiffID, usage
//! <chain-id hex>/tree/        the layer; whiteouts are 0:0 devices, opaque folders carry trusted.overlay.opaque
//! tmp/<n>/                    layers while they unpack; emptied when the store is opened
//! trash/<n>/                  layers while they are deleted
//! ```
//!
//! A layer is there wholly or not at all: it is renamed into place when its bytes are verified and on disk,
//! and never before its parent.

mod apply;
mod cancel;
mod digest;
mod digest_writer;
mod error;
mod limits;
mod store;
mod stream;
mod tar;

pub use cancel::Cancel;
pub use digest::{ChainId, Digest, InvalidDigest};
pub use digest_writer::DigestWriter;
pub use error::{ErrorClass, Result, SnapshotError};
pub use limits::UnpackLimits;
pub use store::{
    AdoptRequest, InUse, LayerPin, LayerRecord, Progress, SnapshotStore, UnpackRequest, Unpacked,
};
pub use stream::{Compression, Feed, LayerSource};

/// The parts that unpack an archive elsewhere than into a layer.
pub mod archive {
    pub use crate::apply::{Attributes, clean_path, own_umask, split_path, write_data};
    pub use crate::stream::Decoder;
    pub use crate::tar::{Entry, EntryKind, Segment, TarReader, Timestamp, Xattr};
}

/// The parsers of outside bytes, for the fuzz targets in `native/fuzz`.
pub mod fuzzing {
    pub use crate::apply::apply_tar;
    pub use crate::stream::decompress;
    pub use crate::tar::{Entry, EntryKind, Segment, TarReader, Timestamp, Xattr};
}
