//! The log of a container: files that its supervisor writes ([`LogWriter`]) and the agent reads ([`LogReader`]).
//!
//! The format is told in `record.rs`.

mod error;
mod files;
mod lines;
mod reader;
mod record;
mod rotation;
mod sink;
#[cfg(test)]
mod testing;
mod writer;

pub use error::{Error, Result};
pub use reader::{Batch, LogReader, Next, Query, Record};
pub use record::Stream;
pub use writer::{LogPolicy, LogWriter};
