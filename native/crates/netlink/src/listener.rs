use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::netlink::{self, SocketAddrNetlink};
use rustix::net::{self, AddressFamily, Protocol, RecvFlags, SocketFlags, SocketType};

/// linux/netfilter/nfnetlink.h: NFNLGRP_NFTABLES; linux/rtnetlink.h: RTNLGRP_LINK.
const NFTABLES_GROUP: u32 = 7;
const LINK_GROUP: u32 = 1;

/// The kernel tells of an own change, too, but one message is enough to know that something has changed.
const RECEIVE_SIZE: usize = 8 * 1024;

/// Hears of changes; what they are is not read.
#[derive(Debug)]
pub struct Listener {
    fd: OwnedFd,
}

impl Listener {
    /// To rules and links. Without nf_tables links alone.
    pub fn all() -> io::Result<Vec<Self>> {
        let mut listeners = vec![Self::open(None, LINK_GROUP)?];
        match Self::open(Some(netlink::NETFILTER), NFTABLES_GROUP) {
            Ok(listener) => listeners.push(listener),
            Err(source) if source.raw_os_error() == Some(libc::EPROTONOSUPPORT) => {}
            Err(source) => return Err(source),
        }
        Ok(listeners)
    }

    /// No protocol is NETLINK_ROUTE, number 0.
    fn open(protocol: Option<Protocol>, group: u32) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let fd = net::socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, protocol)?;
        net::bind(&fd, &SocketAddrNetlink::new(0, 1 << (group - 1)))?;
        Ok(Self { fd })
    }

    /// Takes all that waits, and says how many messages that were. Ones that did not fit count as one.
    pub fn drain(&self) -> usize {
        let mut buffer = [0; RECEIVE_SIZE];
        let mut count = 0;
        loop {
            match net::recv(
                &self.fd,
                &mut buffer[..],
                RecvFlags::DONTWAIT | RecvFlags::TRUNC,
            ) {
                Ok(_) | Err(Errno::NOBUFS) => count += 1,
                Err(Errno::INTR) => {}
                Err(_) => return count,
            }
        }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
