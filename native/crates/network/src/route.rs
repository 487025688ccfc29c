//! rtnetlink messages: links, addresses and routes (rtnetlink(7), linux/if_link.h).

mod address;
mod link;
mod lookup;
mod operational;
mod parented;

pub(crate) use address::{add_address, add_default_route, delete_default_route};
pub(crate) use link::{
    Ipv6, LinkRef, VethPair, add_bridge, add_stub, add_veth, delete, delete_group,
};
pub(crate) use link::{PortMode, set_group, set_mac, set_master, set_mtu, set_port_mode, set_up};
pub(crate) use lookup::{Link, addresses, link_named, links, routes};
pub(crate) use operational::wait_until_operational;
pub(crate) use parented::{Child, Kind, add_child, add_vlan, has_kind};
