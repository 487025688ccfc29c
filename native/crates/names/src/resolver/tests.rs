use std::net::{Ipv4Addr, SocketAddr};

use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::A;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

const NETWORK: &str = "front";
const WEB: Ipv4Addr = Ipv4Addr::new(172, 28, 0, 2);

/// What one container may have open.
const MAX_CONNECTIONS: usize = 32;

fn options() -> Options {
    Options {
        resolv_conf: "/nonexistent/resolv.conf".into(),
        report: Arc::new(|error| panic!("{error}")),
    }
}

/// A resolver that serves the name "web" on loopback.
fn serving() -> (Resolver, SocketAddr, SocketAddr) {
    let resolver = Resolver::start(options()).unwrap();
    let web = Member {
        names: vec!["web".to_owned()],
        ipv4: Some(WEB),
        ..Member::default()
    };
    resolver.set_network(NETWORK, vec![web]);
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let addresses = (udp.local_addr().unwrap(), tcp.local_addr().unwrap());
    let view = View {
        networks: vec![NETWORK.to_owned()],
        ..View::default()
    };
    resolver.serve("c1", view, udp, tcp).unwrap();
    (resolver, addresses.0, addresses.1)
}

fn question() -> Vec<u8> {
    let mut question = MessageBuilder::new_vec().question();
    let name: Name<Vec<u8>> = "web".parse().unwrap();
    question.push((name, Rtype::A)).unwrap();
    question.finish()
}

fn is_answered_by(received: Vec<u8>) -> bool {
    let message = Message::from_octets(received).unwrap();
    let mut records = message.answer().unwrap().limit_to::<A>();
    records.next().unwrap().unwrap().data().addr() == WEB
}

async fn ask_over_tcp(stream: &mut TcpStream) -> Vec<u8> {
    let question = question();
    stream.write_u16(question.len() as u16).await.unwrap();
    stream.write_all(&question).await.unwrap();
    let length = stream.read_u16().await.unwrap();
    let mut received = vec![0; usize::from(length)];
    stream.read_exact(&mut received).await.unwrap();
    received
}

#[test]
fn there_is_no_resolver_without_a_runtime() {
    let failed = Resolver::start(options()).err().unwrap();
    assert!(matches!(failed, Error::NoRuntime));
}

#[tokio::test]
async fn a_container_is_answered_on_both_of_its_sockets() {
    let (_resolver, udp, tcp) = serving();
    let client = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    client.send_to(&question(), udp).await.unwrap();
    let mut received = vec![0; 512];
    let length = client.recv(&mut received).await.unwrap();
    assert!(is_answered_by(received[..length].to_vec()));
    let mut stream = TcpStream::connect(tcp).await.unwrap();
    assert!(is_answered_by(ask_over_tcp(&mut stream).await));
}

#[tokio::test(start_paused = true)]
async fn idle_connections_are_closed_and_make_room_for_others() {
    let (_resolver, _, tcp) = serving();
    let mut idle = Vec::new();
    for _ in 0..MAX_CONNECTIONS {
        idle.push(TcpStream::connect(tcp).await.unwrap());
    }
    let mut further = TcpStream::connect(tcp).await.unwrap();
    assert!(is_answered_by(ask_over_tcp(&mut further).await));
    for mut stream in idle {
        assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_dropped_resolver_closes_its_sockets() {
    let (resolver, _, tcp) = serving();
    let mut stream = TcpStream::connect(tcp).await.unwrap();
    assert!(is_answered_by(ask_over_tcp(&mut stream).await));
    drop(resolver);
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}
