//! Packets between namespaces.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// Long enough for a retried ARP request; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) const PORT: u16 = 7000;

pub(crate) fn listen(address: Ipv4Addr) -> TcpListener {
    TcpListener::bind((address, PORT)).unwrap()
}

/// Connects to `listen` and returns the address that the listener saw.
pub(crate) fn connect(listener: &TcpListener, connecting: impl FnOnce(Connect)) -> Ipv4Addr {
    connecting(Connect {
        to: listener.local_addr().unwrap(),
    });
    match listener.accept().unwrap().1 {
        SocketAddr::V4(peer) => *peer.ip(),
        SocketAddr::V6(peer) => panic!("unexpected peer {peer}"),
    }
}

pub(crate) struct Connect {
    to: SocketAddr,
}

impl Connect {
    pub(crate) fn now(self) {
        TcpStream::connect_timeout(&self.to, PATIENCE).unwrap();
    }
}

pub(crate) fn receiver(address: Ipv4Addr) -> UdpSocket {
    let socket = UdpSocket::bind((address, PORT)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// Sends one datagram from `source`, which may be UNSPECIFIED.
pub(crate) fn send(source: Ipv4Addr, to: Ipv4Addr, text: &str) {
    let socket = UdpSocket::bind((source, 0)).unwrap();
    // A firewall of the sender's own host may refuse; then nothing arrives, which is what tests look at.
    let _ = socket.send_to(text.as_bytes(), SocketAddrV4::new(to, PORT));
}

pub(crate) fn receive(socket: &UdpSocket) -> String {
    let mut buffer = [0; 64];
    let length = socket.recv(&mut buffer).unwrap();
    String::from_utf8(buffer[..length].to_vec()).unwrap()
}
