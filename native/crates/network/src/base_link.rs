//! The link of this machine that a network's members hang on: a bridge of the network's own, a link that was there
//! before, a VLAN of that one, or a stub that leads nowhere.

use std::fs;
use std::path::{Path, PathBuf};

use crate::definition::{Definition, Driver};
use crate::instance::Names;
use crate::route::{self, Ipv6, Link, LinkRef, PortMode};
use crate::{Error, IpFamily, MacAddress, Result, Subnet};
use longshore_netlink::{Batch, Socket};

/// Where no default route tells better.
const ETHERNET_MTU: u32 = 1500;

/// IPv6 is not on links with a smaller MTU (RFC 8200, 5).
const LEAST_IPV6_MTU: u32 = 1280;

const IPV4_SETTINGS: &str = "/proc/sys/net/ipv4/conf";
/// Exists when the kernel has IPv6.
const IPV6_SETTINGS: &str = "/proc/sys/net/ipv6/conf";

const LARGEST_VLAN: u16 = 4094;

#[derive(Debug, Clone, Copy)]
pub(crate) struct BaseLink {
    pub(crate) index: u32,
    /// Of the link and of the members' interfaces.
    pub(crate) mtu: u32,
    pub(crate) mac: Option<MacAddress>,
    pub(crate) ipv6: Ipv6,
}

impl BaseLink {
    /// Makes the link of this name, or puts right what is missing of it.
    pub(crate) fn ensure(
        socket: &mut Socket,
        definition: &Definition,
        name: &str,
        names: &Names,
        links: &[Link],
    ) -> Result<Self> {
        match definition.driver {
            Driver::Bridge => ensure_bridge(socket, definition, name, links),
            Driver::Macvlan | Driver::Ipvlan => {
                make_parent(socket, definition, name, names)?;
                raise_parent(socket, definition, name)
            }
        }
    }

    /// Puts living containers' ports back on a bridge that was deleted under them.
    pub(crate) fn reconnect(self, socket: &mut Socket, ports: &[(String, PortMode)]) -> Result<()> {
        let mut batch = Batch::default();
        for (port, mode) in ports {
            let link = LinkRef::Name(port);
            route::set_master(&mut batch, "put the port on the bridge", link, self.index);
            route::set_port_mode(&mut batch, link, *mode);
            route::set_up(&mut batch, "bring up the port", link, Ipv6::WithoutAddress);
        }
        unless_missing(socket.execute_each(&batch)?)
    }
}

pub(crate) fn find<'a>(links: &'a [Link], name: &str) -> Option<&'a Link> {
    links.iter().find(|link| link.name == name)
}

/// Deletes the given links at once. One that is gone already, as with its namespace, is no error.
pub(crate) fn delete_links(socket: &mut Socket, links: &[String], group: u32) -> Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let mut batch = Batch::default();
    for link in links {
        let link = LinkRef::Name(link);
        route::set_group(&mut batch, "mark the link for deletion", link, group);
    }
    route::delete_group(&mut batch, group);
    unless_missing(socket.execute_each(&batch)?)
}

/// Of the link that the default route goes by.
pub(crate) fn uplink_mtu(socket: &mut Socket, links: &[Link]) -> Result<u32> {
    let routes = route::routes(socket)?;
    let default = routes
        .iter()
        .find(|route| route.destination.prefix_len() == 0);
    let link = links
        .iter()
        .find(|link| default.is_some_and(|it| it.output == Some(link.index)));
    Ok(link.map_or(ETHERNET_MTU, |link| link.mtu))
}

/// "eth0.50": the link below and the number.
pub(crate) fn vlan(parent: &str) -> Option<(&str, u16)> {
    let (below, id) = parent.rsplit_once('.')?;
    let id = id
        .parse()
        .ok()
        .filter(|id| (1..=LARGEST_VLAN).contains(id))?;
    Some((below, id))
}

fn ensure_bridge(
    socket: &mut Socket,
    definition: &Definition,
    name: &str,
    links: &[Link],
) -> Result<BaseLink> {
    let mtu = match definition.mtu {
        0 => uplink_mtu(socket, links)?,
        mtu => mtu,
    };
    let gateways: Vec<Subnet> = definition
        .pools
        .iter()
        .map(|pool| pool.subnet.host(pool.gateway()))
        .collect();
    if find(links, name).is_none() {
        let first = gateways.first().map(|gateway| gateway.address());
        let mac = MacAddress::of(first.unwrap_or_else(|| IpFamily::V4.unspecified()));
        let mut batch = Batch::default();
        route::add_bridge(&mut batch, name, mac, mtu);
        socket.execute(&batch)?;
    }
    let link = named(socket, name)?;
    prepare(name, definition)?;
    let mut batch = Batch::default();
    let (reference, ipv6) = (LinkRef::Index(link.index), ipv6(mtu));
    route::set_mtu(&mut batch, "set the bridge's MTU", reference, mtu);
    route::set_up(&mut batch, "bring up the bridge", reference, ipv6);
    let step = "add the bridge's address";
    for gateway in gateways.into_iter().chain(link_local(definition, link.mac)) {
        route::add_address(&mut batch, step, link.index, gateway);
    }
    socket.execute(&batch)?;
    Ok(BaseLink {
        index: link.index,
        mtu,
        mac: link.mac,
        ipv6,
    })
}

/// The machine asks members for their link address from it.
fn link_local(definition: &Definition, mac: Option<MacAddress>) -> Option<Subnet> {
    let mac = mac.filter(|_| definition.ipv6)?;
    Subnet::new(mac.link_local(), 64)
}

/// Lets the machine's own connections to published ports of 127.0.0.1 leave by the bridge, and lets it have IPv6.
fn prepare(bridge: &str, definition: &Definition) -> Result<()> {
    if definition.ipv4 {
        let path = Path::new(IPV4_SETTINGS).join(bridge).join("route_localnet");
        write(path, "1")?;
    }
    if definition.ipv6 {
        let path = Path::new(IPV6_SETTINGS).join(bridge).join("disable_ipv6");
        write(path, "0")?;
    }
    Ok(())
}

fn make_parent(
    socket: &mut Socket,
    definition: &Definition,
    name: &str,
    names: &Names,
) -> Result<()> {
    if route::link_named(socket, name)?.is_some() {
        return Ok(());
    }
    let mut batch = Batch::default();
    match vlan(name) {
        // A pair with both ends here: unlike a bridge without ports it has a carrier, and every kernel that has
        // containers has it.
        _ if definition.parent.is_empty() => {
            let end = names.end_of(name);
            route::add_stub(&mut batch, name, &end, ETHERNET_MTU);
            let kept = ipv6(ETHERNET_MTU);
            let step = "bring up the stub";
            route::set_up(&mut batch, step, LinkRef::Name(&end), kept);
            route::set_up(&mut batch, step, LinkRef::Name(name), kept);
        }
        Some((below, id)) => {
            let below = named(socket, below)?;
            route::add_vlan(&mut batch, name, below.index, id, &names.table);
        }
        None => {}
    }
    Ok(socket.execute(&batch)?)
}

/// A parent that was there before is brought up, too: members hear nothing by a link that is down.
fn raise_parent(socket: &mut Socket, definition: &Definition, name: &str) -> Result<BaseLink> {
    let mut batch = Batch::default();
    let step = "bring up the parent link";
    route::set_up(&mut batch, step, LinkRef::Name(name), Ipv6::Kept);
    socket.execute(&batch)?;
    let link = named(socket, name)?;
    let mtu = match definition.mtu {
        0 => link.mtu,
        mtu => mtu,
    };
    Ok(BaseLink {
        index: link.index,
        mtu,
        mac: link.mac,
        ipv6: ipv6(mtu),
    })
}

fn named(socket: &mut Socket, name: &str) -> Result<Link> {
    let link = route::link_named(socket, name)?;
    link.ok_or_else(|| Error::LinkMissing {
        link: name.to_owned(),
    })
}

/// Addresses are given, never made by the kernel, where the link has IPv6 at all.
fn ipv6(mtu: u32) -> Ipv6 {
    let present = mtu >= LEAST_IPV6_MTU && Path::new(IPV6_SETTINGS).exists();
    if present {
        Ipv6::WithoutAddress
    } else {
        Ipv6::Kept
    }
}

fn write(path: PathBuf, value: &str) -> Result<()> {
    fs::write(&path, value).map_err(|source| Error::File {
        step: "write",
        path,
        source,
    })
}

fn unless_missing(refused: Vec<longshore_netlink::Error>) -> Result<()> {
    let real = refused.into_iter().find(|error| !error.is_missing());
    real.map_or(Ok(()), |error| Err(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vlan_is_told_by_its_number() {
        assert_eq!(vlan("eth0.50"), Some(("eth0", 50)));
        for no_vlan in ["eth0", "eth0.", "eth0.0", "eth0.4095", "eth0.x"] {
            assert_eq!(vlan(no_vlan), None, "{no_vlan}");
        }
    }
}
