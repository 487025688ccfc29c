//! Containers on networks: what they ask for, and what they have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::firewall::Protocol;
use crate::{IpFamily, MacAddress, Subnet};

/// What a container asks for on one network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    pub network: String,
    pub names: Vec<String>,
    /// Chosen when there is none; so are the next three.
    pub ipv4: Option<Ipv4Addr>,
    pub ipv6: Option<Ipv6Addr>,
    pub mac: Option<MacAddress>,
    pub interface: Option<String>,
    /// The default route goes by the network with the highest; of equals by the first.
    pub gateway_priority: i32,
    pub links: Vec<NameLink>,
}

/// A name that one container alone knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameLink {
    pub name: String,
    pub container_id: String,
}

/// A port that a container asks for on the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub protocol: Protocol,
    pub container_port: u16,
    /// `None`: what the network says, or else all of both families. The unspecified address is all of its family.
    pub host_address: Option<IpAddr>,
    /// Any of these; `None`: of the machine's ephemeral ports.
    pub host_ports: Option<(u16, u16)>,
}

/// What a container got on a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedAddress {
    pub network: String,
    /// The link's name inside the container.
    pub interface: String,
    /// Displays with its prefix length, "172.30.0.2/16".
    pub ipv4: Option<Subnet>,
    pub ipv4_gateway: Option<IpAddr>,
    pub ipv6: Option<Subnet>,
    pub ipv6_gateway: Option<IpAddr>,
    pub mac: MacAddress,
}

/// A port of the machine that leads to a container's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPort {
    pub protocol: Protocol,
    pub container_port: u16,
    /// The unspecified address is all of its family.
    pub host_address: IpAddr,
    pub host_port: u16,
}

/// All that a container has of the networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// In the order in which the container came to its networks.
    pub addresses: Vec<AssignedAddress>,
    pub ports: Vec<PublishedPort>,
    /// Of the default routes: the machine, as the container reaches it.
    pub ipv4_gateway: Option<IpAddr>,
    pub ipv6_gateway: Option<IpAddr>,
}

/// A container on one network, as its names are looked up there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub container_id: String,
    pub names: Vec<String>,
    pub links: Vec<NameLink>,
    pub address: AssignedAddress,
}

/// What is kept of a container while it is on any network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) attached: Vec<Attached>,
    /// Those that stand, and those that wait for a way to the container.
    pub(crate) ports: Vec<ClaimedPort>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attached {
    pub(crate) network: String,
    pub(crate) interface: String,
    /// Of the port on the machine's side; of a network without ports, unused.
    pub(crate) slot: u16,
    pub(crate) ipv4: Option<Ipv4Addr>,
    pub(crate) ipv6: Option<Ipv6Addr>,
    pub(crate) mac: MacAddress,
    pub(crate) gateway_priority: i32,
    pub(crate) names: Vec<String>,
    pub(crate) links: Vec<NameLink>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClaimedPort {
    pub(crate) protocol: Protocol,
    pub(crate) container_port: u16,
    pub(crate) host_address: Option<IpAddr>,
    pub(crate) host_port: u16,
}

impl Membership {
    pub(crate) fn on(&self, network: &str) -> Option<&Attached> {
        self.attached.iter().find(|it| it.network == network)
    }

    /// eth0, eth1, ...: the first that is free.
    pub(crate) fn free_interface(&self) -> String {
        let is_free = |name: &String| self.attached.iter().all(|it| it.interface != *name);
        let mut names = (0..=self.attached.len()).map(|number| format!("eth{number}"));
        // Of one more name than there are interfaces, one is free.
        names.find(is_free).unwrap_or_default()
    }
}

impl Attached {
    pub(crate) fn address(&self, family: IpFamily) -> Option<IpAddr> {
        match family {
            IpFamily::V4 => self.ipv4.map(IpAddr::V4),
            IpFamily::V6 => self.ipv6.map(IpAddr::V6),
        }
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        IpFamily::ALL.into_iter().filter_map(|it| self.address(it))
    }
}

impl ClaimedPort {
    /// Whether it stands for addresses of this family.
    pub(crate) fn is_for(&self, family: IpFamily) -> bool {
        let address = self.host_address;
        address.is_none_or(|address| IpFamily::of(address) == family)
    }

    /// Whether the other claims the same port of an address that this one claims too.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let all_of = |address: IpAddr, other: IpAddr| {
            address.is_unspecified() && IpFamily::of(address) == IpFamily::of(other)
        };
        let same_address = match (self.host_address, other.host_address) {
            (Some(one), Some(two)) => one == two || all_of(one, two) || all_of(two, one),
            (None, _) | (_, None) => true,
        };
        self.protocol == other.protocol && self.host_port == other.host_port && same_address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(host_address: Option<&str>) -> ClaimedPort {
        ClaimedPort {
            protocol: Protocol::Tcp,
            container_port: 80,
            host_address: host_address.map(|it| it.parse().unwrap()),
            host_port: 8080,
        }
    }

    #[test]
    fn claims_overlap_where_they_share_an_address() {
        for (one, two, overlap) in [
            (None, Some("127.0.0.1"), true),
            (Some("0.0.0.0"), Some("127.0.0.1"), true),
            (Some("::"), Some("127.0.0.1"), false),
            (Some("127.0.0.1"), Some("127.0.0.1"), true),
            (Some("127.0.0.1"), Some("127.0.0.2"), false),
        ] {
            let (one, two) = (claim(one), claim(two));
            assert_eq!([one.overlaps(&two), two.overlaps(&one)], [overlap; 2]);
        }
        let udp = ClaimedPort {
            protocol: Protocol::Udp,
            ..claim(None)
        };
        assert!(!udp.overlaps(&claim(None)));
    }
}
