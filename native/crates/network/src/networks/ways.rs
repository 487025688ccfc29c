//! By which of its networks a container reaches the world, and is reached.

use std::net::{IpAddr, SocketAddr};

use super::model::{Model, Network};
use crate::IpFamily;
use crate::firewall::Forward;
use crate::member::{Attached, ClaimedPort, Membership, PublishedPort};
use crate::netns::{DefaultRoute, DefaultRoutes};

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
        let ways = IpFamily::ALL.map(|family| self.port_target(membership, family));
        let ports = membership.ports.iter();
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
        let forwards = self.forwards(membership).into_iter();
        let published = forwards.map(|forward| PublishedPort {
            protocol: forward.protocol,
            container_port: forward.to.port(),
            host_address: forward
                .host_address
                .unwrap_or_else(|| IpFamily::of(forward.to.ip()).unspecified()),
            host_port: forward.host_port,
        });
        published.collect()
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

/// `None` for all addresses of a family.
fn specific(port: &ClaimedPort) -> Option<IpAddr> {
    port.host_address
        .filter(|address| !address.is_unspecified())
}
