use std::io;
use std::path::Path;

use rustix::io::Errno;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Asked for, and this host cannot give it. `limit` is the field of config.json.
    #[error("{limit}: this host cannot enforce this limit: {reason}")]
    Unsupported { limit: &'static str, reason: String },
    /// Asked for, and no host could give it, or the kernel refuses the value.
    #[error("{limit}: {reason}")]
    Invalid { limit: &'static str, reason: String },
    /// Processes are in the cgroup, and killing them has not emptied it.
    #[error("the cgroup {path} still has processes: {pids:?}")]
    Busy { path: String, pids: Vec<i32> },
    #[error("{step} {path}: {source}")]
    Io {
        step: &'static str,
        path: String,
        source: io::Error,
    },
}

pub type Result<T> = std::result::Result<T, Error>;

/// Attaches the step and the path to an errno, for use with `map_err`.
pub(crate) fn at(step: &'static str, path: &Path) -> impl FnOnce(Errno) -> Error {
    move |errno| Error::Io {
        step,
        path: path.display().to_string(),
        source: errno.into(),
    }
}
