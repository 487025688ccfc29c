//! What is asked of links of any kind.

use crate::MacAddress;
use longshore_netlink::{Attributes, Batch};

pub(super) const CREATE: u16 = (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;

/// linux/if_link.h
const IFLA_INET6_ADDR_GEN_MODE: u16 = 8;
const IN6_ADDR_GEN_MODE_NONE: u8 = 1;

/// Which link a message is about: a number in the socket's namespace, or a name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LinkRef<'a> {
    Index(u32),
    Name(&'a str),
}

impl<'a> LinkRef<'a> {
    pub(super) fn parts(self) -> (u32, Option<&'a str>) {
        match self {
            Self::Index(index) => (index, None),
            Self::Name(name) => (0, Some(name)),
        }
    }
}

/// struct ifinfomsg. `up` sets IFF_UP, and only that flag.
pub(super) fn header(index: u32, up: bool) -> [u8; 16] {
    let flags = if up { libc::IFF_UP as u32 } else { 0 };
    let mut bytes = [0; 16];
    bytes[4..8].copy_from_slice(&index.to_ne_bytes());
    bytes[8..12].copy_from_slice(&flags.to_ne_bytes());
    bytes[12..16].copy_from_slice(&flags.to_ne_bytes());
    bytes
}

/// What becomes of IPv6 on a link that is brought up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ipv6 {
    Kept,
    /// No link-local address, and so neither duplicate detection nor router solicitation.
    WithoutAddress,
}

pub(crate) fn set_up(batch: &mut Batch, step: &'static str, link: LinkRef<'_>, ipv6: Ipv6) {
    // Before it is up: the address is made in that moment.
    if ipv6 == Ipv6::WithoutAddress {
        change(batch, step, link, false, |attributes| {
            attributes.nest(libc::IFLA_AF_SPEC, |families| {
                families.nest(libc::AF_INET6 as u16, |ipv6| {
                    ipv6.u8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
                });
            });
        });
    }
    change(batch, step, link, true, |_| {});
}

pub(crate) fn set_group(batch: &mut Batch, step: &'static str, link: LinkRef<'_>, group: u32) {
    change(batch, step, link, false, |attributes| {
        attributes.u32(libc::IFLA_GROUP, group)
    });
}

/// A text that people see beside the link.
pub(super) fn set_alias(batch: &mut Batch, link: LinkRef<'_>, alias: &str) {
    change(batch, "set the link's alias", link, false, |attributes| {
        attributes.bytes(libc::IFLA_IFALIAS, alias.as_bytes())
    });
}

pub(crate) fn set_mac(batch: &mut Batch, step: &'static str, link: LinkRef<'_>, mac: MacAddress) {
    change(batch, step, link, false, |attributes| {
        attributes.bytes(libc::IFLA_ADDRESS, &mac.0)
    });
}

pub(crate) fn set_mtu(batch: &mut Batch, step: &'static str, link: LinkRef<'_>, mtu: u32) {
    change(batch, step, link, false, |attributes| {
        attributes.u32(libc::IFLA_MTU, mtu)
    });
}

pub(super) fn change(
    batch: &mut Batch,
    step: &'static str,
    link: LinkRef<'_>,
    up: bool,
    fill: impl FnOnce(&mut Attributes<'_>),
) {
    let (index, name) = link.parts();
    batch.message(
        step,
        libc::RTM_NEWLINK,
        0,
        &header(index, up),
        |attributes| {
            if let Some(name) = name {
                attributes.text(libc::IFLA_IFNAME, name);
            }
            fill(attributes);
        },
    );
}

/// Deletes all links of a group together: the kernel waits for its readers once, not once per link.
pub(crate) fn delete_group(batch: &mut Batch, group: u32) {
    batch.message(
        "delete links",
        libc::RTM_DELLINK,
        0,
        &header(0, false),
        |link| {
            link.u32(libc::IFLA_GROUP, group);
        },
    );
}

pub(crate) fn delete(batch: &mut Batch, link: LinkRef<'_>) {
    let (index, name) = link.parts();
    batch.message(
        "delete the link",
        libc::RTM_DELLINK,
        0,
        &header(index, false),
        |attributes| {
            if let Some(name) = name {
                attributes.text(libc::IFLA_IFNAME, name);
            }
        },
    );
}
