//! Names of the rest of the world.

use std::fs;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, mpsc};
use std::time::Instant;

use domain::base::Rtype;
use domain::base::iana::Rcode;
use longshore_names::View;

use crate::Test;
use crate::client::{Client, Connection};
use crate::upstream::{Over, Upstream, addresses, failure, truncated};
use crate::world::{Host, view};

pub(crate) const TESTS: &[Test] = &[
    (
        "questions_are_passed_on_over_what_they_came_by",
        questions_are_passed_on_over_what_they_came_by,
    ),
    (
        "the_hosts_servers_are_followed",
        the_hosts_servers_are_followed,
    ),
    (
        "the_containers_own_servers_are_asked",
        the_containers_own_servers_are_asked,
    ),
    ("a_dead_server_is_passed_over", a_dead_server_is_passed_over),
    (
        "a_silent_server_is_passed_over_and_then_asked_last",
        a_silent_server_is_passed_over_and_then_asked_last,
    ),
    (
        "a_slow_server_is_passed_over_and_its_late_answer_ignored",
        a_slow_server_is_passed_over_and_its_late_answer_ignored,
    ),
    (
        "a_server_is_reached_over_ipv6",
        a_server_is_reached_over_ipv6,
    ),
    (
        "a_server_that_fails_or_refuses_is_passed_over",
        a_server_that_fails_or_refuses_is_passed_over,
    ),
    (
        "a_name_that_does_not_exist_is_an_answer",
        a_name_that_does_not_exist_is_an_answer,
    ),
    (
        "without_any_answer_the_client_is_told_before_it_gives_up",
        without_any_answer_the_client_is_told_before_it_gives_up,
    ),
    (
        "a_truncated_answer_is_asked_for_over_tcp",
        a_truncated_answer_is_asked_for_over_tcp,
    ),
    (
        "a_truncated_answer_without_tcp_is_passed_on",
        a_truncated_answer_without_tcp_is_passed_on,
    ),
    (
        "forged_answers_are_not_believed",
        forged_answers_are_not_believed,
    ),
    (
        "a_flood_of_forged_answers_leads_to_tcp",
        a_flood_of_forged_answers_leads_to_tcp,
    ),
    ("edns_is_passed_on", edns_is_passed_on),
    (
        "a_name_without_a_dot_is_kept_where_search_domains_follow",
        a_name_without_a_dot_is_kept_where_search_domains_follow,
    ),
    (
        "a_container_that_names_the_resolver_itself_goes_in_no_circles",
        a_container_that_names_the_resolver_itself_goes_in_no_circles,
    ),
];

const FIRST: &str = "nameserver 127.0.1.1\n";
const BOTH: &str = "nameserver 127.0.1.1\nnameserver 127.0.1.2\n";

fn from_server(server: u8) -> [IpAddr; 1] {
    [IpAddr::from([10, 0, server, 1])]
}

fn good(server: u8) -> Upstream {
    Upstream::start(server, move |question, _| {
        vec![addresses(question, server, 1)]
    })
}

fn client_of(host: &Host) -> Client {
    host.container("c1", view()).client()
}

/// A client that waits two seconds only, so that servers that do not answer are passed over soon.
fn hurried_client_of(host: &Host) -> Client {
    let hurried = View {
        options: vec!["timeout:2".to_owned()],
        ..view()
    };
    host.container("c1", hurried).client()
}

fn questions_are_passed_on_over_what_they_came_by() {
    let _upstream = Upstream::start(1, |question, over| {
        vec![addresses(question, 1 + u8::from(over == Over::Tcp), 1)]
    });
    let host = Host::new(FIRST);
    let container = host.container("c1", view());
    let client = container.client();
    assert_eq!(client.resolve("example.test"), from_server(1));
    let question = client.question("example.test", Rtype::A);
    let over_tcp = container.run(|| Connection::open().ask(&question));
    assert_eq!(over_tcp.addresses(), from_server(2));
}

fn the_hosts_servers_are_followed() {
    let (_first, _second) = (good(1), good(2));
    let host = Host::new(FIRST);
    let client = client_of(&host);
    assert_eq!(client.resolve("example.test"), from_server(1));
    let beside = host.resolv_conf().with_extension("new");
    fs::write(&beside, "nameserver 127.0.1.2\n").unwrap();
    fs::rename(&beside, host.resolv_conf()).unwrap();
    while client.resolve("example.test") != from_server(2) {
        std::thread::yield_now();
    }
}

fn the_containers_own_servers_are_asked() {
    let (first, _second) = (good(1), good(2));
    let host = Host::new(FIRST);
    let own = View {
        upstream: vec!["127.0.1.2".parse().unwrap()],
        ..view()
    };
    let client = host.container("c1", own).client();
    assert_eq!(client.resolve("example.test"), from_server(2));
    assert_eq!(first.asked(), 0);
}

fn a_dead_server_is_passed_over() {
    let _second = good(2);
    let host = Host::new(BOTH);
    assert_eq!(client_of(&host).resolve("example.test"), from_server(2));
}

fn a_silent_server_is_passed_over_and_then_asked_last() {
    let silent = Upstream::start(1, |_, _| Vec::new());
    let _second = good(2);
    let host = Host::new(BOTH);
    let client = hurried_client_of(&host);
    for _ in 0..5 {
        assert_eq!(client.resolve("example.test"), from_server(2));
    }
    assert_eq!(silent.asked(), 1, "not every question waits for it");
}

fn a_slow_server_is_passed_over_and_its_late_answer_ignored() {
    let (passed_over, until_passed_over) = mpsc::channel();
    let until_passed_over = Mutex::new(until_passed_over);
    let _slow = Upstream::start(1, move |question, _| {
        until_passed_over.lock().unwrap().recv().unwrap();
        vec![addresses(question, 1, 1)]
    });
    let _second = Upstream::start(2, move |question, _| {
        // Nobody waits for it once the slow one has answered.
        let _ = passed_over.send(());
        vec![addresses(question, 2, 1)]
    });
    let host = Host::new(BOTH);
    let client = hurried_client_of(&host);
    for name in ["example.test", "www.example.test", "mail.example.test"] {
        assert_eq!(client.resolve(name), from_server(2));
    }
}

fn a_server_is_reached_over_ipv6() {
    let address = IpAddr::from(Ipv6Addr::LOCALHOST);
    let _upstream = Upstream::start_at(address, |question, _| vec![addresses(question, 6, 1)]);
    let host = Host::new("nameserver ::1\n");
    assert_eq!(client_of(&host).resolve("example.test"), from_server(6));
}

fn a_server_that_fails_or_refuses_is_passed_over() {
    for rcode in [Rcode::SERVFAIL, Rcode::REFUSED] {
        let failing = Upstream::start(1, move |question, _| vec![failure(question, rcode)]);
        let _second = good(2);
        let host = Host::new(BOTH);
        assert_eq!(client_of(&host).resolve("example.test"), from_server(2));
        assert_eq!(failing.asked(), 1);
    }
}

fn a_name_that_does_not_exist_is_an_answer() {
    let _first = Upstream::start(1, |question, _| vec![failure(question, Rcode::NXDOMAIN)]);
    let second = good(2);
    let host = Host::new(BOTH);
    let answer = client_of(&host).ask("example.test", Rtype::A);
    assert_eq!(answer.rcode(), Rcode::NXDOMAIN);
    assert_eq!(second.asked(), 0);
}

fn without_any_answer_the_client_is_told_before_it_gives_up() {
    let silent = Upstream::start(1, |_, _| Vec::new());
    let host = Host::new(FIRST);
    let client = hurried_client_of(&host);
    let start = Instant::now();
    assert_eq!(
        client.ask("example.test", Rtype::A).rcode(),
        Rcode::SERVFAIL
    );
    assert!(start.elapsed().as_millis() >= 1600, "it did wait");
    assert_eq!(silent.asked(), 2, "a packet may be lost");
}

fn a_truncated_answer_is_asked_for_over_tcp() {
    let _upstream = Upstream::start(1, |question, over| match over {
        Over::Udp => vec![truncated(question)],
        Over::Tcp => vec![addresses(question, 1, 60)],
    });
    let host = Host::new(FIRST);
    let mut client = client_of(&host);
    let cut = client.ask("example.test", Rtype::A);
    assert!(cut.is_truncated() && cut.message.as_slice().len() <= 512);
    assert!(!cut.addresses().is_empty());
    client.udp_size = Some(4096);
    let whole = client.ask("example.test", Rtype::A);
    assert!(!whole.is_truncated());
    assert_eq!(whole.addresses().len(), 60);
}

fn a_truncated_answer_without_tcp_is_passed_on() {
    let _upstream = Upstream::start(1, |question, over| match over {
        Over::Udp => vec![truncated(question)],
        Over::Tcp => Vec::new(),
    });
    let host = Host::new(FIRST);
    assert!(
        client_of(&host)
            .ask("example.test", Rtype::A)
            .is_truncated()
    );
}

fn forged_answers_are_not_believed() {
    let upstream = Upstream::start(1, |question, _| {
        let mut wrong_id = addresses(question, 66, 1);
        wrong_id[1] ^= 1;
        let mut wrong_name = addresses(question, 66, 1);
        wrong_name[14] ^= 3;
        let damaged = addresses(question, 66, 1)[..40].to_vec();
        vec![
            wrong_id,
            wrong_name,
            damaged,
            vec![0; 3],
            addresses(question, 1, 1),
        ]
    });
    let host = Host::new(FIRST);
    assert_eq!(client_of(&host).resolve("example.test"), from_server(1));
    assert_eq!(upstream.asked(), 1);
}

fn a_flood_of_forged_answers_leads_to_tcp() {
    let _upstream = Upstream::start(1, |question, over| {
        let mut answer = addresses(question, 1, 1);
        if over == Over::Tcp {
            return vec![answer];
        }
        answer[0] ^= 0x55;
        vec![answer; 50]
    });
    let host = Host::new(FIRST);
    assert_eq!(client_of(&host).resolve("example.test"), from_server(1));
}

fn edns_is_passed_on() {
    let _upstream = Upstream::start(1, |question, _| {
        let size = question.opt().map_or(0, |opt| opt.udp_payload_size());
        vec![addresses(question, (size / 100) as u8, 1)]
    });
    let host = Host::new(FIRST);
    let mut client = client_of(&host);
    assert_eq!(client.resolve("example.test"), from_server(0));
    client.udp_size = Some(1200);
    assert_eq!(client.resolve("example.test"), from_server(12));
    client.udp_size = Some(65000);
    assert_eq!(
        client.resolve("example.test"),
        from_server(40),
        "no more than we take"
    );
}

fn a_name_without_a_dot_is_kept_where_search_domains_follow() {
    let upstream = good(1);
    let host = Host::new(FIRST);
    let client = client_of(&host);
    assert_eq!(client.resolve("printer"), from_server(1));
    let searching = View {
        options: vec!["ndots:1".to_owned()],
        ..view()
    };
    host.resolver.update_view("c1", searching).unwrap();
    let answer = client.ask("printer", Rtype::A);
    assert_eq!(
        (answer.rcode(), answer.addresses().len()),
        (Rcode::NOERROR, 0)
    );
    assert_eq!(client.resolve("printer.test"), from_server(1));
    assert_eq!(upstream.asked(), 2);
}

fn a_container_that_names_the_resolver_itself_goes_in_no_circles() {
    let upstream = good(1);
    let host = Host::new(FIRST);
    let circular = View {
        upstream: vec!["127.0.0.11".parse().unwrap()],
        ..view()
    };
    let client = host.container("c1", circular).client();
    assert_eq!(
        client.ask("example.test", Rtype::A).rcode(),
        Rcode::SERVFAIL
    );
    assert_eq!(upstream.asked(), 0);
}
