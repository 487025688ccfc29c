//! The sockets inside of a container's network namespace.

use std::io::ErrorKind;
use std::net::{TcpListener, UdpSocket};
use std::os::fd::AsFd;

use longshore_names::{ADDRESS, bind_in};
use rustix::io::{FdFlags, fcntl_getfd};

use crate::Test;
use crate::client::{Client, Connection};
use crate::world::{Host, NETWORK, Namespace, address, member, view};
use domain::base::Rtype;

pub(crate) const TESTS: &[Test] = &[
    (
        "a_container_can_run_a_dns_server_itself",
        a_container_can_run_a_dns_server_itself,
    ),
    (
        "serving_again_is_found_by_clients_that_ran_on",
        serving_again_is_found_by_clients_that_ran_on,
    ),
    ("sockets_are_not_inherited", sockets_are_not_inherited),
    ("stop_closes_the_sockets", stop_closes_the_sockets),
    ("shutdown_closes_all_sockets", shutdown_closes_all_sockets),
    (
        "a_namespace_without_nf_tables_gets_port_53",
        a_namespace_without_nf_tables_gets_port_53,
    ),
];

fn a_container_can_run_a_dns_server_itself() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    let container = host.container("c1", view());
    container.run(|| {
        let udp = UdpSocket::bind("0.0.0.0:53").unwrap();
        let _tcp = TcpListener::bind("0.0.0.0:53").unwrap();
        assert_eq!(Client::new().resolve("web"), [address(2)]);
        let own_client = UdpSocket::bind("127.0.0.1:0").unwrap();
        own_client.send_to(b"own", "127.0.0.1:53").unwrap();
        let mut buffer = [0; 16];
        let (length, _) = udp.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"own");
    });
}

fn serving_again_is_found_by_clients_that_ran_on() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    let container = host.container("c1", view());
    let client = container.client();
    assert_eq!(client.resolve("web"), [address(2)]);
    host.runtime.block_on(host.resolver.stop("c1"));
    host.serve("c1", view(), &container);
    assert_eq!(client.resolve("web"), [address(2)]);
    let question = client.question("web", Rtype::A);
    let over_tcp = container.run(|| Connection::open().ask(&question));
    assert_eq!(over_tcp.addresses(), [address(2)]);
}

fn sockets_are_not_inherited() {
    let container = Namespace::new();
    let (udp, tcp) = bind_in(container.fd()).unwrap();
    for fd in [udp.as_fd(), tcp.as_fd()] {
        assert!(fcntl_getfd(fd).unwrap().contains(FdFlags::CLOEXEC));
    }
}

fn stop_closes_the_sockets() {
    let host = Host::new("");
    let container = Namespace::new();
    let (udp, tcp) = bind_in(container.fd()).unwrap();
    let (udp_at, tcp_at) = (udp.local_addr().unwrap(), tcp.local_addr().unwrap());
    host.resolver.serve("c1", view(), udp, tcp).unwrap();
    container.run(|| UdpSocket::bind(udp_at).unwrap_err());
    host.runtime.block_on(host.resolver.stop("c1"));
    container.run(|| UdpSocket::bind(udp_at).unwrap());
    container.run(|| TcpListener::bind(tcp_at).unwrap());
    host.runtime.block_on(host.resolver.stop("c1"));
}

fn shutdown_closes_all_sockets() {
    let host = Host::new("");
    let containers = ["c1", "c2"].map(|id| host.container(id, view()));
    host.runtime.block_on(host.resolver.shutdown());
    for container in containers {
        let refused = container.client().try_ask("web", Rtype::A).err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
}

fn a_namespace_without_nf_tables_gets_port_53() {
    let host = Host::new("");
    host.resolver
        .set_network(NETWORK, vec![member(&["web"], 2)]);
    let container = Namespace::new();
    let (udp, tcp) = container.run(|| {
        refuse_netfilter_sockets();
        bind_in(container.fd()).unwrap()
    });
    for bound in [udp.local_addr().unwrap(), tcp.local_addr().unwrap()] {
        assert_eq!(bound, (ADDRESS, 53).into());
    }
    host.resolver.serve("c1", view(), udp, tcp).unwrap();
    assert_eq!(container.client().resolve("web"), [address(2)]);
}

/// The thread and its children find no netfilter netlink, as on a kernel without it.
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
