//! Published ports, from every side that reaches them and from those that must not.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use longshore_network::{Definition, Error, Protocol, Publication};

use crate::Test;
use crate::container::{Container, on};
use crate::separate::{bridge, id};
use crate::traffic::{PORT, listen, reach, receive, receiver, send_to};
use crate::world::{Namespace, Scratch, internet, open, run};

pub(crate) const TESTS: &[Test] = &[
    ("a_port_is_reached_from_every_side", reached_from_every_side),
    ("the_source_is_kept_where_it_can_be", the_source_is_kept),
    (
        "neighbours_do_not_reach_a_port_of_loopback",
        neighbours_do_not_reach_loopback,
    ),
    (
        "containers_do_not_reach_the_machines_loopback",
        containers_do_not_reach_loopback,
    ),
    (
        "a_port_of_one_address_is_on_no_other",
        a_port_of_one_address,
    ),
    ("a_network_says_where_its_ports_are", a_network_says_where),
    ("udp_ports_answer", udp_ports_answer),
    ("ports_go_with_the_container", ports_go_with_the_container),
    (
        "a_taken_port_is_refused_and_nothing_changes",
        a_taken_port_is_refused,
    ),
    (
        "ports_follow_the_default_route",
        ports_follow_the_default_route,
    ),
    (
        "internal_networks_neither_publish_nor_call",
        internal_networks,
    ),
    ("ten_thousand_ports_are_one_transaction", ten_thousand_ports),
];

pub(crate) const HOST_PORT: u16 = 8080;

pub(crate) fn publish(protocol: Protocol, address: Option<&str>) -> Publication {
    Publication {
        protocol,
        container_port: PORT,
        host_address: address.map(|it| it.parse().unwrap()),
        host_ports: Some((HOST_PORT, HOST_PORT)),
    }
}

pub(crate) fn tcp() -> [Publication; 1] {
    [publication_everywhere()]
}

fn publication_everywhere() -> Publication {
    publish(Protocol::Tcp, None)
}

fn at(address: [u8; 4]) -> SocketAddr {
    (address, HOST_PORT).into()
}

const LOOPBACK: [u8; 4] = [127, 0, 0, 1];
const UPLINK: [u8; 4] = [203, 0, 113, 1];

fn reached_from_every_side() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let web = Container::with(&host, "web", &[on(&id('a'))], &tcp());
    let same = Container::on(&host, "same", &[&id('a')]);
    let other = Container::attach(&host, "other");
    let gateway: IpAddr = web.assigned.gateway.into();
    let others_gateway: IpAddr = other.assigned.gateway.into();
    let listener = web.namespace.run(|| listen(web.address()));
    for address in [LOOPBACK.into(), UPLINK.into(), gateway] {
        reach(&listener, (address, HOST_PORT));
    }
    internet.run(|| reach(&listener, at(UPLINK)));
    for container in [&same, &other, &web] {
        for address in [UPLINK.into(), gateway, others_gateway] {
            container
                .namespace
                .run(|| reach(&listener, (address, HOST_PORT)));
        }
    }
}

fn the_source_is_kept() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let web = Container::with(&host, "web", &[on(&id('a'))], &tcp());
    let other = Container::attach(&host, "other");
    let listener = web.namespace.run(|| listen(web.address()));
    let seen = internet.run(|| reach(&listener, at(UPLINK)));
    assert_eq!(seen, IpAddr::from([203, 0, 113, 2]));
    let seen = other.namespace.run(|| reach(&listener, at(UPLINK)));
    assert_eq!(seen, other.address());
    // Never an address that means the container itself (CVE-2021-20199).
    assert_eq!(reach(&listener, at(LOOPBACK)), web.assigned.gateway);
}

/// Makes the neighbour send what is for 127.0.0.1 to the host.
fn send_loopback_away(neighbour: &Namespace) {
    neighbour.run(|| {
        std::fs::write("/proc/sys/net/ipv4/conf/far/route_localnet", "1").unwrap();
    });
    neighbour.command("ip", "addr del 127.0.0.1/8 dev lo");
    neighbour.command("ip", "route add 127.0.0.1 via 203.0.113.1 src 203.0.113.2");
}

fn neighbours_do_not_reach_loopback() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    // The worst case: the machine itself routes 127.0.0.0/8 on that link.
    std::fs::write("/proc/sys/net/ipv4/conf/uplink/route_localnet", "1").unwrap();
    for address in [None, Some("127.0.0.1")] {
        let ports = [publish(Protocol::Udp, address)];
        let web = Container::with(&host, "web", &[on("bridge")], &ports);
        let socket = web.namespace.run(|| receiver(web.address()));
        if address.is_none() {
            send_loopback_away(&internet);
        }
        internet.run(|| send_to([203, 0, 113, 2], at(LOOPBACK), "from a neighbour"));
        send_to(Ipv4Addr::UNSPECIFIED, at(LOOPBACK), "from the host");
        assert_eq!(receive(&socket), "from the host");
        host.release("web").unwrap();
    }
}

fn containers_do_not_reach_loopback() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let one = Container::attach(&host, "one");
    let socket = receiver(LOOPBACK);
    one.namespace.run(|| {
        std::fs::write("/proc/sys/net/ipv4/conf/eth0/route_localnet", "1").unwrap();
    });
    one.namespace.command("ip", "addr del 127.0.0.1/8 dev lo");
    let route = format!("route add 127.0.0.1 via {}", one.assigned.gateway);
    one.namespace.command("ip", &route);
    one.namespace
        .run(|| send_to(one.address(), (LOOPBACK, PORT), "from a container"));
    send_to(Ipv4Addr::UNSPECIFIED, (LOOPBACK, PORT), "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn a_port_of_one_address() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let ports = [publish(Protocol::Tcp, Some("203.0.113.1"))];
    let web = Container::with(&host, "web", &[on("bridge")], &ports);
    let listener = web.namespace.run(|| listen(web.address()));
    internet.run(|| reach(&listener, at(UPLINK)));
    reach(&listener, at(UPLINK));
    let refused = std::net::TcpStream::connect(at(LOOPBACK)).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    // Another container may have the same port of another address.
    let ports = [publish(Protocol::Tcp, Some("127.0.0.1"))];
    let second = Container::with(&host, "second", &[on("bridge")], &ports);
    let listener = second.namespace.run(|| listen(second.address()));
    reach(&listener, at(LOOPBACK));
}

fn a_network_says_where() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let definition = Definition {
        host_address: Some(LOOPBACK.into()),
        ..bridge('a')
    };
    host.apply(definition).unwrap();
    let web = Container::with(&host, "web", &[on(&id('a'))], &tcp());
    assert_eq!(web.ports[0].host_address, IpAddr::from(LOOPBACK));
    let listener = web.namespace.run(|| listen(web.address()));
    reach(&listener, at(LOOPBACK));
}

fn udp_ports_answer() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let ports = [publish(Protocol::Udp, None)];
    let web = Container::with(&host, "web", &[on("bridge")], &ports);
    let socket = web.namespace.run(|| receiver(web.address()));
    let ask = |target: SocketAddr| {
        let client = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
        client.connect(target).unwrap();
        client.send(b"ping").unwrap();
        let mut buffer = [0; 8];
        let (length, from) = socket.recv_from(&mut buffer).unwrap();
        socket.send_to(&buffer[..length], from).unwrap();
        client.recv(&mut buffer).unwrap()
    };
    assert_eq!(ask(at(LOOPBACK)), 4);
    assert_eq!(internet.run(|| ask(at(UPLINK))), 4);
}

fn ports_go_with_the_container() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let before = Container::with(&host, "web", &[on("bridge")], &tcp());
    assert_eq!(before.ports.len(), 1);
    host.release("web").unwrap();
    let refused = std::net::TcpStream::connect(at(LOOPBACK)).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    let after = Container::with(&host, "next", &[on("bridge")], &tcp());
    let listener = after.namespace.run(|| listen(after.address()));
    reach(&listener, at(LOOPBACK));
}

fn a_taken_port_is_refused() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let _web = Container::with(&host, "web", &[on("bridge")], &tcp());
    let _program = std::net::TcpListener::bind(("0.0.0.0", HOST_PORT + 1)).unwrap();
    let namespace = Namespace::new();
    let refused = host.attach("second", &[on("bridge")], &tcp(), namespace.fd(), None);
    let Err(Error::PortTaken {
        holder, next_free, ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(holder, "container web");
    assert_eq!(next_free, Some(HOST_PORT + 2));
    assert!(host.connection("second").is_none());
    assert!(!namespace.command("ip", "-o link").contains("eth0"));
}

fn ports_follow_the_default_route() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let internal = Definition {
        internal: true,
        ..bridge('a')
    };
    host.apply(internal).unwrap();
    host.apply(bridge('b')).unwrap();
    let web = Container::with(&host, "web", &[on(&id('a'))], &tcp());
    assert!(web.ports.is_empty(), "there is no way to it yet");
    let listener = web.namespace.run(|| listen(Ipv4Addr::UNSPECIFIED));
    let (_, ports) = host.join("web", &on(&id('b')), web.namespace.fd()).unwrap();
    assert_eq!(ports[0].host_port, HOST_PORT);
    reach(&listener, at(LOOPBACK));
    let left = host.leave("web", &id('b'), web.namespace.fd()).unwrap();
    assert!(left.is_empty());
    let refused = std::net::TcpStream::connect(at(LOOPBACK)).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

fn internal_networks() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let internal = Definition {
        internal: true,
        ..bridge('a')
    };
    let subnet = host.apply(internal).unwrap().pools[0].subnet;
    let ports = [publish(Protocol::Udp, None)];
    let web = Container::with(&host, "web", &[on("bridge")], &ports);
    let inside = Container::on(&host, "inside", &[&id('a')]);
    let gateway = subnet.first_host();
    let socket = web.namespace.run(|| receiver(web.address()));
    inside
        .namespace
        .command("ip", &format!("route add default via {gateway}"));
    inside.namespace.run(|| {
        send_to(Ipv4Addr::UNSPECIFIED, (gateway, HOST_PORT), "escaped");
    });
    send_to(Ipv4Addr::UNSPECIFIED, at(LOOPBACK), "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn ten_thousand_ports() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.ensure().unwrap();
    let ports: Vec<Publication> = (10_000..20_000)
        .map(|port| Publication {
            container_port: port,
            host_ports: Some((port, port)),
            ..publication_everywhere()
        })
        .collect();
    let rules = || run("nft", "-s list chain ip longshore prerouting");
    let before = rules();
    let web = Container::with(&host, "web", &[on("bridge")], &ports);
    assert_eq!(web.ports.len(), 10_000);
    assert_eq!(rules(), before, "ports are data, not rules");
    let listener = web
        .namespace
        .run(|| std::net::TcpListener::bind((web.address(), 19_999)).unwrap());
    reach(&listener, (LOOPBACK, 19_999));
    host.release("web").unwrap();
    assert!(!run("nft", "list map ip longshore published").contains("elements"));
}
