//! A container that asks too much, or sends what is no question.

use domain::base::Rtype;
use domain::base::iana::Rcode;

use crate::Test;
use crate::client::Connection;
use crate::upstream::{Over, Upstream, addresses};
use crate::world::{Host, NETWORK, address, member, view};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_flood_of_questions_harms_nobody_else",
        a_flood_of_questions_harms_nobody_else,
    ),
    ("rubbish_is_survived", rubbish_is_survived),
    (
        "a_connection_that_sends_rubbish_is_closed",
        a_connection_that_sends_rubbish_is_closed,
    ),
    (
        "idle_connections_do_not_stop_questions_over_udp",
        idle_connections_do_not_stop_questions_over_udp,
    ),
];

/// What one container may have under way.
const MAX_IN_FLIGHT: usize = 128;

fn a_flood_of_questions_harms_nobody_else() {
    let _upstream = Upstream::start(1, |question, _| {
        let name = question.sole_question().unwrap().qname().to_string();
        match name.starts_with("silent") {
            true => Vec::new(),
            false => vec![addresses(question, 1, 1)],
        }
    });
    let host = Host::new("nameserver 127.0.1.1\n");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    let flooding = host.container("c1", view()).client();
    let other = host.container("c2", view()).client();
    for _ in 0..=MAX_IN_FLIGHT {
        flooding.send("silent.test", Rtype::A);
    }
    assert_eq!(flooding.receive().rcode(), Rcode::SERVFAIL, "one too many");
    assert_eq!(
        flooding.resolve("web"),
        [address(2)],
        "its own names are known still"
    );
    assert_eq!(other.ask("example.test", Rtype::A).rcode(), Rcode::NOERROR);
}

fn rubbish_is_survived() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    let container = host.container("c1", view());
    let client = container.client();
    let rubbish = container.client();
    let question = client.question("web", Rtype::A);
    for length in 0..question.len() {
        rubbish.send_bytes(&question[..length]);
    }
    rubbish.send_bytes(&[0xff; 60_000]);
    rubbish.send_bytes(&[0xc0; 512]);
    assert_eq!(client.resolve("web"), [address(2)]);
}

fn a_connection_that_sends_rubbish_is_closed() {
    let host = Host::new("");
    let container = host.container("c1", view());
    container.run(|| {
        assert!(
            Connection::open().is_closed_after(&[0xff, 0xff, 1]),
            "too long"
        );
        assert!(Connection::open().is_closed_after(&[0, 0]), "nothing");
        assert!(
            Connection::open().is_closed_after(&[0, 3, 1, 2, 3]),
            "no header"
        );
    });
}

fn idle_connections_do_not_stop_questions_over_udp() {
    let _upstream = Upstream::start(1, |question, over| match over {
        Over::Udp => vec![addresses(question, 1, 1)],
        Over::Tcp => Vec::new(),
    });
    let host = Host::new("nameserver 127.0.1.1\n");
    let container = host.container("c1", view());
    let client = container.client();
    container.run(|| {
        let _idle: Vec<Connection> = (0..60).map(|_| Connection::open()).collect();
        assert_eq!(client.ask("example.test", Rtype::A).rcode(), Rcode::NOERROR);
    });
}
