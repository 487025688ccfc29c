//! The networks of one agent: their links, addresses, firewall rules, published ports and name files.
//!
//! What the networks are and who is on them is kept on disk; everything that the kernel holds follows from that, so
//! all of it can be written again at any time.

mod address;
mod base_link;
mod conntrack;
mod definition;
mod dns;
mod error;
mod firewall;
mod host;
mod instance;
mod loopback;
mod maintenance;
mod member;
mod netns;
mod networks;
mod nftables;
mod pool;
mod ports;
mod probe;
mod ready;
mod route;
mod slots;
mod state;
mod store;
mod subnet;
mod watcher;

pub use address::{IpFamily, MacAddress, Subnet};
pub use definition::{AddressPool, DEFAULT_NETWORK, Definition, Driver};
pub use dns::{Dns, HostGateway, host_resolv_conf, hosts_file, resolv_conf};
pub use error::{Error, Result};
pub use firewall::Protocol;
pub use host::{NetworkHost, lo_up};
pub use instance::DEFAULT_INSTANCE;
pub use loopback::{LoopbackPorts, OriginalPorts};
pub use member::{AssignedAddress, Attachment, Connection, Member, NameLink};
pub use member::{Publication, PublishedPort};
pub use probe::{NameFiles, Probe, ProbeOutcome, ProbeReport};
pub use ready::ReadyNamespace;
