//! Clients that go on sending from one socket, while containers come and go.

use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

use longshore_network::{NetworkHost, Protocol};

use crate::Test;
use crate::container::{Container, on};
use crate::ports::{HOST_PORT, publish};
use crate::traffic::{receive, receiver, until};
use crate::world::{Namespace, Scratch, internet, open};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_udp_client_is_led_to_the_container_that_follows",
        a_client_is_led_to_the_container_that_follows,
    ),
    (
        "a_udp_client_that_was_there_before_is_led_to_the_container",
        a_client_that_was_there_before,
    ),
];

fn server(host: &NetworkHost, id: &str) -> (Container, UdpSocket) {
    let ports = [publish(Protocol::Udp, None)];
    let server = Container::with(host, id, &[on("bridge")], &ports);
    let socket = server.namespace.run(|| receiver(server.address()));
    socket
        .set_read_timeout(Some(Duration::from_millis(50)))
        .unwrap();
    (server, socket)
}

/// Behind the machine's uplink, calling on its published port from one port of its own.
fn client(internet: &Namespace) -> UdpSocket {
    internet.run(|| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        socket
            .connect((Ipv4Addr::new(203, 0, 113, 1), HOST_PORT))
            .unwrap();
        socket
    })
}

/// Whether a datagram of the client's arrives at once.
fn arrives(client: &UdpSocket, server: &UdpSocket) -> bool {
    // Where nobody listens yet, that is told with the next datagram.
    let _ = client.send(b"ahoy");
    server.recv(&mut [0; 64]).is_ok()
}

fn a_client_is_led_to_the_container_that_follows() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let (_first, socket) = server(&host, "first");
    let client = client(&internet);
    client.send(b"ahoy").unwrap();
    assert_eq!(receive(&socket), "ahoy");
    host.release("first").unwrap();
    let (_second, socket) = server(&host, "second");
    until("the second server hears the client", || {
        arrives(&client, &socket)
    });
}

fn a_client_that_was_there_before() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    host.ensure().unwrap();
    let client = client(&internet);
    client.send(b"to nobody").unwrap();
    let (_server, socket) = server(&host, "one");
    until("the server hears the client", || arrives(&client, &socket));
}
