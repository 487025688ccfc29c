//! Links on top of another link of the machine.

use std::os::fd::{AsRawFd, BorrowedFd};

use super::link::{CREATE, LinkRef, header, set_alias};
use crate::definition::{Definition, Driver};
use crate::{MacAddress, Result};
use longshore_netlink::{Attributes, Batch, Socket};

/// linux/if_link.h
const IFLA_MACVLAN_MODE: u16 = 1;
const IFLA_IPVLAN_MODE: u16 = 1;
const IFLA_VLAN_ID: u16 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of MACVLAN_MODE_.
    Macvlan(u32),
    /// One of IPVLAN_MODE_.
    Ipvlan(u16),
}

impl Kind {
    /// Of a network's members; `None` for a bridge, whose members have pairs.
    pub(crate) fn of(definition: &Definition) -> Option<Self> {
        let mode = definition.mode.as_str();
        match definition.driver {
            Driver::Bridge => None,
            Driver::Macvlan => Some(Self::macvlan(mode)),
            Driver::Ipvlan => Some(Self::ipvlan(mode)),
        }
    }

    fn macvlan(mode: &str) -> Self {
        Self::Macvlan(match mode {
            "private" => 1,
            "vepa" => 2,
            "passthru" => 8,
            _ => 4,
        })
    }

    fn ipvlan(mode: &str) -> Self {
        Self::Ipvlan(match mode {
            "l3" => 1,
            "l3s" => 2,
            _ => 0,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Macvlan(_) => "macvlan",
            Self::Ipvlan(_) => "ipvlan",
        }
    }

    fn encode(self, data: &mut Attributes<'_>) {
        match self {
            Self::Macvlan(mode) => data.u32(IFLA_MACVLAN_MODE, mode),
            Self::Ipvlan(mode) => data.bytes(IFLA_IPVLAN_MODE, &mode.to_ne_bytes()),
        }
    }
}

/// A container's link on a link of the machine.
#[derive(Debug)]
pub(crate) struct Child<'a> {
    pub(crate) kind: Kind,
    pub(crate) parent_index: u32,
    pub(crate) mtu: u32,
    pub(crate) netns: BorrowedFd<'a>,
    pub(crate) interface: &'a str,
    /// `None`: the parent's.
    pub(crate) mac: Option<MacAddress>,
}

pub(crate) fn add_child(batch: &mut Batch, child: &Child<'_>) {
    let step = "create the link in the container";
    batch.message(step, libc::RTM_NEWLINK, CREATE, &header(0, false), |link| {
        link.text(libc::IFLA_IFNAME, child.interface);
        link.u32(libc::IFLA_LINK, child.parent_index);
        link.u32(libc::IFLA_MTU, child.mtu);
        link.u32(libc::IFLA_NET_NS_FD, child.netns.as_raw_fd() as u32);
        if let Some(mac) = child.mac {
            link.bytes(libc::IFLA_ADDRESS, &mac.0);
        }
        link.nest(libc::IFLA_LINKINFO, |info| {
            info.text(libc::IFLA_INFO_KIND, child.kind.name());
            info.nest(libc::IFLA_INFO_DATA, |data| child.kind.encode(data));
        });
    });
}

/// Whether this kernel, or a module that it finds, has links of the kind. The question names no parent, so nothing is
/// made of it in any case.
pub(crate) fn has_kind(socket: &mut Socket, kind: Kind) -> Result<bool> {
    let step = "ask for a kind of link";
    let mut batch = Batch::default();
    batch.message(step, libc::RTM_NEWLINK, CREATE, &header(0, false), |link| {
        link.nest(libc::IFLA_LINKINFO, |info| {
            info.text(libc::IFLA_INFO_KIND, kind.name());
        });
    });
    let refusals = socket.execute_each(&batch)?;
    let lacks = |refusal: &longshore_netlink::Error| refusal.refusal() == Some(libc::EOPNOTSUPP);
    Ok(!refusals.iter().any(lacks))
}

/// `owner` is kept with the link, for whoever is to remove it.
pub(crate) fn add_vlan(batch: &mut Batch, name: &str, parent_index: u32, id: u16, owner: &str) {
    let step = "create the VLAN link";
    batch.message(step, libc::RTM_NEWLINK, CREATE, &header(0, false), |link| {
        link.text(libc::IFLA_IFNAME, name);
        link.u32(libc::IFLA_LINK, parent_index);
        link.nest(libc::IFLA_LINKINFO, |info| {
            info.text(libc::IFLA_INFO_KIND, "vlan");
            info.nest(libc::IFLA_INFO_DATA, |vlan| {
                vlan.bytes(IFLA_VLAN_ID, &id.to_ne_bytes());
            });
        });
    });
    set_alias(batch, LinkRef::Name(name), owner);
}
