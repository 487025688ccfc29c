use std::os::fd::{AsRawFd, BorrowedFd};

use crate::MacAddress;
use crate::netlink::{Attributes, Batch};

pub(super) const CREATE: u16 = (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;

/// linux/veth.h
const VETH_INFO_PEER: u16 = 1;

/// linux/if_link.h
const IFLA_BR_FORWARD_DELAY: u16 = 1;
const IFLA_BR_STP_STATE: u16 = 5;
const IFLA_BR_MCAST_SNOOPING: u16 = 23;
const IFLA_BRPORT_MODE: u16 = 4;
const IFLA_BRPORT_ISOLATED: u16 = 33;
const IFLA_INFO_SLAVE_KIND: u16 = 4;
const IFLA_INFO_SLAVE_DATA: u16 = 5;
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

/// A bridge that is up, without spanning tree (a port forwards at once) and without multicast snooping (there is no
/// querier on it).
pub(crate) fn add_bridge(batch: &mut Batch, name: &str, mac: MacAddress, mtu: u32) {
    batch.message(
        "create the bridge",
        libc::RTM_NEWLINK,
        CREATE,
        &header(0, true),
        |link| {
            link.text(libc::IFLA_IFNAME, name);
            link.bytes(libc::IFLA_ADDRESS, &mac.0);
            link.u32(libc::IFLA_MTU, mtu);
            link.nest(libc::IFLA_LINKINFO, |info| {
                info.text(libc::IFLA_INFO_KIND, "bridge");
                info.nest(libc::IFLA_INFO_DATA, |bridge| {
                    bridge.u32(IFLA_BR_FORWARD_DELAY, 0);
                    bridge.u32(IFLA_BR_STP_STATE, 0);
                    bridge.u8(IFLA_BR_MCAST_SNOOPING, 0);
                });
            });
        },
    );
}

/// A veth pair with one end on the bridge and the other in a container's namespace.
#[derive(Debug)]
pub(crate) struct VethPair<'a> {
    pub(crate) port: &'a str,
    /// `None`: on none yet.
    pub(crate) bridge_index: Option<u32>,
    pub(crate) mtu: u32,
    pub(crate) netns: BorrowedFd<'a>,
    pub(crate) interface: &'a str,
    /// Of the end inside; any.
    pub(crate) mac: Option<MacAddress>,
}

/// One queue per end: packets pass a veth without queueing, and each further queue costs memory and time.
fn one_queue(link: &mut Attributes<'_>) {
    link.u32(libc::IFLA_NUM_TX_QUEUES, 1);
    link.u32(libc::IFLA_NUM_RX_QUEUES, 1);
}

pub(crate) fn add_veth(batch: &mut Batch, pair: &VethPair<'_>) {
    batch.message(
        "create the veth pair",
        libc::RTM_NEWLINK,
        CREATE,
        &header(0, false),
        |link| {
            link.text(libc::IFLA_IFNAME, pair.port);
            link.u32(libc::IFLA_MTU, pair.mtu);
            if let Some(bridge) = pair.bridge_index {
                link.u32(libc::IFLA_MASTER, bridge);
            }
            one_queue(link);
            link.nest(libc::IFLA_LINKINFO, |info| {
                info.text(libc::IFLA_INFO_KIND, "veth");
                info.nest(libc::IFLA_INFO_DATA, |veth| {
                    veth.nest(VETH_INFO_PEER, |peer| {
                        peer.padded(&header(0, false));
                        peer.text(libc::IFLA_IFNAME, pair.interface);
                        if let Some(mac) = pair.mac {
                            peer.bytes(libc::IFLA_ADDRESS, &mac.0);
                        }
                        peer.u32(libc::IFLA_MTU, pair.mtu);
                        peer.u32(libc::IFLA_NET_NS_FD, pair.netns.as_raw_fd() as u32);
                        one_queue(peer);
                    });
                });
            });
        },
    );
}

/// A veth pair with both ends in the socket's namespace, which leads nowhere else.
pub(crate) fn add_stub(batch: &mut Batch, name: &str, end: &str, mtu: u32) {
    let step = "create the stub";
    batch.message(step, libc::RTM_NEWLINK, CREATE, &header(0, false), |link| {
        link.text(libc::IFLA_IFNAME, name);
        link.u32(libc::IFLA_MTU, mtu);
        link.nest(libc::IFLA_LINKINFO, |info| {
            info.text(libc::IFLA_INFO_KIND, "veth");
            info.nest(libc::IFLA_INFO_DATA, |veth| {
                veth.nest(VETH_INFO_PEER, |peer| {
                    peer.padded(&header(0, false));
                    peer.text(libc::IFLA_IFNAME, end);
                    peer.u32(libc::IFLA_MTU, mtu);
                });
            });
        });
    });
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

/// Puts the link on a bridge.
pub(crate) fn set_master(batch: &mut Batch, step: &'static str, link: LinkRef<'_>, bridge: u32) {
    change(batch, step, link, false, |attributes| {
        attributes.u32(libc::IFLA_MASTER, bridge)
    });
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

fn change(
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

/// How a bridge treats one of its ports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PortMode {
    /// No frames between this port and others of the kind.
    pub(crate) isolated: bool,
    /// Frames may go back out of the port that they came in by: br_netfilter rewrites destinations on the bridge, and
    /// a container may call on its own published port.
    pub(crate) hairpin: bool,
}

/// Of a link that is on a bridge.
pub(crate) fn set_port_mode(batch: &mut Batch, link: LinkRef<'_>, mode: PortMode) {
    if mode == PortMode::default() {
        return;
    }
    change(batch, "set the port's mode", link, false, |attributes| {
        attributes.nest(libc::IFLA_LINKINFO, |info| {
            info.text(IFLA_INFO_SLAVE_KIND, "bridge");
            info.nest(IFLA_INFO_SLAVE_DATA, |port| {
                port.u8(IFLA_BRPORT_MODE, mode.hairpin.into());
                port.u8(IFLA_BRPORT_ISOLATED, mode.isolated.into());
            });
        });
    });
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

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn the_peer_of_a_veth_is_nested_behind_its_own_header() {
        let file = std::fs::File::open("/dev/null").unwrap();
        let mut batch = Batch::default();
        let pair = VethPair {
            port: "port",
            bridge_index: Some(3),
            mtu: 1500,
            netns: file.as_fd(),
            interface: "eth0",
            mac: Some(MacAddress([1, 2, 3, 4, 5, 6])),
        };
        add_veth(&mut batch, &pair);
        let veth = [8 + 1, 0, 1, 0, b'v', b'e', b't', b'h', 0, 0, 0, 0];
        let peer_header = [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 3, 0, b'e', b't', b'h', b'0',
        ];
        let contains = |part: &[u8]| {
            batch
                .bytes()
                .windows(part.len())
                .any(|window| window == part)
        };
        assert!(contains(&veth));
        assert!(contains(&peer_header));
    }
}
