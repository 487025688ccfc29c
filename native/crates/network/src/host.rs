use std::net::Ipv4Addr;
use std::os::fd::BorrowedFd;
use std::path::Path;

use crate::{Error, MacAddress, Result, Subnet};

/// The instance whose links bear the plain names.
pub const DEFAULT_INSTANCE: &str = "default";

/// The name of the network that a container gets when none is named.
pub const DEFAULT_NETWORK: &str = "bridge";

/// What a container got on a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedAddress {
    pub network: String,
    /// The link's name inside the container.
    pub interface: String,
    /// Displays with its prefix length, "172.30.0.2/16".
    pub address: Subnet,
    pub gateway: Ipv4Addr,
    pub mac: MacAddress,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkInfo {
    pub name: String,
    /// The bridge's link name on this machine.
    pub bridge: String,
    pub subnet: Subnet,
    pub gateway: Ipv4Addr,
}

/// The networks of one agent. Usable from many threads; every call is synchronous and acts in the network namespace
/// of the calling thread, which must be the one that `open` was called in.
#[derive(Debug)]
pub struct NetworkHost {}

impl NetworkHost {
    /// Reads the state in `state_dir` (made when missing). Changes nothing on the machine: the bridge is made by
    /// `ensure`, or by the first `attach`.
    pub fn open(_state_dir: &Path, _instance: &str) -> Result<Self> {
        Err(Error::NoFirewall)
    }

    /// Makes the default network, or puts right what is missing of it: link, address, rules, forwarding.
    pub fn ensure(&self) -> Result<NetworkInfo> {
        Err(Error::NoFirewall)
    }

    /// Gives the namespace an `eth0` with an address on `network`, a default route, and `lo` up.
    pub fn attach(
        &self,
        network: &str,
        _container_id: &str,
        _netns: BorrowedFd<'_>,
    ) -> Result<AssignedAddress> {
        Err(Error::UnknownNetwork {
            name: network.to_owned(),
        })
    }

    /// Takes the container off its network; nothing happens when it is on none. Its links go in the background.
    pub fn release(&self, _container_id: &str) -> Result<()> {
        Err(Error::NoFirewall)
    }

    /// Releases every container that is not in `container_ids`: called once after the agent's start.
    pub fn retain(&self, _container_ids: &[&str]) -> Result<()> {
        Err(Error::NoFirewall)
    }

    pub fn networks(&self) -> Result<Vec<NetworkInfo>> {
        Err(Error::NoFirewall)
    }

    /// Removes bridge, links, rules and leases of this instance from the machine.
    pub fn teardown(&self) -> Result<()> {
        Err(Error::NoFirewall)
    }
}

/// Brings up `lo` in a namespace that is on no network.
pub fn lo_up(_netns: BorrowedFd<'_>) -> Result<()> {
    Err(Error::NoFirewall)
}
