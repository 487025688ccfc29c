//! One question and its answer, on a socket of its own: its port is another one each time (RFC 5452, 9.2).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use domain::base::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use crate::message::{MAX_UDP, Upstream, judge};

/// So many packets that are no answer are no accident: someone is guessing.
const MAX_FOREIGN: usize = 8;

/// `Foreign` when only such packets came.
pub(super) async fn ask_udp(
    server: SocketAddr,
    question: &Message<[u8]>,
) -> io::Result<(Upstream, Vec<u8>)> {
    let any = match server {
        SocketAddr::V4(_) => IpAddr::from(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::from(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // From now on the kernel drops what comes from anyone else.
    socket.connect(server).await?;
    socket.send(question.as_slice()).await?;
    let mut buffer = vec![0; MAX_UDP];
    for _ in 0..MAX_FOREIGN {
        let length = socket.recv(&mut buffer).await?;
        let received = &buffer[..length];
        match judge(question, received) {
            Upstream::Foreign => {}
            judged => return Ok((judged, received.to_vec())),
        }
    }
    Ok((Upstream::Foreign, Vec::new()))
}

pub(super) async fn ask_tcp(
    server: SocketAddr,
    question: &Message<[u8]>,
) -> io::Result<(Upstream, Vec<u8>)> {
    let mut stream = TcpStream::connect(server).await?;
    let length = question.as_slice().len() as u16;
    let framed = [&length.to_be_bytes(), question.as_slice()].concat();
    stream.write_all(&framed).await?;
    let length = stream.read_u16().await?;
    let mut received = vec![0; usize::from(length)];
    stream.read_exact(&mut received).await?;
    Ok((judge(question, &received), received))
}
