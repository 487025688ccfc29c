use std::fs;
use std::net::Ipv4Addr;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::bridge_network::BridgeNetwork;
use crate::maintenance::{Maintenance, Task};
use crate::netns::{INTERFACE, Interface, Netns};
use crate::{Error, MacAddress, Result, Subnet};

/// The name of the network that a container gets when none is named.
pub const DEFAULT_NETWORK: &str = "bridge";

/// iptables-legacy does not tell of changes, so its rules are looked at again after so long.
const RECHECK_AFTER: Duration = Duration::from_secs(30);

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

/// The networks of one agent. Usable from many threads; every call is synchronous and must be made in the network
/// namespace that `open` was called in.
#[derive(Debug)]
pub struct NetworkHost {
    network: Arc<Mutex<BridgeNetwork>>,
    last_recheck: Mutex<Instant>,
    maintenance: Maintenance,
}

impl NetworkHost {
    /// Reads the state in `state_dir` (made when missing). Changes nothing on the machine: the bridge is made by
    /// `ensure`, or by the first `attach`. `instance` tells this agent from others; `DEFAULT_INSTANCE` gets the link
    /// name "longshore0". `report` is told why links could not be deleted in the background.
    pub fn open(state_dir: &Path, instance: &str, report: fn(&Error)) -> Result<Self> {
        let created = fs::create_dir_all(state_dir);
        created.map_err(|source| Error::File {
            step: "create",
            path: state_dir.into(),
            source,
        })?;
        let network = Arc::new(Mutex::new(BridgeNetwork::open(state_dir, instance)?));
        let maintenance = Maintenance::start(Arc::clone(&network), report)?;
        Ok(Self {
            network,
            last_recheck: Mutex::new(Instant::now()),
            maintenance,
        })
    }

    /// Makes the default network, or puts right what is missing of it: link, address, rules, forwarding.
    pub fn ensure(&self) -> Result<NetworkInfo> {
        self.ensure_locked(&mut lock(&self.network))?;
        self.default_network()
    }

    /// Gives the namespace an `eth0` with an address on `network`, a default route, and `lo` up. The namespace must be
    /// fresh. Nothing is left behind when it fails.
    pub fn attach(
        &self,
        network: &str,
        container_id: &str,
        netns: BorrowedFd<'_>,
    ) -> Result<AssignedAddress> {
        if network != DEFAULT_NETWORK {
            return Err(Error::UnknownNetwork {
                name: network.to_owned(),
            });
        }
        let mut namespace = self.enter(netns)?;
        let interface = self.connect(container_id, netns)?;
        self.maintenance.submit(Task::Attached);
        if let Err(error) = namespace.configure(&interface) {
            self.release(container_id)?;
            return Err(error);
        }
        let address = interface.address;
        Ok(AssignedAddress {
            network: network.to_owned(),
            interface: INTERFACE.to_owned(),
            address,
            gateway: address.gateway(),
            mac: MacAddress::of(address.address()),
        })
    }

    /// Takes the container off its network; nothing happens when it is on none. Its links go in the background, and
    /// its address is not given away before they are gone.
    pub fn release(&self, container_id: &str) -> Result<()> {
        self.release_locked(&mut lock(&self.network), container_id)
    }

    /// Releases every container that is not in `container_ids`: called once after the agent's start.
    pub fn retain(&self, container_ids: &[&str]) -> Result<()> {
        let mut network = lock(&self.network);
        let Some(leases) = network.leases() else {
            return Ok(());
        };
        let gone = leases
            .ids()
            .filter(|id| !container_ids.contains(id))
            .map(str::to_owned);
        for id in gone.collect::<Vec<String>>() {
            self.release_locked(&mut network, &id)?;
        }
        Ok(())
    }

    pub fn networks(&self) -> Result<Vec<NetworkInfo>> {
        Ok(vec![self.default_network()?])
    }

    /// Removes bridge, links, rules and leases of this instance from the machine. Containers that are still attached
    /// lose their network.
    pub fn teardown(&self) -> Result<()> {
        lock(&self.network).teardown()
    }

    /// What holds this machine's rules: "nftables" or "iptables".
    pub fn firewall(&self) -> &'static str {
        match lock(&self.network).filters_frames() {
            true => "nftables",
            false => "iptables",
        }
    }

    fn default_network(&self) -> Result<NetworkInfo> {
        let mut network = lock(&self.network);
        let subnet = network.subnet()?;
        Ok(NetworkInfo {
            name: DEFAULT_NETWORK.to_owned(),
            bridge: network.names().bridge.clone(),
            subnet: subnet.host(subnet.network()),
            gateway: subnet.gateway(),
        })
    }

    fn enter(&self, netns: BorrowedFd<'_>) -> Result<Netns> {
        if lock(&self.network).filters_frames() {
            Netns::enter(netns)
        } else {
            Netns::enter_without_ipv6(netns)
        }
    }

    /// Leases an address and makes the links; what is inside the namespace is left to do.
    fn connect(&self, container_id: &str, netns: BorrowedFd<'_>) -> Result<Interface> {
        let mut network = lock(&self.network);
        self.make_ready(&mut network)?;
        let address = network.lease(container_id)?;
        let connected = self.connect_or_repair(&mut network, address, netns);
        if connected.is_err() {
            self.release_locked(&mut network, container_id)?;
        }
        connected
    }

    /// The network is whole as far as one short question to the kernel can tell.
    fn make_ready(&self, network: &mut BridgeNetwork) -> Result<()> {
        let changed = network.firewall_has_changed()?;
        if !network.is_ensured() || changed && !network.is_whole()? {
            return self.ensure_locked(network);
        }
        let mut last_recheck = lock(&self.last_recheck);
        if changed || last_recheck.elapsed() > RECHECK_AFTER {
            *last_recheck = Instant::now();
            self.maintenance.submit(Task::RecheckForwardPolicy);
        }
        Ok(())
    }

    /// Tries once more when the bridge or the tables had been removed from under us.
    fn connect_or_repair(
        &self,
        network: &mut BridgeNetwork,
        address: Ipv4Addr,
        netns: BorrowedFd<'_>,
    ) -> Result<Interface> {
        let connected = network.connect(address, netns);
        if connected.is_ok() || network.is_whole()? {
            return connected;
        }
        self.ensure_locked(network)?;
        network.connect(address, netns)
    }

    fn ensure_locked(&self, network: &mut BridgeNetwork) -> Result<()> {
        let strays = network.ensure()?;
        self.maintenance.submit(Task::Retire(strays));
        Ok(())
    }

    fn release_locked(&self, network: &mut BridgeNetwork, container_id: &str) -> Result<()> {
        let Some(leases) = network.leases() else {
            return Ok(());
        };
        let Some(address) = leases.release(container_id)? else {
            return Ok(());
        };
        self.maintenance.submit(Task::Retire(vec![address]));
        network.disconnect(address)
    }
}

/// Brings up `lo` in a namespace that is on no network.
pub fn lo_up(netns: BorrowedFd<'_>) -> Result<()> {
    Netns::enter(netns)?.loopback_up()
}

/// Another thread's panic leaves nothing half-changed that the kernel does not tell us again.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
