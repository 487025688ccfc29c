//! The bridge and its ports as links of the machine.

use std::net::Ipv4Addr;
use std::path::Path;

use crate::instance::Names;
use crate::netlink::{Batch, Socket};
use crate::route::{self, Ipv6, Link, LinkRef};
use crate::{Error, MacAddress, Result, Subnet};

/// Where no default route tells better.
const ETHERNET_MTU: u32 = 1500;

/// IPv6 is not on links with a smaller MTU (RFC 8200, 5).
const LEAST_IPV6_MTU: u32 = 1280;

/// Exists when the kernel has IPv6.
const IPV6_SETTINGS: &str = "/proc/sys/net/ipv6";

#[derive(Debug, Clone, Copy)]
pub(crate) struct BridgeLink {
    pub(crate) index: u32,
    /// Of the bridge, its ports and the containers' interfaces: that of the default route's link.
    pub(crate) mtu: u32,
    pub(crate) ipv6: Ipv6,
}

impl BridgeLink {
    /// Makes the bridge, or puts right what is missing of it.
    pub(crate) fn ensure(
        socket: &mut Socket,
        name: &str,
        subnet: Subnet,
        links: &[Link],
    ) -> Result<Self> {
        let mtu = uplink_mtu(socket, links)?;
        if find(links, name).is_none() {
            let mut batch = Batch::default();
            route::add_bridge(&mut batch, name, MacAddress::of(subnet.gateway()), mtu);
            socket.execute(&batch)?;
        }
        let link = route::link_named(socket, name)?;
        let index = link
            .ok_or_else(|| Error::LinkMissing {
                link: name.to_owned(),
            })?
            .index;
        let bridge = Self {
            index,
            mtu,
            ipv6: ipv6(mtu),
        };
        let mut batch = Batch::default();
        route::set_mtu(
            &mut batch,
            "set the bridge's MTU",
            LinkRef::Index(index),
            mtu,
        );
        route::set_up(
            &mut batch,
            "bring up the bridge",
            LinkRef::Index(index),
            bridge.ipv6,
        );
        route::add_address(
            &mut batch,
            "add the bridge's address",
            index,
            subnet.host(subnet.gateway()),
        );
        socket.execute(&batch)?;
        Ok(bridge)
    }

    /// Puts living containers' ports back on a bridge that was deleted under them.
    pub(crate) fn reconnect(self, socket: &mut Socket, ports: &[String]) -> Result<()> {
        let mut batch = Batch::default();
        for port in ports {
            let link = LinkRef::Name(port);
            route::set_master(&mut batch, "put the port on the bridge", link, self.index);
            route::set_up(&mut batch, "bring up the port", link, self.ipv6);
        }
        unless_missing(socket.execute_each(&batch)?)
    }
}

pub(crate) fn find<'a>(links: &'a [Link], name: &str) -> Option<&'a Link> {
    links.iter().find(|link| link.name == name)
}

/// The addresses whose ports are among the links.
pub(crate) fn ported_addresses(links: &[Link], names: &Names, subnet: Subnet) -> Vec<Ipv4Addr> {
    links
        .iter()
        .filter_map(|link| names.address_of(subnet, &link.name))
        .collect()
}

/// Deletes the given links at once. One that is gone already, as with its namespace, is no error.
pub(crate) fn delete_links(socket: &mut Socket, links: &[String], group: u32) -> Result<()> {
    let mut batch = Batch::default();
    for link in links {
        route::set_group(
            &mut batch,
            "mark the link for deletion",
            LinkRef::Name(link),
            group,
        );
    }
    route::delete_group(&mut batch, group);
    unless_missing(socket.execute_each(&batch)?)
}

/// Deletes the bridge and every port of the instance.
pub(crate) fn delete_all_links(socket: &mut Socket, names: &Names) -> Result<()> {
    let links = route::links(socket)?;
    let ours = links.into_iter().map(|link| link.name);
    let ours = ours.filter(|name| *name == names.bridge || name.starts_with(&names.port_prefix));
    let ours: Vec<String> = ours.collect();
    if ours.is_empty() {
        Ok(())
    } else {
        delete_links(socket, &ours, names.doomed_group)
    }
}

fn uplink_mtu(socket: &mut Socket, links: &[Link]) -> Result<u32> {
    let routes = route::routes(socket)?;
    let default = routes
        .iter()
        .find(|route| route.destination.prefix_len() == 0);
    let link = links
        .iter()
        .find(|link| default.is_some_and(|it| it.output == Some(link.index)));
    Ok(link.map_or(ETHERNET_MTU, |link| link.mtu))
}

/// The network is for IPv4 only; where the link has IPv6 at all, it gets no address.
fn ipv6(mtu: u32) -> Ipv6 {
    let present = mtu >= LEAST_IPV6_MTU && Path::new(IPV6_SETTINGS).exists();
    if present {
        Ipv6::WithoutAddress
    } else {
        Ipv6::Kept
    }
}

fn unless_missing(refused: Vec<Error>) -> Result<()> {
    let real = refused.into_iter().find(|error| !error.is_missing());
    real.map_or(Ok(()), Err)
}
