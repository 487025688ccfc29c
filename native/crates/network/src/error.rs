use std::io;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Error>;

/// Why a network operation failed. Each kind names what the caller can act on; `io::Error` keeps the errno.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("network {name} does not exist")]
    UnknownNetwork { name: String },

    #[error("container {id} is already attached to a network as {address}")]
    AlreadyAttached { id: String, address: String },

    #[error("invalid container id {id:?}")]
    InvalidId { id: String },

    #[error("invalid host entry {entry:?}: expected name:address or name:host-gateway")]
    InvalidHostEntry { entry: String },

    #[error("the link {link} was removed while it was in use")]
    LinkMissing { link: String },

    #[error("all addresses of {subnet} are in use")]
    AddressesExhausted { subnet: String },

    #[error("no private address range is free: the machine's routes cover every one of them")]
    NoFreeSubnet,

    /// The kernel refused a netlink message. `reason` is its own text (extended ack), often empty.
    #[error("{step}: {source}{}", text(.reason))]
    Netlink {
        step: &'static str,
        reason: String,
        source: io::Error,
    },

    #[error("{step} {path}: {source}")]
    File {
        step: &'static str,
        path: PathBuf,
        source: io::Error,
    },

    #[error("{step}: {source}")]
    System {
        step: &'static str,
        source: io::Error,
    },

    /// An iptables command failed; `message` is what it printed.
    #[error("{command}: {message}")]
    Iptables { command: String, message: String },

    #[error("neither nf_tables nor iptables is available on this machine")]
    NoFirewall,

    #[error("{path} is damaged: {reason}")]
    DamagedState { path: PathBuf, reason: String },
}

impl Error {
    /// Whether the kernel says that what the message names does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        let Self::Netlink { source, .. } = self else {
            return false;
        };
        matches!(source.raw_os_error(), Some(libc::ENOENT | libc::ENODEV))
    }
}

fn text(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    }
}
