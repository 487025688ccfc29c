use std::io;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Error>;

/// Why names could not be served. Failures of single queries are answers (SERVFAIL), never errors.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the resolver needs a running tokio runtime")]
    NoRuntime,

    #[error("no names are served to container {container_id}")]
    NotServed { container_id: String },

    #[error(transparent)]
    Netlink(#[from] longshore_netlink::Error),

    #[error("{step}: {source}")]
    System {
        step: &'static str,
        source: io::Error,
    },

    #[error("{step} of container {container_id}: {source}")]
    Socket {
        step: &'static str,
        container_id: String,
        source: io::Error,
    },

    #[error("{step} {path}: {source}")]
    File {
        step: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}
