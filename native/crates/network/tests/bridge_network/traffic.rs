//! Packets between namespaces.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

/// Long enough for a retried ARP request; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) const PORT: u16 = 7000;

pub(crate) fn listen(address: impl Into<IpAddr>) -> TcpListener {
    TcpListener::bind((address.into(), PORT)).unwrap()
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

pub(crate) fn receiver(address: impl Into<IpAddr>) -> UdpSocket {
    let socket = UdpSocket::bind((address.into(), PORT)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// Sends one datagram from `source`, which may be unspecified.
pub(crate) fn send(source: impl Into<IpAddr>, to: impl Into<IpAddr>, text: &str) {
    send_to(source, (to.into(), PORT), text);
}

pub(crate) fn send_to(source: impl Into<IpAddr>, to: impl Into<SocketAddr>, text: &str) {
    let socket = UdpSocket::bind((source.into(), 0)).unwrap();
    // A firewall of the sender's own host may refuse; then nothing arrives, which is what tests look at.
    let _ = socket.send_to(text.as_bytes(), to.into());
}

pub(crate) fn receive(socket: &UdpSocket) -> String {
    let mut buffer = [0; 64];
    let length = socket.recv(&mut buffer).unwrap();
    String::from_utf8(buffer[..length].to_vec()).unwrap()
}

/// Opens a connection to `target`, takes it at `listener`, and returns the address that the listener saw.
pub(crate) fn reach(listener: &TcpListener, target: impl Into<SocketAddr>) -> IpAddr {
    let target = target.into();
    let _open = TcpStream::connect_timeout(&target, PATIENCE)
        .unwrap_or_else(|error| panic!("{target}: {error}"));
    listener.accept().unwrap().1.ip()
}

/// Two ends of one connection.
pub(crate) struct Talk {
    near: TcpStream,
    far: TcpStream,
}

impl Talk {
    pub(crate) fn open(listener: &TcpListener, target: impl Into<SocketAddr>) -> Self {
        let near = TcpStream::connect_timeout(&target.into(), PATIENCE).unwrap();
        let far = listener.accept().unwrap().0;
        for end in [&near, &far] {
            end.set_read_timeout(Some(PATIENCE)).unwrap();
        }
        Self { near, far }
    }

    /// A byte goes there and back.
    pub(crate) fn says(&mut self, byte: u8) {
        let mut heard = [0];
        self.near.write_all(&[byte]).unwrap();
        self.far.read_exact(&mut heard).unwrap();
        self.far.write_all(&heard).unwrap();
        self.near.read_exact(&mut heard).unwrap();
        assert_eq!(heard, [byte]);
    }
}

/// Until the condition holds; a test that never sees it hangs no longer than this.
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}
