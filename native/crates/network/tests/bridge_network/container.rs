use std::net::Ipv4Addr;

use longshore_network::{AssignedAddress, DEFAULT_NETWORK, NetworkHost};

use crate::world::Namespace;

pub(crate) struct Container {
    pub(crate) namespace: Namespace,
    pub(crate) assigned: AssignedAddress,
}

impl Container {
    pub(crate) fn attach(host: &NetworkHost, id: &str) -> Self {
        let namespace = Namespace::new();
        let assigned = host.attach(DEFAULT_NETWORK, id, namespace.fd()).unwrap();
        Self {
            namespace,
            assigned,
        }
    }

    pub(crate) fn address(&self) -> Ipv4Addr {
        self.assigned.address.address()
    }
}
