//! Names on the networks that people define: the agent answers containers there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::BorrowedFd;
use std::path::PathBuf;
use std::sync::Arc;

use longshore_names::{HostGateway, Member, Options, Resolver, View, bind_in};
use longshore_network::{Connection, DEFAULT_NETWORK, NetworkHost};
use longshore_runtime::store::IdentitySettings;
use longshore_runtime::{Failure, Id};

use crate::failure::of_names;
use crate::report;

const RESOLV_CONF: &str = "/etc/resolv.conf";

pub(super) struct Naming {
    networks: Arc<NetworkHost>,
    resolver: Arc<Resolver>,
}

impl Naming {
    /// Must be called inside the runtime that answers.
    pub(super) fn start(networks: Arc<NetworkHost>) -> Result<Self, Failure> {
        let options = Options {
            resolv_conf: PathBuf::from(RESOLV_CONF),
            report: Arc::new(|error| report::error("names", error)),
        };
        let resolver = Resolver::start(options).map_err(|error| of_names(&error))?;
        Ok(Naming {
            networks,
            resolver: Arc::new(resolver),
        })
    }

    /// Answers the container according to the networks that it is on now; not at all when it has only the default one.
    pub(super) fn serve(
        &self,
        id: &Id,
        settings: &IdentitySettings,
        netns: BorrowedFd<'_>,
    ) -> Result<(), Failure> {
        let connection = self.networks.connection(id.as_str()).unwrap_or_default();
        if !has_names(&connection) {
            self.stop(id);
            return Ok(());
        }
        for address in &connection.addresses {
            self.refresh(&address.network);
        }
        let view = self.view(id, settings, &connection);
        if self.resolver.update_view(id.as_str(), view.clone()).is_ok() {
            return Ok(());
        }
        let (udp, tcp) = bind_in(netns).map_err(|error| of_names(&error))?;
        let served = self.resolver.serve(id.as_str(), view, udp, tcp);
        served.map_err(|error| of_names(&error))
    }

    /// Tells who is on the network now.
    pub(super) fn refresh(&self, network: &str) {
        if network == DEFAULT_NETWORK {
            return;
        }
        let Ok(definition) = self.networks.network(network) else {
            return;
        };
        let members = self.networks.members(network).into_iter();
        let members = members.map(|member| Member {
            container_id: member.container_id,
            names: member.names,
            hostname: String::new(),
            ipv4: member.address.ipv4.and_then(|it| ipv4(it.address())),
            ipv6: member.address.ipv6.and_then(|it| ipv6(it.address())),
        });
        self.resolver
            .set_network(&definition.name, members.collect());
    }

    pub(super) fn forget(&self, network_name: &str) {
        self.resolver.remove_network(network_name);
    }

    pub(super) fn stop(&self, id: &Id) {
        let (resolver, id) = (Arc::clone(&self.resolver), id.to_string());
        tokio::spawn(async move { resolver.stop(&id).await });
    }

    fn view(&self, id: &Id, settings: &IdentitySettings, connection: &Connection) -> View {
        let of = |network: &String| self.networks.network(network).ok();
        let definitions: Vec<_> = connection
            .addresses
            .iter()
            .filter_map(|address| of(&address.network))
            .collect();
        let servers = settings.dns_servers.iter();
        View {
            networks: definitions
                .iter()
                .filter(|it| !it.is_default())
                .map(|it| it.name.clone())
                .collect(),
            internal: definitions.iter().all(|it| it.internal),
            host_gateway: HostGateway {
                ipv4: connection.ipv4_gateway.and_then(ipv4),
                ipv6: connection.ipv6_gateway.and_then(ipv6),
            },
            upstream: servers.filter_map(|server| server.parse().ok()).collect(),
            options: settings.dns_options.clone(),
            links: self.links(id, connection),
        }
    }

    /// Of the default network too: by name, where both are on a network that has names.
    fn links(&self, id: &Id, connection: &Connection) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for address in &connection.addresses {
            let members = self.networks.members(&address.network);
            let own = members.iter().find(|it| it.container_id == id.as_str());
            let links = own.map(|own| own.links.as_slice()).unwrap_or_default();
            for link in links {
                let mut members = members.iter();
                let target = members.find(|it| it.container_id == link.container_id);
                let name = target.and_then(|target| target.names.first());
                found.extend(name.map(|name| (link.name.clone(), name.clone())));
            }
        }
        found
    }
}

pub(super) fn has_names(connection: &Connection) -> bool {
    let mut addresses = connection.addresses.iter();
    addresses.any(|address| address.network != DEFAULT_NETWORK)
}

fn ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn ipv6(address: IpAddr) -> Option<Ipv6Addr> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(address),
    }
}
