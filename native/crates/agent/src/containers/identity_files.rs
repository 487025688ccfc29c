use std::io;
use std::net::IpAddr;

use longshore_network::{Connection, Dns, HostGateway, host_resolv_conf, hosts_file, resolv_conf};
use longshore_runtime::Failure;
use longshore_runtime::store::{ContainerDirectory, IdentitySettings};

use super::naming::has_names;
use crate::failure;

/// The end of an entry of `extra_hosts` that stands for the machine.
const HOST_GATEWAY: &str = "host-gateway";

/// Who answers a container that looks up names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameServer {
    /// Those of the host, as they are: the container shares its network.
    HostsOwn,
    /// Those of the host that can be reached from elsewhere.
    Reachable,
    /// This agent.
    Agent,
}

/// Writes hostname, resolv.conf and hosts. A networked container gets an empty hosts file to mount: its lines need
/// the addresses and the gateway, so [`write_hosts`] follows before the command runs.
pub(super) fn write(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    server: NameServer,
    networked: bool,
) -> Result<(), Failure> {
    write_resolv_conf(directory, settings, server)?;
    match settings.hostname.as_str() {
        "" => {
            let removed = directory.remove_identity_file("hostname");
            removed.map_err(|error| failed(directory, "hostname", &error))?;
        }
        name => put(directory, "hostname", &format!("{name}\n"))?,
    }
    if networked {
        return put(directory, "hosts", "");
    }
    write_hosts(directory, settings, &Connection::default(), &[])
}

/// For a container whose networks have changed.
pub(super) fn rewrite(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    connection: &Connection,
    links: &[String],
) -> Result<(), Failure> {
    let server = if has_names(connection) {
        NameServer::Agent
    } else {
        NameServer::Reachable
    };
    write_resolv_conf(directory, settings, server)?;
    // One that has left its last network has no way to the machine: what stands for that goes.
    let is_alone = connection
        .ipv4_gateway
        .or(connection.ipv6_gateway)
        .is_none();
    let mut settings = settings.clone();
    settings
        .extra_hosts
        .retain(|entry| !(is_alone && entry.ends_with(HOST_GATEWAY)));
    write_hosts(directory, &settings, connection, links)
}

/// Rewrites hosts in place: it may be mounted in the container already. `links` are like `settings.extra_hosts`.
pub(super) fn write_hosts(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    connection: &Connection,
    links: &[String],
) -> Result<(), Failure> {
    let addresses = connection.addresses.iter();
    let own = addresses.flat_map(|it| it.ipv4.into_iter().chain(it.ipv6));
    let own: Vec<IpAddr> = own.map(|subnet| subnet.address()).collect();
    let gateway = HostGateway {
        ipv4: connection.ipv4_gateway,
        ipv6: connection.ipv6_gateway,
    };
    let (host, domain) = (&settings.hostname, &settings.domainname);
    let others = [settings.extra_hosts.as_slice(), links].concat();
    let text = hosts_file(host, domain, &own, &others, gateway);
    let text = text.map_err(|error| failure::of_network(&error))?;
    put(directory, "hosts", &text)
}

fn write_resolv_conf(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    server: NameServer,
) -> Result<(), Failure> {
    let host_text = host_resolv_conf().map_err(|error| failure::of_network(&error))?;
    let wanted = Dns {
        servers: settings.dns_servers.clone(),
        search: settings.dns_search.clone(),
        options: settings.dns_options.clone(),
        host_network: server == NameServer::HostsOwn,
        own_server: server == NameServer::Agent,
    };
    put(directory, "resolv.conf", &resolv_conf(&host_text, &wanted))
}

fn put(directory: &ContainerDirectory, name: &str, text: &str) -> Result<(), Failure> {
    let written = directory.write_identity_file(name, text);
    written.map_err(|error| failed(directory, name, &error))
}

fn failed(directory: &ContainerDirectory, name: &str, error: &io::Error) -> Failure {
    Failure::io("identity", directory.identity_file(name).display(), error)
}
