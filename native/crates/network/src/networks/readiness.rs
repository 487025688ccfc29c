//! What containers find ready, and how packets reach them.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};

use super::{Networks, Retired};
use crate::Result;
use crate::base_link::BaseLink;
use crate::definition::DEFAULT_NETWORK;
use crate::firewall::{Forward, Protocol};
use crate::loopback::LoopbackPorts;
use crate::member::{Attached, Attachment};
use crate::ready::INTERFACE;
use crate::route;

impl Networks {
    /// A number and a name for a port to be made ahead, and the link that it is likely to be put on; `None` while nobody
    /// needs networks, and where frames are not checked one by one: there a namespace is made without IPv6.
    pub(crate) fn reserve_ready(&mut self) -> Result<Option<(u16, String, BaseLink)>> {
        let base = self.model.network(DEFAULT_NETWORK)?.base;
        let Some(base) = base.filter(|_| self.is_ensured && self.filters_frames()) else {
            return Ok(None);
        };
        let slot = self.slots.acquire_ready()?;
        Ok(Some((slot, self.model.names.port(slot), base)))
    }

    /// The links of these stand, or stood, for nobody.
    pub(crate) fn retire_ready(&mut self, slots: Vec<u16>) -> Vec<Retired> {
        let retired = slots.into_iter().map(|slot| Retired {
            slot: self.slots.take_ready(slot),
            lease: None,
        });
        retired.collect()
    }

    /// Whether a container with these wishes can have a namespace that was made ahead.
    pub(crate) fn may_be_ready(&self, attachments: &[Attachment]) -> bool {
        let Some(first) = attachments.first() else {
            return false;
        };
        let interface = first.interface.as_deref().unwrap_or(INTERFACE);
        let base = |network: &str| Some(self.model.network(network).ok()?.base?.ipv6);
        let network = self.model.network(&first.network);
        interface == INTERFACE
            && network.is_ok_and(|network| network.is_bridge())
            && base(&first.network).is_some_and(|it| base(DEFAULT_NETWORK) == Some(it))
    }

    /// Ports of ::1 are led to these from now on.
    pub(crate) fn serve_loopback(&mut self, ports: LoopbackPorts) {
        if self.filters_frames() {
            self.model.loopback = Some(ports);
            self.is_ensured = false;
        }
    }

    /// What a port of ::1 leads to.
    pub(crate) fn loopback_target(&self, protocol: Protocol, port: u16) -> Option<SocketAddr> {
        let mut holders = self.ports.holders(protocol, port);
        holders.find_map(|id| {
            let membership = self.model.containers.get(id)?;
            self.model.loopback_target(membership, protocol, port)
        })
    }

    /// The machine's own addresses.
    pub(crate) fn own_addresses(&mut self) -> Result<HashSet<IpAddr>> {
        let addresses = route::addresses(&mut self.route)?.into_iter();
        Ok(addresses.map(|(_, subnet)| subnet.address()).collect())
    }

    /// The ports that lead to the container.
    pub(crate) fn forwards_of(&self, container_id: &str) -> Vec<Forward> {
        let membership = self.model.containers.get(container_id);
        membership.map_or_else(Vec::new, |it| self.model.forwards(it))
    }

    /// What packets to a container that has just come to these networks go through on this machine: its ports, but for
    /// one that stood ready, and the bridges that were without one.
    pub(crate) fn new_links(&self, container_id: &str, ready: Option<u16>) -> Vec<String> {
        let membership = self.model.containers.get(container_id);
        let attached = membership.iter().flat_map(|it| &it.attached);
        let mut links = Vec::new();
        for Attached { network, slot, .. } in attached {
            let Ok(found) = self.model.network(network) else {
                continue;
            };
            if !found.is_bridge() {
                continue;
            }
            if ready != Some(*slot) {
                links.push(self.model.names.port(*slot));
            }
            if self.model.count_members(network) == 1 {
                links.push(found.base_name(&self.model.names));
            }
        }
        links
    }
}
