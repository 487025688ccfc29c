use std::io;
use std::net::Ipv4Addr;

use longshore_network::{AssignedAddress, Dns, host_resolv_conf, hosts_file, resolv_conf};
use longshore_runtime::Failure;
use longshore_runtime::store::{ContainerDirectory, IdentitySettings};

use crate::failure;

/// Writes hostname, resolv.conf and hosts. A networked container gets an empty hosts file to mount: its lines need
/// the address and the gateway, so [`write_hosts`] follows before the command runs.
pub(super) fn write(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    host_network: bool,
    networked: bool,
) -> Result<(), Failure> {
    let host_text = host_resolv_conf().map_err(|error| failure::of_network(&error))?;
    let wanted = Dns {
        servers: settings.dns_servers.clone(),
        search: settings.dns_search.clone(),
        options: settings.dns_options.clone(),
        host_network,
    };
    put(directory, "resolv.conf", &resolv_conf(&host_text, &wanted))?;
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
    write_hosts(directory, settings, None)
}

/// Rewrites hosts in place: it may be mounted in the container already.
pub(super) fn write_hosts(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    address: Option<&AssignedAddress>,
) -> Result<(), Failure> {
    let own: Option<Ipv4Addr> = address.map(|address| address.address.address());
    let gateway = address.map(|address| address.gateway);
    let (host, domain) = (&settings.hostname, &settings.domainname);
    let text = hosts_file(host, domain, own, &settings.extra_hosts, gateway);
    let text = text.map_err(|error| failure::of_network(&error))?;
    put(directory, "hosts", &text)
}

fn put(directory: &ContainerDirectory, name: &str, text: &str) -> Result<(), Failure> {
    let written = directory.write_identity_file(name, text);
    written.map_err(|error| failed(directory, name, &error))
}

fn failed(directory: &ContainerDirectory, name: &str, error: &io::Error) -> Failure {
    Failure::io("identity", directory.identity_file(name).display(), error)
}
