//! SCTP through published ports. The machine needs no SCTP sockets for that: its packets (RFC 9260) are made here.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use longshore_network::Protocol;
use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, socket_with};

use crate::Test;
use crate::container::{Container, on};
use crate::ports::{HOST_PORT, publish};
use crate::traffic::PORT;
use crate::world::{Scratch, internet, open};

pub(crate) const TESTS: &[Test] = &[("sctp_ports_answer", sctp_ports_answer)];

const UPLINK: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
const INTERNET: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 2);
const CLIENT_PORT: u16 = 40_000;

/// Of chunks.
const INIT: u8 = 1;
const INIT_ACK: u8 = 2;

/// What the client calls its end of the association.
const TAG: u32 = 0x1234_5678;

fn sctp_ports_answer() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let ports = [publish(Protocol::Sctp, None)];
    let web = Container::with(&host, "web", &[on("bridge")], &ports);
    let server = web.namespace.run(socket);
    let client = internet.run(socket);
    send(&client, &packet(CLIENT_PORT, HOST_PORT, 0, INIT), UPLINK);
    let (asked, from) = receive(&server);
    assert_eq!(from, INTERNET);
    assert_eq!(head(&asked), head(&packet(CLIENT_PORT, PORT, 0, INIT)));
    send(&server, &packet(PORT, CLIENT_PORT, TAG, INIT_ACK), INTERNET);
    let (answered, from) = receive(&client);
    assert_eq!(from, UPLINK);
    let expected = packet(HOST_PORT, CLIENT_PORT, TAG, INIT_ACK);
    assert_eq!(head(&answered), head(&expected));
}

/// Hears all SCTP of the calling thread's namespace.
fn socket() -> UdpSocket {
    let flags = SocketFlags::CLOEXEC;
    let raw = socket_with(
        AddressFamily::INET,
        SocketType::RAW,
        flags,
        Some(ipproto::SCTP),
    );
    // Sending and receiving are the same calls; ports are in the packets.
    let socket = UdpSocket::from(raw.unwrap());
    let patience = Some(Duration::from_secs(5));
    socket.set_read_timeout(patience).unwrap();
    socket
}

fn send(socket: &UdpSocket, packet: &[u8], to: Ipv4Addr) {
    socket.send_to(packet, (to, 0)).unwrap();
}

/// Without the IP header, and whole by its checksum.
fn receive(socket: &UdpSocket) -> (Vec<u8>, Ipv4Addr) {
    let mut buffer = [0; 256];
    let (length, from) = socket.recv_from(&mut buffer).unwrap();
    let packet = &buffer[20..length];
    assert_eq!(packet[8..12], checksum(packet), "the checksum is right");
    let SocketAddr::V4(from) = from else {
        panic!("{from}");
    };
    (packet.to_vec(), *from.ip())
}

/// Ports, tag and the kind of the first chunk.
fn head(packet: &[u8]) -> (&[u8], u8) {
    (&packet[..8], packet[12])
}

/// With one chunk, of a kind that begins an association.
fn packet(source: u16, destination: u16, tag: u32, kind: u8) -> Vec<u8> {
    let mut packet = Vec::new();
    packet.extend_from_slice(&source.to_be_bytes());
    packet.extend_from_slice(&destination.to_be_bytes());
    packet.extend_from_slice(&tag.to_be_bytes());
    packet.extend_from_slice(&[0; 4]);
    packet.extend_from_slice(&[kind, 0, 0, 20]);
    packet.extend_from_slice(&TAG.to_be_bytes());
    packet.extend_from_slice(&65_536_u32.to_be_bytes()); // room for what arrives
    packet.extend_from_slice(&[0, 1, 0, 1]); // one stream each way
    packet.extend_from_slice(&1_u32.to_be_bytes()); // the first number
    let sum = checksum(&packet);
    packet[8..12].copy_from_slice(&sum);
    packet
}

/// CRC32c, as if the checksum's own place were zero.
fn checksum(packet: &[u8]) -> [u8; 4] {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    let own = 8..12;
    let bytes = packet.iter().enumerate();
    let zeroed = bytes.map(|(at, byte)| if own.contains(&at) { 0 } else { *byte });
    let sum = zeroed.fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            (sum >> 1) ^ (POLYNOMIAL * (sum & 1))
        })
    });
    (!sum).to_le_bytes()
}
