//! rtnetlink messages: links, addresses and routes (rtnetlink(7), linux/if_link.h).

mod address;
mod bridge;
mod link;
mod lookup;
mod operational;
mod parented;
mod veth;

pub(crate) use address::{add_address, add_default_route, delete_default_route};
pub(crate) use bridge::{PortMode, add_bridge, set_master, set_port_mode};
pub(crate) use link::{Ipv6, LinkRef, delete, delete_group};
pub(crate) use link::{set_group, set_mac, set_mtu, set_up};
pub(crate) use lookup::{Link, addresses, link_named, links, routes};
pub(crate) use operational::wait_until_operational;
pub(crate) use parented::{Child, Kind, add_child, add_vlan, has_kind};
pub(crate) use veth::{VethPair, add_stub, add_veth};
