//! Hosts whose kernel has no nf_tables: iptables-legacy keeps the rules.

use std::net::Ipv4Addr;

use crate::Test;
use crate::container::Container;
use crate::traffic::{connect, listen, receive, receiver, send, until};
use crate::world::{Scratch, internet, neighbour, open, open_instance, run};

pub(crate) const TESTS: &[Test] = &[
    ("iptables_connects_and_isolates", || {
        without_nf_tables(iptables_connects_and_isolates)
    }),
    ("iptables_keeps_the_host_from_being_a_router", || {
        without_nf_tables(iptables_keeps_the_host_from_being_a_router)
    }),
    ("flushed_iptables_come_back_by_themselves", || {
        without_nf_tables(flushed_iptables_come_back)
    }),
    ("iptables_teardown_leaves_nothing", || {
        without_nf_tables(iptables_teardown_leaves_nothing)
    }),
];

/// The thread and its children find no netfilter netlink, as on a kernel without it.
fn without_nf_tables(test: fn()) {
    refuse_netfilter_sockets();
    test();
}

fn refuse_netfilter_sockets() {
    use libc::{BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W};
    let step = |code: u32, k: u32, jt: u8, jf: u8| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    // struct seccomp_data: the number, then from 16 on the arguments of eight bytes.
    let load = |offset| step(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
    let unless = |value, skip| step(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
    let end = |action| step(BPF_RET | BPF_K, action, 0, 0);
    let mut filter = [
        load(0),
        unless(libc::SYS_socket as u32, 5),
        load(16),
        unless(libc::AF_NETLINK as u32, 3),
        load(32),
        unless(libc::NETLINK_NETFILTER as u32, 1),
        end(libc::SECCOMP_RET_ERRNO | libc::EPROTONOSUPPORT as u32),
        end(libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog {
        len: filter.len() as u16,
        filter: filter.as_mut_ptr(),
    };
    // SAFETY: the program and its instructions live until the call returns; it affects this thread and its children.
    let result = unsafe {
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const program,
        )
    };
    assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
}

fn iptables_connects_and_isolates() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    assert_eq!(host.firewall(), "iptables");
    let [one, two] = ["one", "two"].map(|id| Container::attach(&host, id));
    let outside = internet.run(|| listen([203, 0, 113, 2]));
    let seen = connect(&outside, |it| one.namespace.run(|| it.now()));
    assert_eq!(seen.octets(), [203, 0, 113, 1], "masqueraded");
    let listener = two.namespace.run(|| listen(two.address()));
    connect(&listener, |it| one.namespace.run(|| it.now()));
    internet.command("ip", "route add 172.16.0.0/12 via 203.0.113.1");
    let socket = two.namespace.run(|| receiver(two.address()));
    internet.run(|| send(Ipv4Addr::UNSPECIFIED, two.address(), "from outside"));
    send(Ipv4Addr::UNSPECIFIED, two.address(), "from the host");
    assert_eq!(receive(&socket), "from the host");
}

fn iptables_keeps_the_host_from_being_a_router() {
    let scratch = Scratch::new();
    let internet = internet();
    let lan = neighbour("lan", "192.0.2");
    lan.command("ip", "route add default via 192.0.2.1");
    internet.command("ip", "route add 192.0.2.0/24 via 203.0.113.1");
    let socket = lan.run(|| receiver([192, 0, 2, 2]));
    let host = open(&scratch);
    let container = Container::attach(&host, "one");
    let to_lan = Ipv4Addr::new(192, 0, 2, 2);
    internet.run(|| send(Ipv4Addr::UNSPECIFIED, to_lan, "through the host"));
    container
        .namespace
        .run(|| send(container.address(), to_lan, "from the container"));
    assert_eq!(receive(&socket), "from the container");
}

fn flushed_iptables_come_back() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let _container = Container::attach(&host, "one");
    let rules =
        || ["raw", "nat", "filter"].map(|it| run("iptables-legacy", &format!("-t {it} -S")));
    let before = rules();
    for table in ["raw", "nat", "filter"] {
        run("iptables-legacy", &format!("-t {table} -F"));
    }
    assert_ne!(rules(), before);
    until("the rules are back", || rules() == before);
}

fn iptables_teardown_leaves_nothing() {
    let [scratch, other_scratch] = [Scratch::new(), Scratch::new()];
    let rules =
        || ["raw", "nat", "filter"].map(|it| run("iptables-legacy", &format!("-t {it} -S")));
    let before = rules();
    let host = open(&scratch);
    let other = open_instance(&other_scratch, "second");
    let _containers = [&host, &other].map(|host| Container::attach(host, "one"));
    let standing = rules();
    host.ensure().unwrap();
    assert_eq!(rules(), standing, "ensure adds nothing twice");
    host.teardown().unwrap();
    assert_eq!(run("cat", "/proc/sys/net/ipv4/ip_forward").trim(), "1");
    assert!(rules()[2].contains("-P FORWARD DROP"));
    other.teardown().unwrap();
    assert_eq!(rules(), before);
    assert_eq!(run("cat", "/proc/sys/net/ipv4/ip_forward").trim(), "0");
}
