use std::fs;
use std::io;
use std::net::Ipv4Addr;

use longshore_network::{AssignedAddress, Dns, host_resolv_conf, hosts_file, resolv_conf};
use longshore_runtime::Failure;
use longshore_runtime::store::{ContainerDirectory, IdentitySettings};

use crate::failure;

/// Writes hostname, resolv.conf and a hosts file without the container's own address.
pub(super) fn write(
    directory: &ContainerDirectory,
    settings: &IdentitySettings,
    host_network: bool,
) -> Result<(), Failure> {
    let host_text = host_resolv_conf().map_err(|error| failure::of_network(&error))?;
    let wanted = Dns {
        servers: settings.dns_servers.clone(),
        search: settings.dns_search.clone(),
        options: settings.dns_options.clone(),
        host_network,
    };
    put(directory, "resolv.conf", &resolv_conf(&host_text, &wanted))?;
    if !settings.hostname.is_empty() {
        put(directory, "hostname", &format!("{}\n", settings.hostname))?;
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
    let text = match (address, settings.extra_hosts.is_empty()) {
        // Entries may name the gateway, which is known only once the network is there.
        (None, false) => hosts_file("", "", None, &[], None),
        _ => {
            let (host, domain) = (&settings.hostname, &settings.domainname);
            hosts_file(host, domain, own, &settings.extra_hosts, gateway)
        }
    };
    put(
        directory,
        "hosts",
        &text.map_err(|error| failure::of_network(&error))?,
    )
}

fn put(directory: &ContainerDirectory, name: &str, text: &str) -> Result<(), Failure> {
    let path = directory.identity_files().join(name);
    let failed = |error: io::Error| Failure::io("identity", path.display(), &error);
    fs::write(&path, text).map_err(failed)?;
    Ok(())
}
