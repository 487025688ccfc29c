use std::net::{TcpListener, UdpSocket};

use super::*;

fn publication(host_ports: Option<(u16, u16)>) -> Publication {
    Publication {
        protocol: Protocol::Tcp,
        container_port: 80,
        host_address: Some(Ipv4Addr::LOCALHOST.into()),
        host_ports,
    }
}

/// Of a listener that keeps the port from others.
fn taken_port() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_random_port_is_free_and_nobody_elses() {
    let mut table = PortTable::default();
    let [one, two] = ["one", "two"].map(|id| {
        let chosen = table.choose(id, &[publication(None)], None).unwrap();
        chosen[0].host_port
    });
    assert_ne!(one, two);
    drop(TcpListener::bind(("127.0.0.1", one)).unwrap());
}

#[test]
fn a_programs_port_is_refused_with_its_name_and_the_next_free_one() {
    let (_listener, port) = taken_port();
    let wanted = publication(Some((port, port)));
    let refused = PortTable::default().choose("one", &[wanted], None);
    let Err(Error::PortTaken {
        holder, next_free, ..
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert!(
        holder.ends_with(&format!("(pid {})", std::process::id())),
        "{holder}"
    );
    assert!(next_free.is_some_and(|next| next > port));
}

#[test]
fn a_containers_port_is_refused_until_it_is_freed() {
    let mut table = PortTable::default();
    let port = table.choose("one", &[publication(None)], None).unwrap()[0].host_port;
    let wanted = [publication(Some((port, port)))];
    let refused = table.choose("two", &wanted, None).unwrap_err();
    assert!(refused.to_string().contains("container one"), "{refused}");
    table.free("one");
    assert!(table.choose("two", &wanted, None).is_ok());
}

#[test]
fn a_range_gives_the_first_free_one_and_a_failure_claims_nothing() {
    let mut table = PortTable::default();
    let (_listener, port) = taken_port();
    let range = publication(Some((port, port.saturating_add(50))));
    let chosen = table
        .choose("one", std::slice::from_ref(&range), None)
        .unwrap();
    assert!(chosen[0].host_port > port);
    table.free("one");
    let doomed = [range.clone(), publication(Some((port, port)))];
    assert!(table.choose("one", &doomed, None).is_err());
    assert!(table.by_port.is_empty() && table.by_container.is_empty());
    assert_eq!(table.choose("two", &[range], None).unwrap(), chosen);
}

#[test]
fn protocols_have_ports_of_their_own() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let udp = Publication {
        protocol: Protocol::Udp,
        ..publication(Some((port, port)))
    };
    let refused = PortTable::default().choose("one", &[udp], None);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains(&format!("{port}/udp"))
    );
}

#[test]
fn addresses_must_be_the_machines_and_ports_real() {
    let mut table = PortTable::default();
    let refused = |table: &mut PortTable, wanted| {
        table
            .choose("one", &[wanted], None)
            .unwrap_err()
            .to_string()
    };
    let stranger = Publication {
        host_address: Some([192, 0, 2, 99].into()),
        ..publication(None)
    };
    assert!(refused(&mut table, stranger).starts_with("host_address: "));
    assert!(refused(&mut table, publication(Some((0, 0)))).starts_with("host_port: "));
    let zero = Publication {
        container_port: 0,
        ..publication(None)
    };
    assert!(refused(&mut table, zero).starts_with("container_port: "));
}
