//! Pairs of links: what goes into one end comes out of the other.

use std::os::fd::{AsRawFd, BorrowedFd};

use super::link::{CREATE, header};
use crate::MacAddress;
use longshore_netlink::{Attributes, Batch};

/// linux/veth.h
const VETH_INFO_PEER: u16 = 1;

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
