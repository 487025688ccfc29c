//! The default network's state in the kernel, and the steps that change it. Not synchronised: `host` holds it in a lock.

use std::net::Ipv4Addr;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::dns::host_nameservers;
use crate::firewall::{Firewall, ForwardPolicy, Forwarding, Plan};
use crate::instance::Names;
use crate::leases::Leases;
use crate::netlink::{Batch, Socket};
use crate::route::{self, Link, LinkChange, LinkRef, VethPair};
use crate::state::StateFile;
use crate::{Error, MacAddress, Result, Subnet, subnet};

/// The link's name inside a container.
pub(crate) const INTERFACE: &str = "eth0";

/// Where no default route tells better.
const ETHERNET_MTU: u32 = 1500;

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

#[derive(Debug, Clone, Copy)]
struct BridgeLink {
    index: u32,
    mtu: u32,
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

    /// Returns the addresses whose ports still stand without a lease.
    pub(crate) fn ensure(&mut self) -> Result<Vec<Ipv4Addr>> {
        self.bridge = None;
        let links = route::links(&mut self.route)?;
        let subnet = self.choose_subnet(&links)?;
        let strays = self.hold_strays(&links, subnet);
        let bridge = self.ensure_bridge(&links, subnet)?;
        let members = self.leased_addresses();
        self.reconnect_ports(bridge, subnet, &members)?;
        self.firewall.ensure(
            Plan {
                names: &self.names,
                subnet,
            },
            &members,
        )?;
        self.forwarding.ensure(&mut self.firewall, &links)?;
        self.recheck_forward_policy()?;
        self.bridge = Some(bridge);
        Ok(strays)
    }

    pub(crate) fn is_ensured(&self) -> bool {
        self.bridge.is_some()
    }

    /// Whether another `ensure` would find nothing to put right of link and tables.
    pub(crate) fn is_whole(&mut self) -> Result<bool> {
        let (Some(bridge), Some(allocation)) = (self.bridge, &self.allocation) else {
            return Ok(false);
        };
        let plan = Plan {
            names: &self.names,
            subnet: allocation.subnet,
        };
        let link = route::link_named(&mut self.route, &self.names.bridge)?;
        Ok(link.is_some_and(|link| link.index == bridge.index) && self.firewall.is_intact(plan)?)
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

    /// Makes the container's pair of links, one on the bridge and one in its namespace, and lets it send.
    pub(crate) fn connect(&mut self, address: Ipv4Addr, netns: BorrowedFd<'_>) -> Result<()> {
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
        let up = LinkChange {
            up: true,
            without_ipv6_address: true,
            ..LinkChange::default()
        };
        route::change_link(&mut batch, "bring up the port", LinkRef::Name(&port), up);
        self.route.execute(&batch)?;
        self.firewall.admit(
            Plan {
                names: &self.names,
                subnet,
            },
            address,
        )
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
        let Some(allocation) = self.allocation.take() else {
            return Ok(());
        };
        self.bridge = None;
        let plan = Plan {
            names: &self.names,
            subnet: allocation.subnet,
        };
        ForwardPolicy {
            bridge: &self.names.bridge,
        }
        .remove(&mut self.firewall)?;
        delete_links(&mut self.route, &self.names)?;
        self.firewall.remove(plan)?;
        let links = route::links(&mut self.route)?;
        self.forwarding.restore(&mut self.firewall, &links)?;
        allocation.leases.delete()?;
        self.record.remove()
    }

    fn leased_addresses(&self) -> Vec<Ipv4Addr> {
        self.allocation
            .as_ref()
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
        let own = find(links, &self.names.bridge).map(|link| link.index);
        let mut occupied: Vec<Subnet> = host_nameservers()?
            .into_iter()
            .filter_map(|address| Subnet::new(address, 32))
            .collect();
        let routes = route::routes(&mut self.route)?;
        occupied.extend(
            routes
                .iter()
                .filter(|route| route.output != own || own.is_none())
                .map(|it| it.destination),
        );
        let addresses = route::addresses(&mut self.route)?;
        occupied.extend(
            addresses
                .iter()
                .filter(|(index, _)| Some(*index) != own)
                .map(|(_, subnet)| *subnet),
        );
        if let Some(Allocation { subnet, leases }) = &self.allocation
            && (!leases.is_empty() || subnet::is_clear(*subnet, &occupied))
        {
            return Ok(*subnet);
        }
        let subnet = subnet::choose(&occupied)?;
        delete_links(&mut self.route, &self.names)?;
        self.record.write(&Record { subnet })?;
        self.allocate(subnet)?;
        Ok(subnet)
    }

    fn hold_strays(&mut self, links: &[Link], subnet: Subnet) -> Vec<Ipv4Addr> {
        let names = &self.names;
        let ports = links
            .iter()
            .filter_map(|link| names.address_of(subnet, &link.name));
        let leased = self.leased_addresses();
        let strays: Vec<Ipv4Addr> = ports.filter(|address| !leased.contains(address)).collect();
        if let Some(leases) = self.leases() {
            leases.hold(&strays);
        }
        strays
    }

    fn ensure_bridge(&mut self, links: &[Link], subnet: Subnet) -> Result<BridgeLink> {
        let mtu = self.mtu(links)?;
        let name = self.names.bridge.as_str();
        if find(links, name).is_none() {
            let mut batch = Batch::default();
            route::add_bridge(&mut batch, name, MacAddress::of(subnet.gateway()), mtu);
            self.route.execute(&batch)?;
        }
        let link = route::link_named(&mut self.route, name)?;
        let index = link.ok_or_else(|| self.not_ensured())?.index;
        let mut batch = Batch::default();
        let up = LinkChange {
            up: true,
            mtu: Some(mtu),
            without_ipv6_address: true,
            ..LinkChange::default()
        };
        route::change_link(&mut batch, "bring up the bridge", LinkRef::Index(index), up);
        route::add_address(
            &mut batch,
            "add the bridge's address",
            index,
            subnet.host(subnet.gateway()),
        );
        self.route.execute(&batch)?;
        Ok(BridgeLink { index, mtu })
    }

    /// Puts living containers' ports back on a bridge that was deleted under them.
    fn reconnect_ports(
        &mut self,
        bridge: BridgeLink,
        subnet: Subnet,
        members: &[Ipv4Addr],
    ) -> Result<()> {
        let mut batch = Batch::default();
        let change = LinkChange {
            up: true,
            master: Some(bridge.index),
            ..LinkChange::default()
        };
        for address in members {
            let port = self.names.port(subnet, *address);
            route::change_link(
                &mut batch,
                "put the port on the bridge",
                LinkRef::Name(&port),
                change,
            );
        }
        unless_missing(self.route.execute_each(&batch)?)
    }

    /// That of the link which the default route leaves by.
    fn mtu(&mut self, links: &[Link]) -> Result<u32> {
        let routes = route::routes(&mut self.route)?;
        let default = routes
            .iter()
            .find(|route| route.destination.prefix_len() == 0);
        let link = links
            .iter()
            .find(|link| default.is_some_and(|route| route.output == Some(link.index)));
        Ok(link.map_or(ETHERNET_MTU, |link| link.mtu))
    }

    fn not_ensured(&self) -> Error {
        Error::LinkMissing {
            link: self.names.bridge.clone(),
        }
    }
}

/// Deletes the given ports at once. A port that is gone already, with its namespace, is no error.
pub(crate) fn delete_ports(socket: &mut Socket, ports: &[String], group: u32) -> Result<()> {
    let mut batch = Batch::default();
    let doom = LinkChange {
        group: Some(group),
        ..LinkChange::default()
    };
    for port in ports {
        route::change_link(
            &mut batch,
            "mark the port for deletion",
            LinkRef::Name(port),
            doom,
        );
    }
    route::delete_group(&mut batch, group);
    unless_missing(socket.execute_each(&batch)?)
}

/// Deletes the bridge and every port of the instance.
fn delete_links(socket: &mut Socket, names: &Names) -> Result<()> {
    let links = route::links(socket)?;
    let ours = links.into_iter().map(|link| link.name);
    let ours = ours.filter(|name| *name == names.bridge || name.starts_with(&names.port_prefix));
    let ours: Vec<String> = ours.collect();
    if ours.is_empty() {
        Ok(())
    } else {
        delete_ports(socket, &ours, names.doomed_group)
    }
}

fn unless_missing(refused: Vec<(u32, Error)>) -> Result<()> {
    let real = refused
        .into_iter()
        .map(|(_, error)| error)
        .find(|error| !error.is_missing());
    real.map_or(Ok(()), Err)
}

fn find<'a>(links: &'a [Link], name: &str) -> Option<&'a Link> {
    links.iter().find(|link| link.name == name)
}
