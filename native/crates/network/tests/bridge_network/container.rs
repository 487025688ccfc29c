use std::net::{IpAddr, Ipv4Addr};

use longshore_network::{
    AssignedAddress, Attachment, DEFAULT_NETWORK, MacAddress, NetworkHost, Publication,
    PublishedPort, Result, Subnet,
};

use crate::world::Namespace;

pub(crate) struct Container {
    pub(crate) namespace: Namespace,
    pub(crate) assigned: Assigned,
    /// On all its networks.
    pub(crate) addresses: Vec<AssignedAddress>,
    pub(crate) ports: Vec<PublishedPort>,
}

/// On its first network, of IPv4.
pub(crate) struct Assigned {
    pub(crate) address: Subnet,
    pub(crate) gateway: Ipv4Addr,
    pub(crate) mac: MacAddress,
}

impl Container {
    pub(crate) fn attach(host: &NetworkHost, id: &str) -> Self {
        Self::on(host, id, &[DEFAULT_NETWORK])
    }

    pub(crate) fn on(host: &NetworkHost, id: &str, networks: &[&str]) -> Self {
        let attachments: Vec<Attachment> = networks.iter().map(|network| on(network)).collect();
        Self::with(host, id, &attachments, &[])
    }

    pub(crate) fn with(
        host: &NetworkHost,
        id: &str,
        attachments: &[Attachment],
        publications: &[Publication],
    ) -> Self {
        let namespace = Namespace::new();
        let connection = host
            .attach(id, attachments, publications, namespace.fd(), None)
            .unwrap();
        let first = &connection.addresses[0];
        let unspecified = Subnet::new(Ipv4Addr::UNSPECIFIED, 0).unwrap();
        Self {
            namespace,
            assigned: Assigned {
                address: first.ipv4.unwrap_or(unspecified),
                gateway: first.ipv4_gateway.map_or(Ipv4Addr::UNSPECIFIED, ipv4),
                mac: first.mac,
            },
            addresses: connection.addresses,
            ports: connection.ports,
        }
    }

    pub(crate) fn address(&self) -> Ipv4Addr {
        ipv4(self.assigned.address.address())
    }

    pub(crate) fn address_on(&self, number: usize) -> Ipv4Addr {
        ipv4(self.addresses[number].ipv4.unwrap().address())
    }

    pub(crate) fn ipv6(&self) -> IpAddr {
        self.addresses[0].ipv6.unwrap().address()
    }
}

pub(crate) fn on(network: &str) -> Attachment {
    Attachment {
        network: network.to_owned(),
        ..Attachment::default()
    }
}

/// To the default network, in a namespace that the caller keeps.
pub(crate) fn attach(host: &NetworkHost, id: &str, namespace: &Namespace) -> Result<()> {
    host.attach(id, &[on(DEFAULT_NETWORK)], &[], namespace.fd(), None)
        .map(drop)
}

fn ipv4(address: IpAddr) -> Ipv4Addr {
    match address {
        IpAddr::V4(address) => address,
        IpAddr::V6(address) => panic!("{address} is not IPv4"),
    }
}
