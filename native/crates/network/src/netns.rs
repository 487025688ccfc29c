//! A container's network namespace, configured from outside.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::net::IpAddr;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::thread;

use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};

use crate::route::{self, Ipv6, LinkRef};
use crate::{Error, IpFamily, MacAddress, Result, Subnet};
use longshore_netlink::{Batch, Socket};

/// The loopback link is the first of every namespace.
const LOOPBACK_INDEX: u32 = 1;

const STACK_SIZE: usize = 64 * 1024;

const IPV6_SETTINGS: &str = "/proc/sys/net/ipv6/conf";

const OWN: &str = "/proc/thread-self/ns/net";

/// What an interface inside a container shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) name: String,
    pub(crate) addresses: Vec<Subnet>,
    pub(crate) ipv6: Ipv6,
    /// Whether the interface can have IPv6, for a link whose frames nobody checks; elsewhere that is left as it is.
    pub(crate) allow_ipv6: Option<bool>,
    /// Of an interface that stands ready: it is up already, and takes these on.
    pub(crate) ready: Option<Settings>,
}

/// What a link takes on that stands ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) mac: MacAddress,
    /// Where it is to be another one.
    pub(crate) mtu: Option<u32>,
}

/// Where packets to the world go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DefaultRoute {
    pub(crate) interface: String,
    /// `None`: straight out of the interface.
    pub(crate) gateway: Option<IpAddr>,
}

/// Of IPv4 and of IPv6.
pub(crate) type DefaultRoutes = [Option<DefaultRoute>; 2];

/// A route socket inside the namespace.
#[derive(Debug)]
pub(crate) struct Netns {
    socket: Socket,
    /// The numbers of links that have been looked for.
    indices: HashMap<String, u32>,
}

impl Netns {
    /// Enters the namespace in a thread of its own, which ends there, so that no other code can run in it by mistake.
    pub(crate) fn enter(netns: BorrowedFd<'_>) -> Result<Self> {
        inside(netns, Self::here)
    }

    /// Like `enter`; the interfaces made afterwards are without IPv6. Needed where frames are not filtered: a container
    /// with NET_RAW could announce itself to the others as an IPv6 router (CVE-2020-13401). Opening the file takes
    /// long on a machine with many namespaces.
    pub(crate) fn enter_without_ipv6(netns: BorrowedFd<'_>) -> Result<Self> {
        inside(netns, || {
            set_ipv6("default", false)?;
            Self::here()
        })
    }

    fn here() -> Result<Self> {
        Ok(Self {
            socket: Socket::route()?,
            indices: HashMap::new(),
        })
    }

    /// `lo` and one interface, which has no address yet.
    pub(crate) fn bring_up(&mut self, interface: &str, ipv6: Ipv6) -> Result<()> {
        let mut batch = Batch::default();
        loopback_up(&mut batch);
        let link = LinkRef::Index(self.index_of(interface)?);
        let step = "bring up the container's interface";
        route::set_up(&mut batch, step, link, ipv6);
        self.socket.execute(&batch)?;
        route::wait_until_operational(&mut self.socket, link)
    }

    pub(crate) fn loopback_up(&mut self) -> Result<()> {
        let mut batch = Batch::default();
        loopback_up(&mut batch);
        Ok(self.socket.execute(&batch)?)
    }

    /// Brings up `lo` and the interfaces, and gives each its addresses.
    pub(crate) fn configure(&mut self, interfaces: &[Interface]) -> Result<()> {
        let mut batch = Batch::default();
        loopback_up(&mut batch);
        for interface in interfaces {
            let index = self.index_of(&interface.name)?;
            let link = LinkRef::Index(index);
            match interface.ready {
                None => {
                    let step = "bring up the container's interface";
                    route::set_up(&mut batch, step, link, interface.ipv6);
                }
                Some(settings) => take_on(&mut batch, link, settings),
            }
            for address in &interface.addresses {
                let step = "add the container's address";
                route::add_address(&mut batch, step, index, *address);
            }
        }
        Ok(self.socket.execute(&batch)?)
    }

    /// Returns once packets pass through the interface.
    pub(crate) fn wait_until_operational(&mut self, interface: &str) -> Result<()> {
        let index = self.index_of(interface)?;
        route::wait_until_operational(&mut self.socket, LinkRef::Index(index))
    }

    /// In a namespace that has none yet.
    pub(crate) fn add_default_routes(&mut self, routes: &DefaultRoutes) -> Result<()> {
        let mut batch = Batch::default();
        for (family, route) in IpFamily::ALL.into_iter().zip(routes) {
            if let Some(DefaultRoute { interface, gateway }) = route {
                let index = self.index_of(interface)?;
                route::add_default_route(&mut batch, family, index, *gateway);
            }
        }
        Ok(self.socket.execute(&batch)?)
    }

    /// In place of those that stand.
    pub(crate) fn replace_default_routes(&mut self, routes: &DefaultRoutes) -> Result<()> {
        let mut batch = Batch::default();
        for family in IpFamily::ALL {
            route::delete_default_route(&mut batch, family);
        }
        // There may be none, and the container may have no IPv6 at all.
        self.socket.execute_each(&batch)?;
        self.add_default_routes(routes)
    }

    /// With its other end on the machine's side.
    pub(crate) fn delete(&mut self, interface: &str) -> Result<()> {
        let mut batch = Batch::default();
        route::delete(&mut batch, LinkRef::Name(interface));
        match self.socket.execute(&batch) {
            Err(error) if error.is_missing() => Ok(()),
            deleted => Ok(deleted?),
        }
    }

    fn index_of(&mut self, interface: &str) -> Result<u32> {
        if let Some(index) = self.indices.get(interface) {
            return Ok(*index);
        }
        let link = route::link_named(&mut self.socket, interface)?;
        let link = link.ok_or_else(|| Error::LinkMissing {
            link: interface.to_owned(),
        })?;
        self.indices.insert(interface.to_owned(), link.index);
        Ok(link.index)
    }
}

/// Says for each interface whether it may have IPv6, where that is to be said.
pub(crate) fn allow_ipv6(netns: BorrowedFd<'_>, interfaces: &[Interface]) -> Result<()> {
    let told = interfaces
        .iter()
        .filter_map(|it| Some((it.name.as_str(), it.allow_ipv6?)));
    let told: Vec<(&str, bool)> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    inside(netns, || {
        told.iter()
            .try_for_each(|(interface, allowed)| set_ipv6(interface, *allowed))
    })
}

/// A namespace of its own, in which there is nothing but a `lo` that is down.
pub(crate) fn make() -> Result<(OwnedFd, Netns)> {
    in_thread(|| {
        // SAFETY: the network namespace of this thread alone changes, which ends here.
        unsafe { unshare_unsafe(UnshareFlags::NEWNET) }.map_err(|errno| Error::System {
            step: "make a network namespace",
            source: errno.into(),
        })?;
        let own = File::open(OWN).map_err(|source| Error::File {
            step: "open",
            path: OWN.into(),
            source,
        })?;
        Ok((own.into(), Netns::here()?))
    })
}

/// Works inside the namespace, in a thread of its own that ends there.
pub(crate) fn inside<T: Send>(
    netns: BorrowedFd<'_>,
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
    in_thread(|| {
        move_into_link_name_space(netns, Some(LinkNameSpaceType::Network)).map_err(|errno| {
            Error::System {
                step: "enter the network namespace",
                source: errno.into(),
            }
        })?;
        work()
    })
}

fn in_thread<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .name("netns".to_owned())
            .stack_size(STACK_SIZE)
            .spawn_scoped(scope, work);
        let thread = spawned.map_err(|source| Error::System {
            step: "start a thread",
            source,
        })?;
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn take_on(batch: &mut Batch, link: LinkRef<'_>, settings: Settings) {
    let step = "set the interface's MAC address";
    route::set_mac(batch, step, link, settings.mac);
    if let Some(mtu) = settings.mtu {
        route::set_mtu(batch, "set the interface's MTU", link, mtu);
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

fn set_ipv6(interface: &str, allowed: bool) -> Result<()> {
    let path: PathBuf = Path::new(IPV6_SETTINGS)
        .join(interface)
        .join("disable_ipv6");
    match fs::write(&path, if allowed { "0" } else { "1" }) {
        // The kernel has no IPv6.
        Err(source) if source.kind() == io::ErrorKind::NotFound && !allowed => Ok(()),
        Err(source) => Err(Error::File {
            step: "write",
            path,
            source,
        }),
        Ok(()) => Ok(()),
    }
}
