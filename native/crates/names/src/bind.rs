//! The sockets of one container, bound inside its network namespace.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, UdpSocket};
use std::os::fd::BorrowedFd;
use std::thread;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::redirect::redirect_dns;
use crate::{Error, Result};

/// Where a container asks: Docker's address, which images and tools know.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 11);

pub(crate) const DNS_PORT: u16 = 53;

/// Tried before a port of the kernel's choice: after a restart of this process, the flows that the container's
/// connection tracking remembers still lead to the right place. Outside the range of Linux' ephemeral ports.
const PREFERRED_PORT: u16 = 61053;

const STACK_SIZE: usize = 64 * 1024;

/// Binds 127.0.0.11 inside the namespace, for UDP and TCP. Questions to port 53 there are led to other ports, so that
/// a DNS server in the container can itself bind 0.0.0.0:53; only where the kernel has no nf_tables NAT is it port 53
/// that is bound. `lo` must be up before anyone asks. May be called again for the same namespace: the rules of
/// sockets that were closed meanwhile are replaced.
pub fn bind_in(netns: BorrowedFd<'_>) -> Result<(UdpSocket, TcpListener)> {
    inside(netns, || bind(redirect_dns))
}

fn bind(redirect: impl FnOnce(u16, u16) -> Result<()>) -> Result<(UdpSocket, TcpListener)> {
    let udp = preferred(|port| UdpSocket::bind(at(port))).map_err(failed("bind the DNS port"))?;
    let tcp = preferred(|port| TcpListener::bind(at(port))).map_err(failed("bind the DNS port"))?;
    let udp_port = udp.local_addr().map_err(failed("read the DNS port"))?;
    let tcp_port = tcp.local_addr().map_err(failed("read the DNS port"))?;
    match redirect(udp_port.port(), tcp_port.port()) {
        Ok(()) => Ok((udp, tcp)),
        Err(error) if is_unsupported(&error) => bind_directly(),
        Err(error) => Err(error),
    }
}

fn bind_directly() -> Result<(UdpSocket, TcpListener)> {
    let udp = UdpSocket::bind(at(DNS_PORT)).map_err(failed("bind 127.0.0.11:53"))?;
    let tcp = TcpListener::bind(at(DNS_PORT)).map_err(failed("bind 127.0.0.11:53"))?;
    Ok((udp, tcp))
}

fn preferred<T>(bind: impl Fn(u16) -> io::Result<T>) -> io::Result<T> {
    match bind(PREFERRED_PORT) {
        Err(source) if source.kind() == io::ErrorKind::AddrInUse => bind(0),
        bound => bound,
    }
}

fn at(port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(ADDRESS, port)
}

/// Whether the errno says that the kernel lacks nf_tables or a part of it. A missing chain type or expression is
/// ENOENT (net/netfilter/nf_tables_api.c); a missing subsystem is EOPNOTSUPP (net/netfilter/nfnetlink.c).
fn is_unsupported(error: &Error) -> bool {
    let Error::Netlink(error) = error else {
        return false;
    };
    matches!(
        error.errno(),
        Some(libc::ENOENT | libc::EOPNOTSUPP | libc::EPROTONOSUPPORT | libc::EAFNOSUPPORT)
    )
}

fn failed(step: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::System { step, source }
}

/// Works in a thread of its own, which ends in the namespace, so that no other code can run there by mistake.
fn inside<T: Send>(netns: BorrowedFd<'_>, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let enter = || {
        move_into_link_name_space(netns, Some(LinkNameSpaceType::Network))
            .map_err(|errno| failed("enter the network namespace")(errno.into()))?;
        work()
    };
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .name("names-bind".to_owned())
            .stack_size(STACK_SIZE)
            .spawn_scoped(scope, enter);
        let thread = spawned.map_err(failed("start a thread"))?;
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(errno: i32) -> Error {
        Error::Netlink(longshore_netlink::Error::Refused {
            step: "add the firewall chain",
            reason: String::new(),
            source: io::Error::from_raw_os_error(errno),
        })
    }

    #[test]
    fn the_redirect_is_told_the_ports_that_were_bound() {
        let mut told = (0, 0);
        let (udp, tcp) = bind(|udp, tcp| {
            told = (udp, tcp);
            Ok(())
        })
        .unwrap();
        let bound = (udp.local_addr().unwrap(), tcp.local_addr().unwrap());
        assert_eq!((bound.0.port(), bound.1.port()), told);
        assert_eq!(bound.0.ip(), ADDRESS);
    }

    #[test]
    fn two_pairs_of_sockets_get_ports_of_their_own() {
        let first = bind(|_, _| Ok(())).unwrap();
        let second = bind(|_, _| Ok(())).unwrap();
        assert_ne!(
            first.0.local_addr().unwrap(),
            second.0.local_addr().unwrap()
        );
        assert_ne!(
            first.1.local_addr().unwrap(),
            second.1.local_addr().unwrap()
        );
    }

    #[test]
    fn only_a_kernel_without_nat_counts_as_unsupported() {
        assert!(is_unsupported(&refused(libc::ENOENT)));
        assert!(is_unsupported(&refused(libc::EPROTONOSUPPORT)));
        assert!(!is_unsupported(&refused(libc::EPERM)));
        assert!(!is_unsupported(&refused(libc::EINVAL)));
    }
}
