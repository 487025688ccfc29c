//! Published ports on ::1. The kernel leads whatever is for one of them to two sockets here, one of TCP and one of UDP,
//! whichever port it was for; from there it is passed on to the container. IPv4 and all other addresses are the kernel's
//! alone.

mod tcp;
mod udp;

use std::io;
use std::net::Ipv6Addr;
use std::sync::Arc;

use longshore_network::{LoopbackPorts, NetworkHost};
use tokio::net::{TcpListener, UdpSocket};

pub(crate) struct Loopback {
    tcp: TcpListener,
    udp: UdpSocket,
}

impl Loopback {
    /// `None` on a machine without ::1.
    pub(crate) async fn bind() -> io::Result<Option<Self>> {
        let any_port = (Ipv6Addr::LOCALHOST, 0);
        let tcp = match TcpListener::bind(any_port).await {
            Err(error) if is_without_ipv6(&error) => return Ok(None),
            bound => bound?,
        };
        let udp = UdpSocket::bind(any_port).await?;
        Ok(Some(Loopback { tcp, udp }))
    }

    /// Passes on until the runtime ends.
    pub(crate) fn serve(self, networks: &Arc<NetworkHost>) -> io::Result<()> {
        networks.serve_loopback(LoopbackPorts {
            tcp: self.tcp.local_addr()?.port(),
            udp: self.udp.local_addr()?.port(),
        });
        tokio::spawn(tcp::serve(self.tcp, Arc::clone(networks)));
        tokio::spawn(udp::serve(self.udp, Arc::clone(networks)));
        Ok(())
    }
}

fn is_without_ipv6(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::EADDRNOTAVAIL | libc::EAFNOSUPPORT)
    )
}
