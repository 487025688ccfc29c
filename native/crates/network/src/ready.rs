//! Network namespaces that stand ready before a container asks: `lo` is up, and one end of a veth pair is in it, up,
//! with its other end up on this machine, on no bridge yet. What is left for the container is to put that end on the
//! bridge, and an address on the first.
//!
//! The kernel takes about 2 ms for all that is made ahead here, and lets packets through a new link only when it has
//! noticed its carrier; a link that is up already forwards in the moment it is put on a bridge.
//!
//! A ready namespace lives as long as its descriptor: of an agent that is killed nothing is left but, for a moment,
//! links without a lease, which the next agent removes.

use std::fmt;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex};

use rustix::fs::fstat;

use crate::Result;
use crate::base_link::BaseLink;
use crate::host::lock;
use crate::netns::{self, Netns};
use crate::route::{self, LinkRef, VethPair};
use longshore_netlink::{Batch, Socket};

/// The name of the link in it; only a container whose first interface is called so can have it.
pub(crate) const INTERFACE: &str = "eth0";

/// A network namespace made ahead. Dropped without having been attached, it goes, with its links.
pub struct ReadyNamespace {
    netns: OwnedFd,
    inside: Option<Netns>,
    /// Of the port on the machine's side.
    pub(crate) slot: u16,
    pub(crate) mtu: u32,
    /// Where its number goes when it is dropped.
    abandoned: Option<Abandoned>,
}

/// The slots of those that were dropped, until their links are looked after.
type Abandoned = Arc<Mutex<Vec<u16>>>;

impl ReadyNamespace {
    /// Whether this is the namespace.
    pub(crate) fn is(&self, netns: BorrowedFd<'_>) -> bool {
        let identity = |fd: BorrowedFd<'_>| fstat(fd).map(|it| (it.st_dev, it.st_ino));
        matches!((identity(self.netns.as_fd()), identity(netns)), (Ok(own), Ok(other)) if own == other)
    }

    /// Once.
    pub(crate) fn take_inside(&mut self) -> Option<Netns> {
        self.inside.take()
    }

    /// Its links are a container's from now on; returns the number of the port.
    pub(crate) fn hand_over(mut self) -> u16 {
        self.abandoned = None;
        self.slot
    }
}

impl AsFd for ReadyNamespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.netns.as_fd()
    }
}

impl fmt::Debug for ReadyNamespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadyNamespace")
            .field("slot", &self.slot)
            .finish_non_exhaustive()
    }
}

impl Drop for ReadyNamespace {
    fn drop(&mut self) {
        if let Some(abandoned) = &self.abandoned {
            lock(abandoned).push(self.slot);
        }
    }
}

/// Those that nobody has taken yet. Who locks both fields locks `wanted` first.
#[derive(Debug, Default)]
pub(crate) struct ReadyPool {
    /// How many there shall be; locked while one is made.
    wanted: Mutex<usize>,
    stock: Mutex<Vec<ReadyNamespace>>,
    abandoned: Abandoned,
}

impl ReadyPool {
    pub(crate) fn take(&self) -> Option<ReadyNamespace> {
        lock(&self.stock).pop()
    }

    pub(crate) fn is_full(&self) -> bool {
        let wanted = *lock(&self.wanted);
        lock(&self.stock).len() >= wanted
    }

    /// So many from now on. With none, those that stand go, and none is being made.
    pub(crate) fn want(&self, count: usize) {
        let mut wanted = lock(&self.wanted);
        *wanted = count;
        lock(&self.stock).truncate(count);
    }

    pub(crate) fn take_abandoned(&self) -> Vec<u16> {
        std::mem::take(&mut *lock(&self.abandoned))
    }

    /// Makes one more, for a network like `base`, unless it is no longer wanted. `port` is the name of its link on this
    /// machine.
    pub(crate) fn make(
        &self,
        socket: &mut Socket,
        port: &str,
        slot: u16,
        base: BaseLink,
    ) -> Result<()> {
        let wanted = lock(&self.wanted);
        if lock(&self.stock).len() >= *wanted {
            lock(&self.abandoned).push(slot);
            return Ok(());
        }
        let (netns, mut inside) = netns::make()?;
        let mut batch = Batch::default();
        let pair = VethPair {
            port,
            bridge_index: None,
            mtu: base.mtu,
            netns: netns.as_fd(),
            interface: INTERFACE,
            mac: None,
        };
        route::add_veth(&mut batch, &pair);
        let link = LinkRef::Name(port);
        route::set_up(&mut batch, "bring up the port", link, base.ipv6);
        socket.execute(&batch)?;
        inside.bring_up(INTERFACE, base.ipv6)?;
        route::wait_until_operational(socket, link)?;
        lock(&self.stock).push(ReadyNamespace {
            netns,
            inside: Some(inside),
            slot,
            mtu: base.mtu,
            abandoned: Some(Arc::clone(&self.abandoned)),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// Long for a machine with other things to do; short for one that waits for ever.
    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn whoever_asks_and_whoever_wants_do_not_wait_for_each_other() {
        let pool = Arc::new(ReadyPool::default());
        let (done, ended) = mpsc::channel();
        let spawn = |work: fn(&ReadyPool, usize)| {
            let (pool, done) = (Arc::clone(&pool), done.clone());
            thread::spawn(move || {
                (0..200_000).for_each(|round| work(&pool, round));
                done.send(())
            });
        };
        spawn(|pool, _| {
            std::hint::black_box(pool.is_full());
        });
        spawn(|pool, round| pool.want(round % 2));
        for _ in 0..2 {
            ended
                .recv_timeout(PATIENCE)
                .expect("neither waits for the other");
        }
    }
}
