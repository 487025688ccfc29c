//! By which of its networks a container reaches the world, and is reached.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::model::{Model, Network};
use crate::IpFamily;
use crate::firewall::{Forward, Protocol};
use crate::member::{Attached, ClaimedPort, Membership, PublishedPort};
use crate::netns::{DefaultRoute, DefaultRoutes};

const LOOPBACK: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

impl Model {
    pub(super) fn default_routes(&self, membership: &Membership) -> DefaultRoutes {
        IpFamily::ALL.map(|family| {
            let (network, attached) = self.way(membership, family)?;
            Some(DefaultRoute {
                interface: attached.interface.clone(),
                gateway: network.gateway(family),
            })
        })
    }

    /// What the container's ports are in the firewall: those for which there is a way to it.
    pub(super) fn forwards(&self, membership: &Membership) -> Vec<Forward> {
        let mut forwards = self.direct(membership);
        forwards.extend(self.by_loopback(membership).map(|(_, forward)| forward));
        forwards
    }

    /// The container's port that a port of ::1 stands for.
    pub(super) fn loopback_target(
        &self,
        membership: &Membership,
        protocol: Protocol,
        host_port: u16,
    ) -> Option<SocketAddr> {
        let mut ports = self.by_loopback(membership);
        let is_it = |port: &ClaimedPort| port.protocol == protocol && port.host_port == host_port;
        let (port, _) = ports.find(|(port, _)| is_it(port))?;
        let address = self.any_target(membership)?;
        Some(SocketAddr::new(address, port.container_port))
    }

    /// Ports of ::1, which are led to the agent.
    fn by_loopback<'a>(
        &'a self,
        membership: &'a Membership,
    ) -> impl Iterator<Item = (&'a ClaimedPort, Forward)> {
        let loopback = self
            .loopback
            .filter(|_| self.any_target(membership).is_some());
        let ports = membership.ports.iter().filter(|port| is_on_loopback(port));
        ports
            .filter_map(move |port| Some((port, loopback?.forward(port.protocol, port.host_port)?)))
    }

    fn any_target(&self, membership: &Membership) -> Option<IpAddr> {
        let mut families = IpFamily::ALL.into_iter();
        families.find_map(|family| self.port_target(membership, family))
    }

    /// Without the agent.
    fn direct(&self, membership: &Membership) -> Vec<Forward> {
        let ways = IpFamily::ALL.map(|family| self.port_target(membership, family));
        let ports = membership.ports.iter();
        let ports = ports.filter(|port| port.host_address != Some(LOOPBACK));
        let forwards = ports.flat_map(|port| {
            let targets = ways.into_iter().flatten();
            let targets = targets.filter(|to| port.is_for(IpFamily::of(*to)));
            targets.map(|to| Forward {
                protocol: port.protocol,
                host_address: specific(port),
                host_port: port.host_port,
                to: SocketAddr::new(to, port.container_port),
            })
        });
        forwards.collect()
    }

    pub(super) fn published(&self, membership: &Membership) -> Vec<PublishedPort> {
        let of_loopback = self.by_loopback(membership).filter_map(|(port, _)| {
            Some(PublishedPort {
                protocol: port.protocol,
                container_port: port.container_port,
                host_address: port.host_address.filter(|it| *it == LOOPBACK)?,
                host_port: port.host_port,
            })
        });
        let forwards = self.direct(membership).into_iter();
        let published = forwards.map(|forward| PublishedPort {
            protocol: forward.protocol,
            container_port: forward.to.port(),
            host_address: forward
                .host_address
                .unwrap_or_else(|| IpFamily::of(forward.to.ip()).unspecified()),
            host_port: forward.host_port,
        });
        published.chain(of_loopback).collect()
    }

    /// The address of the machine that ports are published on when the publication names none.
    pub(super) fn usual_host_address(&self, membership: &Membership) -> Option<IpAddr> {
        let ways = IpFamily::ALL.into_iter();
        let mut ways = ways.filter_map(|family| self.way(membership, family));
        ways.find_map(|(network, _)| network.definition.host_address)
    }

    /// Ports are those of a bridge: of other networks, members have addresses that the machine's neighbours reach.
    fn port_target(&self, membership: &Membership, family: IpFamily) -> Option<IpAddr> {
        let (network, attached) = self.way(membership, family)?;
        attached.address(family).filter(|_| network.is_bridge())
    }

    /// The network of the highest priority that leads out; of equals the first.
    fn way<'a>(
        &'a self,
        membership: &'a Membership,
        family: IpFamily,
    ) -> Option<(&'a Network, &'a Attached)> {
        let attached = membership.attached.iter();
        let open = attached.filter_map(|attached| {
            attached.address(family)?;
            let network = self.networks.get(&attached.network)?;
            (!network.definition.internal).then_some((network, attached))
        });
        open.reduce(|best, next| {
            if next.1.gateway_priority > best.1.gateway_priority {
                next
            } else {
                best
            }
        })
    }
}

/// Of all addresses, of all of IPv6, or of this one.
fn is_on_loopback(port: &ClaimedPort) -> bool {
    let address = port.host_address;
    address.is_none_or(|it| it == LOOPBACK || it == IpAddr::V6(Ipv6Addr::UNSPECIFIED))
}

/// `None` for all addresses of a family.
fn specific(port: &ClaimedPort) -> Option<IpAddr> {
    port.host_address
        .filter(|address| !address.is_unspecified())
}
