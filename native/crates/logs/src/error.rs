use std::io;
use std::path::Path;

use rustix::io::Errno;

/// A file operation that failed: what was tried, on which path, and the kernel's answer.
#[derive(Debug, thiserror::Error)]
#[error("{step} {path}: {source}")]
pub struct Error {
    pub step: &'static str,
    pub path: String,
    pub source: io::Error,
}

pub type Result<T> = std::result::Result<T, Error>;

/// Attaches the step and the path to an errno, for use with `map_err`.
pub(crate) fn at(step: &'static str, path: &Path) -> impl FnOnce(Errno) -> Error {
    move |errno| Error {
        step,
        path: path.display().to_string(),
        source: errno.into(),
    }
}
