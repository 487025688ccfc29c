use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::thread;

use super::*;

fn probe(host: &str, port: u16) -> ProbeReport {
    let probe = Probe {
        host: host.to_owned(),
        port,
        timeout: Duration::from_secs(5),
    };
    let files = NameFiles {
        hosts: "127.0.0.1 here\n".to_owned(),
        resolv_conf: String::new(),
    };
    probe.from_here(&files).unwrap()
}

#[test]
fn a_listener_is_reached_by_name() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let report = probe("here", listener.local_addr().unwrap().port());
    assert_eq!(report.outcome, ProbeOutcome::Connected);
    assert_eq!(report.addresses, [IpAddr::from(Ipv4Addr::LOCALHOST)]);
    assert!(report.round_trip > Duration::ZERO && report.reason.is_empty());
}

#[test]
fn a_port_without_a_listener_refuses() {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let report = probe("127.0.0.1", socket.local_addr().unwrap().port());
    assert_eq!(report.outcome, ProbeOutcome::Refused);
    assert!(report.reason.starts_with("127.0.0.1:"), "{}", report.reason);
}

#[test]
fn an_unknown_name_and_an_unreachable_address_are_told() {
    assert_eq!(probe("nowhere", 80).outcome, ProbeOutcome::UnknownName);
    let unreachable = probe("255.255.255.255", 80);
    assert_eq!(unreachable.outcome, ProbeOutcome::Unreachable);
}

#[test]
fn a_probe_ends_in_time() {
    // A full backlog answers nobody.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let target = listener.local_addr().unwrap();
    let _fill: Vec<_> = (0..2)
        .map(|_| TcpStream::connect_timeout(&target, Duration::from_millis(200)))
        .collect();
    let probe = Probe {
        host: target.ip().to_string(),
        port: target.port(),
        timeout: Duration::from_millis(50),
    };
    let report = thread::spawn(move || probe.from_here(&NameFiles::default()));
    let report = report.join().unwrap().unwrap();
    assert_eq!(report.outcome, ProbeOutcome::TimedOut);
}
