use std::net::IpAddr;

use super::link::{LinkRef, header};
use crate::{IpFamily, MacAddress, Result, Subnet};
use longshore_netlink::{Attribute, Batch, Reply, Socket};

const DUMP: u16 = libc::NLM_F_DUMP as u16;
const IFINFOMSG: usize = 16;
const IFADDRMSG: usize = 8;
const RTMSG: usize = 12;

/// linux/if_link.h, linux/if.h
const IFLA_OPERSTATE: u16 = 16;
const IF_OPER_UP: u8 = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) mtu: u32,
    /// `None` where it is not an Ethernet address.
    pub(crate) mac: Option<MacAddress>,
    pub(crate) master: Option<u32>,
    /// What somebody noted with it.
    pub(crate) alias: Option<String>,
    /// Packets go through it: more than that it is up and has a carrier.
    pub(crate) is_operational: bool,
    /// "bridge", "veth", ...; none for a physical interface and for `lo`.
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) destination: Subnet,
    pub(crate) output: Option<u32>,
}

pub(crate) fn links(socket: &mut Socket) -> Result<Vec<Link>> {
    let mut batch = Batch::default();
    batch.unacknowledged(
        "list links",
        libc::RTM_GETLINK,
        DUMP,
        &[0; IFINFOMSG],
        |_| {},
    );
    Ok(socket
        .query(&batch)?
        .iter()
        .filter_map(parse_link)
        .collect())
}

pub(crate) fn link_named(socket: &mut Socket, name: &str) -> Result<Option<Link>> {
    link(socket, LinkRef::Name(name))
}

/// The kernel first does what it has put off after a change of the link's carrier (rtnl_getlink, since Linux 6.8).
pub(crate) fn link(socket: &mut Socket, link: LinkRef<'_>) -> Result<Option<Link>> {
    let mut batch = Batch::default();
    let (index, name) = link.parts();
    batch.unacknowledged(
        "find the link",
        libc::RTM_GETLINK,
        0,
        &header(index, false),
        |link| {
            if let Some(name) = name {
                link.text(libc::IFLA_IFNAME, name);
            }
        },
    );
    match socket.query(&batch) {
        Ok(replies) => Ok(replies.iter().find_map(parse_link)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The subnets of all addresses of the machine, with the number of the link each is on.
pub(crate) fn addresses(socket: &mut Socket) -> Result<Vec<(u32, Subnet)>> {
    let mut batch = Batch::default();
    let header = [0; IFADDRMSG];
    batch.unacknowledged("list addresses", libc::RTM_GETADDR, DUMP, &header, |_| {});
    Ok(socket
        .query(&batch)?
        .iter()
        .filter_map(parse_address)
        .collect())
}

/// The unicast routes of all tables, those of policy routing (VPNs) included.
pub(crate) fn routes(socket: &mut Socket) -> Result<Vec<Route>> {
    let mut batch = Batch::default();
    let header = [0; RTMSG];
    batch.unacknowledged("list routes", libc::RTM_GETROUTE, DUMP, &header, |_| {});
    Ok(socket
        .query(&batch)?
        .iter()
        .filter_map(parse_route)
        .collect())
}

fn parse_link(reply: &Reply) -> Option<Link> {
    let (header, attributes) = reply.body.split_at_checked(IFINFOMSG)?;
    if reply.kind != libc::RTM_NEWLINK {
        return None;
    }
    let info = Attribute::find(attributes, libc::IFLA_LINKINFO).unwrap_or_default();
    Some(Link {
        index: u32::from_ne_bytes(header[4..8].try_into().ok()?),
        name: Attribute::find_text(attributes, libc::IFLA_IFNAME)?,
        mtu: Attribute::find_u32(attributes, libc::IFLA_MTU)?,
        mac: Attribute::find(attributes, libc::IFLA_ADDRESS)
            .and_then(|bytes| bytes.try_into().ok())
            .map(MacAddress),
        master: Attribute::find_u32(attributes, libc::IFLA_MASTER),
        alias: Attribute::find_text(attributes, libc::IFLA_IFALIAS),
        is_operational: Attribute::find(attributes, IFLA_OPERSTATE) == Some(&[IF_OPER_UP]),
        kind: Attribute::find_text(info, libc::IFLA_INFO_KIND),
    })
}

fn parse_address(reply: &Reply) -> Option<(u32, Subnet)> {
    let (header, attributes) = reply.body.split_at_checked(IFADDRMSG)?;
    if reply.kind != libc::RTM_NEWADDR {
        return None;
    }
    let index = u32::from_ne_bytes(header[4..8].try_into().ok()?);
    let family = family(header[0])?;
    let address = find_address(attributes, libc::IFA_LOCAL, family)
        .or_else(|| find_address(attributes, libc::IFA_ADDRESS, family))?;
    Some((index, Subnet::new(address, header[1])?))
}

fn parse_route(reply: &Reply) -> Option<Route> {
    let (header, attributes) = reply.body.split_at_checked(RTMSG)?;
    if reply.kind != libc::RTM_NEWROUTE || header[7] != libc::RTN_UNICAST {
        return None;
    }
    let family = family(header[0])?;
    let address = find_address(attributes, libc::RTA_DST, family);
    let address = address.unwrap_or_else(|| family.unspecified());
    Some(Route {
        destination: Subnet::new(address, header[1])?,
        output: Attribute::find_u32(attributes, libc::RTA_OIF),
    })
}

fn family(number: u8) -> Option<IpFamily> {
    IpFamily::ALL.into_iter().find(|it| it.number() == number)
}

fn find_address(attributes: &[u8], kind: u16, family: IpFamily) -> Option<IpAddr> {
    let bytes = Attribute::find(attributes, kind)?;
    match family {
        IpFamily::V4 => Some(IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        IpFamily::V6 => Some(IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?)),
    }
}
