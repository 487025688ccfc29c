//! rtnetlink messages: links, addresses and routes (rtnetlink(7), linux/if_link.h).

mod link;
mod lookup;

pub(crate) use link::{Ipv6, LinkRef, VethPair, add_address, add_bridge, add_default_route};
pub(crate) use link::{add_veth, delete_group, set_group, set_master, set_mtu, set_up};
pub(crate) use lookup::{Link, addresses, link_named, links, routes};
