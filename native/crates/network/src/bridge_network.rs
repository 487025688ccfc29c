//! The default network's state in the kernel and the steps that change it. Not synchronised: `host` holds it in a lock.

use std::net::Ipv4Addr;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::bridge_link::{self, BridgeLink};
use crate::dns::host_nameservers;
use crate::firewall::{Firewall, ForwardPolicy, Forwarding, Plan};
use crate::instance::Names;
use crate::leases::Leases;
use crate::netlink::{Batch, Socket};
use crate::netns::{INTERFACE, Interface};
use crate::route::{self, Link, LinkRef, VethPair};
use crate::state::StateFile;
use crate::{Error, MacAddress, Result, Subnet, subnet};

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    subnet: Subnet,
}

#[derive(Debug)]
pub(crate) struct BridgeNetwork {
    names: Names,
    state_dir: PathBuf,
    record: StateFile,
    forwarding: Forwarding,
    route: Socket,
    firewall: Firewall,
    allocation: Option<Allocation>,
    /// Known once `ensure` has succeeded.
    bridge: Option<BridgeLink>,
}

#[derive(Debug)]
struct Allocation {
    subnet: Subnet,
    leases: Leases,
}

impl BridgeNetwork {
    pub(crate) fn open(state_dir: &Path, instance: &str) -> Result<Self> {
        let mut network = Self {
            names: Names::of(instance),
            record: StateFile::new(state_dir, "network.json"),
            forwarding: Forwarding::new(StateFile::new(state_dir, "forwarding.json")),
            state_dir: state_dir.to_owned(),
            route: Socket::route()?,
            firewall: Firewall::open()?,
            allocation: None,
            bridge: None,
        };
        if let Some(Record { subnet }) = network.record.read()? {
            network.allocate(subnet)?;
        }
        Ok(network)
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// `None` while the network has no addresses yet.
    pub(crate) fn leases(&mut self) -> Option<&mut Leases> {
        self.allocation
            .as_mut()
            .map(|allocation| &mut allocation.leases)
    }

    pub(crate) fn known_subnet(&self) -> Option<Subnet> {
        self.allocation.as_ref().map(|allocation| allocation.subnet)
    }

    /// The network's addresses, chosen and recorded when it has none yet.
    pub(crate) fn subnet(&mut self) -> Result<Subnet> {
        if let Some(subnet) = self.known_subnet() {
            return Ok(subnet);
        }
        let links = route::links(&mut self.route)?;
        self.choose_subnet(&links)
    }

    /// Whether frames that come out of containers are checked one by one.
    pub(crate) fn filters_frames(&self) -> bool {
        matches!(self.firewall, Firewall::Nftables { .. })
    }

    /// Returns the addresses whose ports still stand without a lease; they are not leased until freed.
    pub(crate) fn ensure(&mut self) -> Result<Vec<Ipv4Addr>> {
        self.bridge = None;
        let links = route::links(&mut self.route)?;
        let subnet = self.choose_subnet(&links)?;
        let bridge = BridgeLink::ensure(&mut self.route, &self.names.bridge, subnet, &links)?;
        let members = self.leased_addresses();
        let ports: Vec<String> = members
            .iter()
            .map(|it| self.names.port(subnet, *it))
            .collect();
        bridge.reconnect(&mut self.route, &ports)?;
        self.firewall.ensure(
            Plan {
                names: &self.names,
                subnet,
            },
            &members,
        )?;
        self.forwarding
            .ensure(&mut self.firewall, &mut self.route)?;
        self.recheck_forward_policy()?;
        self.bridge = Some(bridge);
        Ok(self.hold_strays(&links, subnet, &members))
    }

    pub(crate) fn is_ensured(&self) -> bool {
        self.bridge.is_some()
    }

    /// Whether another `ensure` would find nothing to put right of link and tables.
    pub(crate) fn is_whole(&mut self) -> Result<bool> {
        let (Some(bridge), Some(subnet)) = (self.bridge, self.known_subnet()) else {
            return Ok(false);
        };
        let link = route::link_named(&mut self.route, &self.names.bridge)?;
        let stands = link.is_some_and(|link| link.index == bridge.index);
        Ok(stands
            && self.firewall.is_intact(Plan {
                names: &self.names,
                subnet,
            })?)
    }

    /// Whether anybody has changed rules since the last call.
    pub(crate) fn firewall_has_changed(&mut self) -> Result<bool> {
        self.firewall.has_changed()
    }

    pub(crate) fn recheck_forward_policy(&mut self) -> Result<()> {
        ForwardPolicy {
            bridge: &self.names.bridge,
        }
        .ensure(&mut self.firewall)?;
        self.firewall.has_changed().map(drop)
    }

    pub(crate) fn lease(&mut self, container_id: &str) -> Result<Ipv4Addr> {
        let missing = self.not_ensured();
        self.leases().ok_or(missing)?.acquire(container_id)
    }

    /// Makes the container's pair of links, one on the bridge and one in its namespace, and lets it send. Returns what
    /// is left to do inside.
    pub(crate) fn connect(
        &mut self,
        address: Ipv4Addr,
        netns: BorrowedFd<'_>,
    ) -> Result<Interface> {
        let subnet = self.subnet()?;
        let bridge = self.bridge.ok_or_else(|| self.not_ensured())?;
        let port = self.names.port(subnet, address);
        let mut batch = Batch::default();
        let pair = VethPair {
            port: &port,
            bridge_index: bridge.index,
            mtu: bridge.mtu,
            netns,
            interface: INTERFACE,
            mac: MacAddress::of(address),
        };
        route::add_veth(&mut batch, &pair);
        route::set_up(
            &mut batch,
            "bring up the port",
            LinkRef::Name(&port),
            bridge.ipv6,
        );
        self.route.execute(&batch)?;
        self.firewall.admit(
            Plan {
                names: &self.names,
                subnet,
            },
            address,
        )?;
        Ok(Interface {
            address: subnet.host(address),
            ipv6: bridge.ipv6,
        })
    }

    /// Nothing that the address' holder sends passes any more.
    pub(crate) fn disconnect(&mut self, address: Ipv4Addr) -> Result<()> {
        let subnet = self.subnet()?;
        self.firewall.revoke(
            Plan {
                names: &self.names,
                subnet,
            },
            address,
        )
    }

    pub(crate) fn teardown(&mut self) -> Result<()> {
        let standing = self.standing_subnet()?;
        let allocation = self.allocation.take();
        let subnet = allocation.as_ref().map(|allocation| allocation.subnet);
        self.bridge = None;
        ForwardPolicy {
            bridge: &self.names.bridge,
        }
        .remove(&mut self.firewall)?;
        bridge_link::delete_all_links(&mut self.route, &self.names)?;
        if let Some(subnet) = subnet.or(standing) {
            self.firewall.remove(Plan {
                names: &self.names,
                subnet,
            })?;
        }
        self.forwarding
            .restore(&mut self.firewall, &mut self.route)?;
        if let Some(allocation) = allocation {
            allocation.leases.delete()?;
        }
        self.record.remove()
    }

    /// The subnet of the bridge as it stands, which tells it even when the record is lost.
    fn standing_subnet(&mut self) -> Result<Option<Subnet>> {
        let Some(link) = route::link_named(&mut self.route, &self.names.bridge)? else {
            return Ok(None);
        };
        let addresses = route::addresses(&mut self.route)?;
        let own = addresses.iter().find(|(index, _)| *index == link.index);
        Ok(own.map(|(_, subnet)| *subnet))
    }

    fn leased_addresses(&self) -> Vec<Ipv4Addr> {
        let allocation = self.allocation.as_ref();
        allocation
            .map(|allocation| allocation.leases.addresses())
            .unwrap_or_default()
    }

    fn allocate(&mut self, subnet: Subnet) -> Result<()> {
        let leases = Leases::open(&self.state_dir.join("leases"), subnet)?;
        self.allocation = Some(Allocation { subnet, leases });
        Ok(())
    }

    /// Keeps the recorded subnet while containers have addresses of it, or nothing else has come to use it.
    fn choose_subnet(&mut self, links: &[Link]) -> Result<Subnet> {
        let occupied = self.occupied(links)?;
        if let Some(Allocation { subnet, leases }) = &self.allocation
            && (!leases.is_empty() || subnet::is_clear(*subnet, &occupied))
        {
            return Ok(*subnet);
        }
        let subnet = subnet::choose(&occupied)?;
        bridge_link::delete_all_links(&mut self.route, &self.names)?;
        self.record.write(&Record { subnet })?;
        self.allocate(subnet)?;
        Ok(subnet)
    }

    /// What the machine reaches other than by our bridge.
    fn occupied(&mut self, links: &[Link]) -> Result<Vec<Subnet>> {
        let own = bridge_link::find(links, &self.names.bridge).map(|link| link.index);
        let is_foreign = |index: Option<u32>| index.is_none() || index != own;
        let servers = host_nameservers()?;
        let routes = route::routes(&mut self.route)?;
        let addresses = route::addresses(&mut self.route)?;
        let servers = servers
            .into_iter()
            .filter_map(|address| Subnet::new(address, 32));
        let routes = routes.iter().filter(|route| is_foreign(route.output));
        let addresses = addresses
            .iter()
            .filter(|(index, _)| is_foreign(Some(*index)));
        let routes = routes.map(|route| route.destination);
        Ok(servers
            .chain(routes)
            .chain(addresses.map(|(_, subnet)| *subnet))
            .collect())
    }

    fn hold_strays(
        &mut self,
        links: &[Link],
        subnet: Subnet,
        leased: &[Ipv4Addr],
    ) -> Vec<Ipv4Addr> {
        let mut strays = bridge_link::ported_addresses(links, &self.names, subnet);
        strays.retain(|address| !leased.contains(address));
        if let Some(leases) = self.leases() {
            leases.hold(&strays);
        }
        strays
    }

    fn not_ensured(&self) -> Error {
        Error::LinkMissing {
            link: self.names.bridge.clone(),
        }
    }
}
