//! The bytes of a layer on their way from the registry to the tar reader.

mod block;
mod compression;
mod feed;
mod pipeline;
mod tar_limit;

pub use compression::{Compression, Decoder, decompress};
pub use feed::{Feed, LayerSource};
pub(crate) use pipeline::{Job, Verified, run, stage_error};
pub(crate) use tar_limit::TarLimit;
