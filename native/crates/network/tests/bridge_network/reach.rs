use crate::Test;
use crate::container::Container;
use crate::traffic::{connect, listen};
use crate::world::{Scratch, internet, open, run};

pub(crate) const TESTS: &[Test] = &[
    ("containers_reach_each_other", containers_reach_each_other),
    (
        "a_container_reaches_the_host_by_its_gateway",
        a_container_reaches_the_host_by_its_gateway,
    ),
    ("the_host_reaches_a_container", the_host_reaches_a_container),
    (
        "the_internet_sees_the_hosts_address",
        the_internet_sees_the_hosts_address,
    ),
    ("the_interface_is_as_assigned", the_interface_is_as_assigned),
    (
        "lo_up_brings_up_loopback_alone",
        lo_up_brings_up_loopback_alone,
    ),
];

fn containers_reach_each_other() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two] = ["one", "two"].map(|id| Container::attach(&host, id));
    let listener = two.namespace.run(|| listen(two.address()));
    assert_eq!(
        connect(&listener, |it| one.namespace.run(|| it.now())),
        one.address()
    );
}

fn a_container_reaches_the_host_by_its_gateway() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    let listener = listen(container.assigned.gateway);
    assert_eq!(
        connect(&listener, |it| container.namespace.run(|| it.now())),
        container.address()
    );
}

fn the_host_reaches_a_container() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    let listener = container.namespace.run(|| listen(container.address()));
    assert_eq!(
        connect(&listener, |it| it.now()),
        container.assigned.gateway
    );
}

fn the_internet_sees_the_hosts_address() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    let listener = internet.run(|| listen([203, 0, 113, 2]));
    let seen = connect(&listener, |it| container.namespace.run(|| it.now()));
    assert_eq!(seen.octets(), [203, 0, 113, 1]);
}

fn the_interface_is_as_assigned() {
    let scratch = Scratch::new();
    let _internet = internet();
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    let link = container.namespace.command("ip", "addr show dev eth0");
    assert!(
        link.contains(&format!("link/ether {}", container.assigned.mac)),
        "{link}"
    );
    assert!(
        link.contains(&format!("inet {}", container.assigned.address)),
        "{link}"
    );
    assert!(link.contains("mtu 1400"), "the uplink's MTU: {link}");
    assert!(!link.contains("inet6"), "{link}");
    let route = container.namespace.command("ip", "route show default");
    assert!(
        route.starts_with(&format!("default via {}", container.assigned.gateway)),
        "{route}"
    );
    assert!(
        container
            .namespace
            .command("ip", "addr show dev lo")
            .contains("inet6 ::1")
    );
    assert!(run("ip", "-d link show master longshore0").contains("veth"));
}

fn lo_up_brings_up_loopback_alone() {
    let namespace = crate::world::Namespace::new();
    longshore_network::lo_up(namespace.fd()).unwrap();
    let listener = namespace.run(|| listen([127, 0, 0, 1]));
    assert_eq!(
        connect(&listener, |it| namespace.run(|| it.now())).octets(),
        [127, 0, 0, 1]
    );
    assert_eq!(
        namespace.command("ip", "-o link show up").lines().count(),
        1
    );
}
