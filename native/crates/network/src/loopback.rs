//! Published ports on ::1. The kernel has no way back to ::1 for answers that come from elsewhere, so connections there
//! are led to one socket of the agent, which passes them on.

use std::net::{Ipv6Addr, SocketAddr};

use crate::Result;
use crate::conntrack;
use crate::firewall::{Forward, Protocol};
use longshore_netlink::Socket;

/// The ports of ::1 that the agent serves, of TCP and of UDP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoopbackPorts {
    pub tcp: u16,
    pub udp: u16,
}

impl LoopbackPorts {
    /// The way to the agent for one published port; none for other protocols.
    pub(crate) fn forward(self, protocol: Protocol, host_port: u16) -> Option<Forward> {
        let port = match protocol {
            Protocol::Tcp => self.tcp,
            Protocol::Udp => self.udp,
            Protocol::Sctp => return None,
        };
        Some(Forward {
            protocol,
            host_address: Some(Ipv6Addr::LOCALHOST.into()),
            host_port,
            to: SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port),
        })
    }
}

/// Asks which port a datagram was for that has come to the agent's socket.
#[derive(Debug)]
pub struct OriginalPorts {
    socket: Socket,
}

impl OriginalPorts {
    pub fn open() -> Result<Self> {
        let socket = Socket::netfilter()?;
        Ok(Self { socket })
    }

    /// `None` for a datagram that was sent to the agent's socket itself.
    pub fn of_datagram(&mut self, from: SocketAddr, to: SocketAddr) -> Result<Option<u16>> {
        let found = conntrack::original_destination(&mut self.socket, Protocol::Udp, from, to)?;
        Ok(found.filter(|original| *original != to).map(|it| it.port()))
    }
}
