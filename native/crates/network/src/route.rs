//! rtnetlink messages: links, addresses and routes (rtnetlink(7), linux/if_link.h).

mod link;
mod lookup;

pub(crate) use link::{LinkChange, LinkRef, delete_group};
pub(crate) use link::{
    VethPair, add_address, add_bridge, add_default_route, add_veth, change_link,
};
pub(crate) use lookup::{Link, addresses, link_named, links, routes};
