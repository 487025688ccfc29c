//! What can go wrong with a layer, in terms that the border can pass on without reading sentences.

use rustix::io::Errno;

use crate::digest::{ChainId, Digest};

pub type Result<T> = std::result::Result<T, SnapshotError>;

#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// An entry of the tar asks for something that no layer may do.
    #[error("the layer's entry {name:?} is refused: {reason}")]
    Entry { name: String, reason: &'static str },
    #[error("the layer is not a valid tar archive: {reason} (at byte {offset})")]
    Archive { offset: u64, reason: &'static str },
    #[error("the layer cannot be decompressed: {reason}")]
    Compression { reason: String },
    #[error("the layer's media type {media_type:?} {reason}")]
    MediaType {
        media_type: String,
        reason: &'static str,
    },
    #[error("the layer's bytes do not match its digest: they are {actual}")]
    Digest { expected: Digest, actual: Digest },
    #[error("the layer has {actual} bytes instead of {expected}")]
    Size { expected: u64, actual: u64 },
    #[error("the unpacked layer does not match its DiffID: it is {actual}")]
    DiffId { expected: Digest, actual: Digest },
    #[error("{given} is not the ChainID of this layer on its parent, {computed} is")]
    ChainId { given: ChainId, computed: ChainId },
    #[error("the layer needs more than the {allowed} {unit} it may have")]
    Quota { allowed: u64, unit: &'static str },
    #[error("the layer needs more than the {room} bytes of disk space that are left for it")]
    NoRoom { room: u64 },
    #[error("the layer's bytes ended early: {reason}")]
    Source { reason: String },
    #[error("the layer {chain_id} is used by container {container}")]
    InUse {
        chain_id: ChainId,
        container: String,
    },
    #[error("the layer {chain_id} is used by a container that comes or goes just now")]
    Pinned { chain_id: ChainId },
    #[error("the layer {chain_id} is the parent of {child}")]
    HasChild { chain_id: ChainId, child: ChainId },
    #[error("there is no layer {chain_id}")]
    NotFound { chain_id: ChainId },
    #[error("another agent uses the layers in {path}")]
    Locked { path: String },
    #[error("unpacking was cancelled")]
    Cancelled,
    #[error("{step} failed on {path:?}: {errno}")]
    System {
        step: &'static str,
        path: String,
        errno: Errno,
    },
    /// Another stage of the pipeline has failed; that stage's error is the one to report.
    #[error("the pipeline has stopped")]
    Stopped,
}

/// The classes of the agent's protocol that this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    NotFound,
    InvalidArgument,
    FailedPrecondition,
    Conflict,
    Unavailable,
    Cancelled,
    Internal,
}

impl SnapshotError {
    pub(crate) fn system(
        step: &'static str,
        path: impl Into<String>,
    ) -> impl FnOnce(Errno) -> Self {
        let path = path.into();
        move |errno| Self::System { step, path, errno }
    }

    pub(crate) fn io(
        step: &'static str,
        path: impl Into<String>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| {
            let errno = Errno::from_io_error(&error).unwrap_or(Errno::IO);
            Self::System { step, path, errno }
        }
    }

    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Entry { .. }
            | Self::Archive { .. }
            | Self::Compression { .. }
            | Self::MediaType { .. }
            | Self::Digest { .. }
            | Self::Size { .. }
            | Self::DiffId { .. }
            | Self::ChainId { .. } => ErrorClass::InvalidArgument,
            Self::Quota { .. } | Self::NoRoom { .. } | Self::Locked { .. } => {
                ErrorClass::FailedPrecondition
            }
            Self::System { errno, .. } if is_full(*errno) => ErrorClass::FailedPrecondition,
            Self::Source { .. } => ErrorClass::Unavailable,
            Self::InUse { .. } | Self::Pinned { .. } | Self::HasChild { .. } => {
                ErrorClass::Conflict
            }
            Self::NotFound { .. } => ErrorClass::NotFound,
            Self::Cancelled => ErrorClass::Cancelled,
            Self::System { .. } | Self::Stopped => ErrorClass::Internal,
        }
    }

    /// The step that failed, a kernel or OCI word.
    pub fn step(&self) -> &'static str {
        match self {
            Self::Entry { .. } => "entry",
            Self::Archive { .. } => "tar",
            Self::Compression { .. } => "decompress",
            Self::MediaType { .. } => "media-type",
            Self::Digest { .. } => "digest",
            Self::Size { .. } => "size",
            Self::DiffId { .. } => "diff-id",
            Self::ChainId { .. } | Self::NotFound { .. } => "chain-id",
            Self::Quota { .. } => "quota",
            Self::NoRoom { .. } => "space",
            Self::Source { .. } => "source",
            Self::InUse { .. } | Self::Pinned { .. } | Self::HasChild { .. } => "remove",
            Self::Locked { .. } => "lock",
            Self::Cancelled | Self::Stopped => "unpack",
            Self::System { step, .. } => step,
        }
    }

    /// The kernel's errno, or the one that it would have given next; 0 when this is not about the kernel.
    pub fn errno(&self) -> i32 {
        match self {
            Self::System { errno, .. } => errno.raw_os_error(),
            Self::NoRoom { .. } => Errno::NOSPC.raw_os_error(),
            _ => 0,
        }
    }

    /// The entry's name, digest, ChainID or path that the step worked on; may be empty.
    pub fn path(&self) -> String {
        match self {
            Self::Entry { name, .. } => name.clone(),
            Self::MediaType { media_type, .. } => media_type.clone(),
            Self::Digest { expected, .. } | Self::DiffId { expected, .. } => expected.to_string(),
            Self::ChainId { given, .. } => given.to_string(),
            Self::InUse { chain_id, .. }
            | Self::Pinned { chain_id }
            | Self::HasChild { chain_id, .. }
            | Self::NotFound { chain_id } => chain_id.to_string(),
            Self::Locked { path } | Self::System { path, .. } => path.clone(),
            _ => String::new(),
        }
    }

    /// What the person can do about it; may be empty.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Digest { .. } | Self::Size { .. } | Self::Source { .. } => {
                "Pull the image again; if it fails again, the registry serves damaged data."
            }
            Self::Entry { .. }
            | Self::Archive { .. }
            | Self::Compression { .. }
            | Self::DiffId { .. } => {
                "The image is damaged or hostile. Rebuild it, or use another version of it."
            }
            Self::Quota { .. } => "Check whether the image is meant to be so large.",
            Self::NoRoom { .. } => "Free disk space and try again.",
            Self::System { errno, .. } if is_full(*errno) => "Free disk space and try again.",
            Self::InUse { .. } => "Remove the container first.",
            Self::Locked { .. } => "Stop the other agent first.",
            _ => "",
        }
    }
}

fn is_full(errno: Errno) -> bool {
    errno == Errno::NOSPC || errno == Errno::DQUOT
}

/// A name from outside, for an error message: bounded, and without bytes that are not text.
pub(crate) fn printable(name: &[u8]) -> String {
    const SHOWN: usize = 512;
    let mut text = String::from_utf8_lossy(&name[..name.len().min(SHOWN)]).into_owned();
    if name.len() > SHOWN {
        text.push('…');
    }
    text
}
