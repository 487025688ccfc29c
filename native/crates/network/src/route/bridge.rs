//! Bridges and their ports.

use super::link::{CREATE, LinkRef, change, header};
use crate::MacAddress;
use longshore_netlink::Batch;

/// linux/if_link.h
const IFLA_BR_FORWARD_DELAY: u16 = 1;
const IFLA_BR_STP_STATE: u16 = 5;
const IFLA_BR_MCAST_SNOOPING: u16 = 23;
const IFLA_BRPORT_MODE: u16 = 4;
const IFLA_BRPORT_ISOLATED: u16 = 33;
const IFLA_INFO_SLAVE_KIND: u16 = 4;
const IFLA_INFO_SLAVE_DATA: u16 = 5;

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

/// Puts the link on a bridge.
pub(crate) fn set_master(batch: &mut Batch, step: &'static str, link: LinkRef<'_>, bridge: u32) {
    change(batch, step, link, false, |attributes| {
        attributes.u32(libc::IFLA_MASTER, bridge)
    });
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
