//! A container's network namespace, configured from outside.

use std::fs;
use std::io;
use std::os::fd::BorrowedFd;
use std::thread;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::netlink::{Batch, Socket};
use crate::route::{self, Ipv6, LinkRef};
use crate::{Error, Result, Subnet};

/// The loopback link is the first of every namespace.
const LOOPBACK_INDEX: u32 = 1;

const STACK_SIZE: usize = 64 * 1024;

const IPV6_OF_NEW_LINKS: &str = "/proc/sys/net/ipv6/conf/default/disable_ipv6";

/// The link's name inside a container.
pub(crate) const INTERFACE: &str = "eth0";

/// What the interface inside a container shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) address: Subnet,
    pub(crate) ipv6: Ipv6,
}

/// A route socket inside the namespace.
#[derive(Debug)]
pub(crate) struct Netns {
    socket: Socket,
}

impl Netns {
    /// Enters the namespace in a thread of its own, which ends there, so that no other code can run in it by mistake.
    pub(crate) fn enter(netns: BorrowedFd<'_>) -> Result<Self> {
        inside(netns, || {
            Ok(Self {
                socket: Socket::route()?,
            })
        })
    }

    /// Like `enter`; the interfaces made afterwards are without IPv6. Needed where frames are not filtered: a container
    /// with NET_RAW could announce itself to the others as an IPv6 router (CVE-2020-13401). Opening the file takes
    /// long on a machine with many namespaces.
    pub(crate) fn enter_without_ipv6(netns: BorrowedFd<'_>) -> Result<Self> {
        inside(netns, || {
            disable_ipv6_of_new_links()?;
            Ok(Self {
                socket: Socket::route()?,
            })
        })
    }

    pub(crate) fn loopback_up(&mut self) -> Result<()> {
        let mut batch = Batch::default();
        loopback_up(&mut batch);
        self.socket.execute(&batch)
    }

    /// Brings up `lo` and the interface, gives it its address and the default route.
    pub(crate) fn configure(&mut self, interface: &Interface) -> Result<()> {
        let link = route::link_named(&mut self.socket, INTERFACE)?;
        let missing = || Error::LinkMissing {
            link: INTERFACE.to_owned(),
        };
        let index = link.ok_or_else(missing)?.index;
        let mut batch = Batch::default();
        loopback_up(&mut batch);
        route::set_up(
            &mut batch,
            "bring up the container's interface",
            LinkRef::Index(index),
            interface.ipv6,
        );
        route::add_address(
            &mut batch,
            "add the container's address",
            index,
            interface.address,
        );
        route::add_default_route(&mut batch, index, interface.address.gateway());
        self.socket.execute(&batch)
    }
}

fn loopback_up(batch: &mut Batch) {
    route::set_up(
        batch,
        "bring up lo",
        LinkRef::Index(LOOPBACK_INDEX),
        Ipv6::Kept,
    );
}

fn inside<T: Send>(netns: BorrowedFd<'_>, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let enter = || {
        move_into_link_name_space(netns, Some(LinkNameSpaceType::Network)).map_err(|errno| {
            Error::System {
                step: "enter the network namespace",
                source: errno.into(),
            }
        })?;
        work()
    };
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .name("netns".to_owned())
            .stack_size(STACK_SIZE)
            .spawn_scoped(scope, enter);
        let thread = spawned.map_err(|source| Error::System {
            step: "start a thread",
            source,
        })?;
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn disable_ipv6_of_new_links() -> Result<()> {
    match fs::write(IPV6_OF_NEW_LINKS, "1") {
        // The kernel has no IPv6.
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::File {
            step: "write",
            path: IPV6_OF_NEW_LINKS.into(),
            source,
        }),
        Ok(()) => Ok(()),
    }
}
