//! The default bridge network of one agent: its link, addresses, firewall rules and name files.
//!
//! Everything that the kernel holds for a container follows from its address (link name, MAC, set element), so the
//! leases on disk are the only state, and all rules can be written again at any time.

mod address;
mod bridge_link;
mod bridge_network;
mod dns;
mod error;
mod firewall;
mod host;
mod instance;
mod leases;
mod maintenance;
mod netlink;
mod netns;
mod nftables;
mod route;
mod state;
mod subnet;

pub use address::{MacAddress, Subnet};
pub use dns::{Dns, host_resolv_conf, hosts_file, resolv_conf};
pub use error::{Error, Result};
pub use host::{AssignedAddress, DEFAULT_NETWORK, NetworkHost, NetworkInfo, lo_up};
pub use instance::DEFAULT_INSTANCE;
