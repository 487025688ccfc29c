//! Links on the default network, which has no names: whoever is linked is a line in /etc/hosts, as with Docker.

use longshore_network::{Connection, DEFAULT_NETWORK};
use longshore_runtime::Id;

use super::{Containers, identity_files};
use crate::report;

impl Containers {
    /// As "name:address": the containers that this one links to and that run.
    pub(super) fn linked_hosts(&self, id: &Id, connection: &Connection) -> Vec<String> {
        let mut on = connection.addresses.iter();
        if !on.any(|address| address.network == DEFAULT_NETWORK) {
            return Vec::new();
        }
        let members = self.networks.members(DEFAULT_NETWORK);
        let own = members.iter().find(|it| it.container_id == id.as_str());
        let links = own.map(|own| own.links.as_slice()).unwrap_or_default();
        let lines = links.iter().flat_map(|link| {
            let mut members = members.iter();
            let target = members.find(|it| it.container_id == link.container_id);
            let address = target.map(|target| &target.address);
            let both = address.map(|it| it.ipv4.into_iter().chain(it.ipv6));
            let name = link.name.clone();
            let line =
                move |subnet: longshore_network::Subnet| format!("{name}:{}", subnet.address());
            both.into_iter().flatten().map(line)
        });
        lines.collect()
    }

    /// The container has come to the default network, or has left it: those that link to it learn where it is now.
    pub(super) fn tell_linking(&self, id: &Id, network: &str) {
        if network != DEFAULT_NETWORK {
            return;
        }
        for member in self.networks.members(DEFAULT_NETWORK) {
            let mut links = member.links.iter();
            if !links.any(|link| link.container_id == id.as_str()) {
                continue;
            }
            let Some(linking) = Id::parse(&member.container_id) else {
                continue;
            };
            let Some((directory, order)) = self.record_of(&linking) else {
                continue;
            };
            let connection = self.connection(&linking);
            let links = self.linked_hosts(&linking, &connection);
            let told =
                identity_files::write_hosts(&directory, &order.identity, &connection, &links);
            if let Err(error) = told {
                report::error("hosts", format_args!("{linking}: {error}"));
            }
        }
    }
}
