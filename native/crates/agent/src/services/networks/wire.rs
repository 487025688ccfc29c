//! What containers have of networks, between the wire and the crate.

use std::str::FromStr;

use longshore_network::{
    AssignedAddress, Attachment, NameLink, Protocol, Publication, PublishedPort, Subnet,
};
use longshore_protocol::v1;
use longshore_runtime::Failure;

use crate::failure::{invalid, parse_id};

/// RFC 1035, 2.3.4, and a container's id.
const LONGEST_NAME: usize = 253;
const MAX_NAMES: usize = 256;
const MAX_LINKS: usize = 256;

pub(in crate::services) fn attachment(wire: v1::NetworkAttachment) -> Result<Attachment, Failure> {
    if wire.links.len() > MAX_LINKS {
        return Err(invalid("network", format!("links: more than {MAX_LINKS}")));
    }
    let links = wire.links.into_iter().map(|link| {
        Ok(NameLink {
            name: name(link.name)?,
            container_id: parse_id(&link.container_id)?.to_string(),
        })
    });
    Ok(Attachment {
        network: wire.network,
        names: names(wire.names)?,
        ipv4: optional("ipv4", &wire.ipv4)?,
        ipv6: optional("ipv6", &wire.ipv6)?,
        mac: optional("mac", &wire.mac)?,
        interface: Some(wire.interface).filter(|it| !it.is_empty()),
        gateway_priority: wire.gateway_priority,
        links: links.collect::<Result<_, Failure>>()?,
    })
}

pub(in crate::services) fn names(wire: Vec<String>) -> Result<Vec<String>, Failure> {
    if wire.len() > MAX_NAMES {
        return Err(invalid("network", format!("names: more than {MAX_NAMES}")));
    }
    wire.into_iter().map(name).collect()
}

fn name(name: String) -> Result<String, Failure> {
    let is_plain = |it: char| !it.is_control() && !it.is_whitespace();
    if !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(is_plain) {
        return Ok(name);
    }
    Err(invalid(
        "network",
        format!("names: {name:?} cannot be a name"),
    ))
}

pub(in crate::services) fn publication(wire: v1::PortPublication) -> Result<Publication, Failure> {
    let protocol = Protocol::parse(&wire.protocol).ok_or_else(|| {
        let message = format!("protocol: {:?} is not tcp, udp or sctp", wire.protocol);
        invalid("port", message)
    })?;
    let first = port_number("host_port_first", wire.host_port_first)?;
    let last = port_number("host_port_last", wire.host_port_last)?;
    Ok(Publication {
        protocol,
        container_port: port_number("container_port", wire.container_port)?,
        host_address: optional("host_address", &wire.host_address)?,
        host_ports: match (first, last) {
            (0, 0) => None,
            (first, 0) => Some((first, first)),
            range => Some(range),
        },
    })
}

fn port_number(field: &str, number: u32) -> Result<u16, Failure> {
    let refuse = |_| invalid("port", format!("{field}: {number} is no port"));
    u16::try_from(number).map_err(refuse)
}

/// `None` for an empty text.
pub(super) fn optional<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let refuse = |_| invalid("network", format!("{field}: {text:?} cannot be read"));
    text.parse().map(Some).map_err(refuse)
}

pub(in crate::services) fn address(address: AssignedAddress) -> v1::AssignedAddress {
    let text = |subnet: Option<Subnet>| subnet.map(|it| it.to_string()).unwrap_or_default();
    let gateway = |it: Option<std::net::IpAddr>| it.map(|it| it.to_string()).unwrap_or_default();
    v1::AssignedAddress {
        network: address.network,
        interface: address.interface,
        address: text(address.ipv4),
        gateway: gateway(address.ipv4_gateway),
        mac: address.mac.to_string(),
        ipv6_address: text(address.ipv6),
        ipv6_gateway: gateway(address.ipv6_gateway),
    }
}

pub(in crate::services) fn port(port: PublishedPort) -> v1::PublishedPort {
    v1::PublishedPort {
        protocol: port.protocol.to_string(),
        container_port: port.container_port.into(),
        host_address: port.host_address.to_string(),
        host_port: port.host_port.into(),
    }
}
