//! Names of containers.

use std::collections::BTreeSet;

use domain::base::Rtype;
use domain::base::iana::Rcode;
use longshore_names::{HostGateway, Member, View};

use crate::Test;
use crate::client::Connection;
use crate::world::{Host, NETWORK, address, member, view};

pub(crate) const TESTS: &[Test] = &[
    (
        "names_are_answered_over_udp_and_tcp",
        names_are_answered_over_udp_and_tcp,
    ),
    (
        "a_name_changes_its_address_while_a_client_runs",
        a_name_changes_its_address_while_a_client_runs,
    ),
    (
        "every_bearer_of_a_name_comes_first_at_times",
        every_bearer_of_a_name_comes_first_at_times,
    ),
    (
        "a_known_name_without_the_wanted_kind_is_no_unknown_name",
        a_known_name_without_the_wanted_kind_is_no_unknown_name,
    ),
    ("an_address_has_a_name", an_address_has_a_name),
    (
        "containers_see_their_own_networks_only",
        containers_see_their_own_networks_only,
    ),
    (
        "a_view_changes_while_a_client_runs",
        a_view_changes_while_a_client_runs,
    ),
    (
        "a_long_answer_is_cut_over_udp_and_whole_over_tcp",
        a_long_answer_is_cut_over_udp_and_whole_over_tcp,
    ),
    (
        "nothing_else_is_known_on_internal_networks",
        nothing_else_is_known_on_internal_networks,
    ),
];

fn names_are_answered_over_udp_and_tcp() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web", "0123456789ab"], 2)]);
    let container = host.container("c1", view());
    let client = container.client();
    for name in ["web", "WEB", "web.front", "Web.Front.", "0123456789ab"] {
        assert_eq!(client.resolve(name), [address(2)], "{name}");
    }
    container.run(|| {
        let mut connection = Connection::open();
        for name in ["web", "web.front"] {
            let answer = connection.ask(&client.question(name, Rtype::A));
            assert_eq!(answer.addresses(), [address(2)]);
        }
    });
}

fn a_name_changes_its_address_while_a_client_runs() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    let client = host.container("c1", view()).client();
    for last in 2..20 {
        host.resolver
            .set_network(NETWORK, vec![member(&["web"], last)]);
        let answer = client.ask("web", Rtype::A);
        assert_eq!(answer.addresses(), [address(last)]);
        let record = answer.message.answer().unwrap().next().unwrap().unwrap();
        assert_eq!(record.ttl().as_secs(), 0, "nobody may keep it");
    }
}

fn every_bearer_of_a_name_comes_first_at_times() {
    let host = Host::new("");
    let members = (2..5).map(|last| member(&["service"], last)).collect();
    host.resolver.set_network(NETWORK, members);
    let client = host.container("c1", view()).client();
    let mut firsts = BTreeSet::new();
    for _ in 0..200 {
        let found = client.resolve("service");
        assert_eq!(found.len(), 3);
        firsts.insert(found[0]);
    }
    assert_eq!(firsts.len(), 3);
}

fn a_known_name_without_the_wanted_kind_is_no_unknown_name() {
    let host = Host::new("");
    let both = Member {
        ipv6: Some("fd00::2".parse().unwrap()),
        ..member(&["both"], 2)
    };
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 3), both]);
    let client = host.container("c1", view()).client();
    for rtype in [Rtype::AAAA, Rtype::MX, Rtype::TXT, Rtype::HTTPS] {
        let answer = client.ask("web", rtype);
        assert_eq!(answer.rcode(), Rcode::NOERROR, "{rtype}");
        assert_eq!(answer.message.header_counts().ancount(), 0, "{rtype}");
    }
    let ipv6 = client.ask("both", Rtype::AAAA).addresses();
    assert_eq!(ipv6, ["fd00::2".parse::<std::net::IpAddr>().unwrap()]);
}

fn an_address_has_a_name() {
    let host = Host::new("");
    let web = Member {
        ipv6: Some("fd00::2".parse().unwrap()),
        ..member(&["web", "alias"], 2)
    };
    host.resolver.set_network(NETWORK, vec![web]);
    let client = host.container("c1", view()).client();
    let reverse = |name| client.ask(name, Rtype::PTR).pointer();
    assert_eq!(reverse("2.0.28.172.in-addr.arpa"), "web.front.");
    assert_eq!(
        reverse("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"),
        "web.front."
    );
}

fn containers_see_their_own_networks_only() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    host.resolver.set_network("back", vec![member(&["db"], 3)]);
    let internal = |network: &str| View {
        networks: vec![network.to_owned()],
        internal: true,
        ..View::default()
    };
    let front = host.container("c1", internal(NETWORK)).client();
    let back = host.container("c2", internal("back")).client();
    assert_eq!(front.resolve("web"), [address(2)]);
    assert_eq!(back.resolve("db"), [address(3)]);
    for (client, name) in [(&front, "db"), (&front, "db.back"), (&back, "web")] {
        assert_eq!(client.ask(name, Rtype::A).rcode(), Rcode::SERVFAIL);
    }
}

fn a_view_changes_while_a_client_runs() {
    let host = Host::new("");
    host.resolver.set_network("back", vec![member(&["db"], 3)]);
    let internal = View {
        internal: true,
        ..view()
    };
    let client = host.container("c1", internal.clone()).client();
    assert_eq!(client.ask("database", Rtype::A).rcode(), Rcode::SERVFAIL);
    let connected = View {
        networks: vec!["back".to_owned()],
        links: vec![("database".to_owned(), "db".to_owned())],
        host_gateway: HostGateway {
            ipv4: Some(address(1)),
            ipv6: None,
        },
        ..internal
    };
    host.resolver.update_view("c1", connected).unwrap();
    assert_eq!(client.resolve("database"), [address(3)]);
    assert_eq!(client.resolve("host.docker.internal"), [address(1)]);
    let missing = host.resolver.update_view("c2", view()).unwrap_err();
    assert_eq!(missing.to_string(), "no names are served to container c2");
}

fn a_long_answer_is_cut_over_udp_and_whole_over_tcp() {
    let host = Host::new("");
    let members = (2..202).map(|last| member(&["service"], last)).collect();
    host.resolver.set_network(NETWORK, members);
    let container = host.container("c1", view());
    let mut client = container.client();
    let cut = client.ask("service", Rtype::A);
    assert!(cut.is_truncated() && cut.message.as_slice().len() <= 512);
    assert!(
        cut.addresses().len() > 20,
        "a client without TCP can use what fits"
    );
    client.udp_size = Some(4096);
    let whole = client.ask("service", Rtype::A);
    assert!(!whole.is_truncated());
    assert_eq!(whole.addresses().len(), 200);
    let question = client.question("service", Rtype::A);
    let over_tcp = container.run(|| Connection::open().ask(&question));
    assert_eq!(over_tcp.addresses().len(), 200);
}

fn nothing_else_is_known_on_internal_networks() {
    let host = Host::new("nameserver 127.0.1.1\n");
    let upstream = crate::upstream::Upstream::start(1, |question, _| {
        vec![crate::upstream::addresses(question, 1, 1)]
    });
    let internal = View {
        internal: true,
        ..view()
    };
    let client = host.container("c1", internal).client();
    for rtype in [Rtype::A, Rtype::TXT, Rtype::PTR] {
        assert_eq!(client.ask("example.test", rtype).rcode(), Rcode::SERVFAIL);
    }
    assert_eq!(upstream.asked(), 0);
}
