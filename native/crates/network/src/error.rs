use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

use crate::Subnet;

pub type Result<T> = std::result::Result<T, Error>;

/// Why a network operation failed. Each kind names what the caller can act on; `io::Error` keeps the errno.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("network {name} does not exist")]
    UnknownNetwork { name: String },

    #[error("container {id} is on no network")]
    UnknownContainer { id: String },

    #[error("container {id} is already attached to network {network}")]
    AlreadyAttached { id: String, network: String },

    #[error("invalid container id {id:?}")]
    InvalidId { id: String },

    #[error("invalid host entry {entry:?}: expected name:address or name:host-gateway")]
    InvalidHostEntry { entry: String },

    /// A part of a request that cannot be; `field` as the request names it.
    #[error("{field}: {reason}")]
    Invalid { field: &'static str, reason: String },

    #[error("{name}: a network of this name exists already")]
    NameTaken { name: String },

    #[error("network {name} has members: {count} of them")]
    HasMembers { name: String, count: usize },

    #[error("network {name} exists with other settings, and has members")]
    Differs { name: String },

    /// `by` is a route, an address, a name server or another network.
    #[error("subnet {subnet} overlaps {by}")]
    SubnetTaken { subnet: Subnet, by: String },

    #[error("{field}: {address} is in use by {by}")]
    AddressTaken {
        field: &'static str,
        address: IpAddr,
        by: String,
    },

    /// Its last holder's link is still to be deleted.
    #[error("{field}: {address} has just been released")]
    AddressResting {
        field: &'static str,
        address: IpAddr,
    },

    #[error("link {link} exists already, and is not of this network's making")]
    LinkTaken { link: String },

    #[error("the host's port {port}/{protocol} on {address} is taken by {holder}")]
    PortTaken {
        protocol: String,
        address: IpAddr,
        port: u16,
        /// "container ...", "nginx (pid 7)" or "another program".
        holder: String,
        /// The next one above that is free.
        next_free: Option<u16>,
    },

    #[error("no port of {first}-{last}/{protocol} is free")]
    NoFreePort {
        protocol: String,
        first: u16,
        last: u16,
    },

    #[error("the name server {server} does not answer")]
    NoNameServer { server: IpAddr },

    #[error("the link {link} was removed while it was in use")]
    LinkMissing { link: String },

    #[error("all addresses of {subnet} are in use")]
    AddressesExhausted { subnet: String },

    #[error("all links of this machine's containers are in use")]
    LinksExhausted,

    #[error("no private address range is free: the machine's routes cover every one of them")]
    NoFreeSubnet,

    #[error("{what} needs nf_tables, which this machine's kernel lacks")]
    NeedsNftables { what: &'static str },

    #[error(transparent)]
    Netlink(#[from] longshore_netlink::Error),

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
    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            reason: reason.into(),
        }
    }

    /// The part of the request that cannot be as it is, as requests name it.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid { field, .. }
            | Self::AddressTaken { field, .. }
            | Self::AddressResting { field, .. } => Some(field),
            Self::NameTaken { .. } => Some("name"),
            Self::SubnetTaken { .. } => Some("subnets"),
            Self::LinkTaken { .. } => Some("link"),
            Self::PortTaken { .. } | Self::NoFreePort { .. } => Some("ports"),
            _ => None,
        }
    }

    /// Whether the kernel says that what a message names does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Netlink(error) if error.is_missing())
    }
}
