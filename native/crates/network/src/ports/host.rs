//! Whether the machine's own programs have a port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, ipproto, socket_with, sockopt};

use crate::firewall::Protocol;
use crate::member::ClaimedPort;
use crate::{Error, IpFamily, Result};

/// Tried out by taking it for a moment. A program that listens on one address has the port of all of them, too.
pub(super) fn is_free(port: &ClaimedPort) -> Result<bool> {
    let addresses: &[IpAddr] = match &port.host_address {
        Some(address) => std::slice::from_ref(address),
        None => &[
            IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        ],
    };
    for address in addresses {
        let address = SocketAddr::new(*address, port.host_port);
        match take(port.protocol, address) {
            Ok(()) => {}
            Err(Errno::ADDRINUSE) => return Ok(false),
            // The kernel lacks the family or the protocol, so nobody listens.
            Err(Errno::AFNOSUPPORT | Errno::PROTONOSUPPORT | Errno::SOCKTNOSUPPORT) => {}
            Err(Errno::ADDRNOTAVAIL) if address.ip().is_unspecified() => {}
            Err(Errno::ADDRNOTAVAIL) => {
                let reason = format!("{} is no address of this machine", address.ip());
                return Err(Error::invalid("host_address", reason));
            }
            Err(errno) => {
                return Err(Error::System {
                    step: "try the port",
                    source: io::Error::from(errno),
                });
            }
        }
    }
    Ok(true)
}

fn take(protocol: Protocol, address: SocketAddr) -> rustix::io::Result<()> {
    let family = match IpFamily::of(address.ip()) {
        IpFamily::V4 => AddressFamily::INET,
        IpFamily::V6 => AddressFamily::INET6,
    };
    let (kind, number) = match protocol {
        Protocol::Tcp => (SocketType::STREAM, ipproto::TCP),
        Protocol::Udp => (SocketType::DGRAM, ipproto::UDP),
        Protocol::Sctp => (SocketType::STREAM, ipproto::SCTP),
    };
    let socket = socket_with(family, kind, SocketFlags::CLOEXEC, Some(number))?;
    if family == AddressFamily::INET6 {
        sockopt::set_ipv6_v6only(&socket, true)?;
    }
    if protocol == Protocol::Tcp {
        // Old connections that still wait for their end do not hold a port; who listens on it does.
        sockopt::set_socket_reuseaddr(&socket, true)?;
    }
    bind(&socket, &address)
}
