use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use longshore_sys::clone::{self, Namespaces};
use longshore_sys::{Result, loopback};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};

/// Requests that follow each other closely go first.
const IDLE: Duration = Duration::from_millis(4);

const OWN: &str = "/proc/self/ns/net";

/// A network namespace for the next container, with nothing in it but a `lo` that is up. Making one takes the kernel
/// about 1 ms, a third of a whole start; so it is made when nobody waits.
pub(super) struct SpareNetwork {
    /// The host's.
    own: OwnedFd,
    ready: Option<OwnedFd>,
    /// A host that refuses is not asked again.
    possible: bool,
}

impl SpareNetwork {
    pub(super) fn new() -> Result<Self> {
        let own = open_own()?;
        Ok(SpareNetwork {
            own,
            ready: None,
            possible: true,
        })
    }

    pub(super) fn take(&mut self) -> Option<OwnedFd> {
        self.ready.take()
    }

    /// Makes one if there is none and `requests` stays silent for a moment.
    ///
    /// # Errors
    /// When this process cannot go back to the host's network: then it must not go on.
    pub(super) fn make_when_idle(&mut self, requests: impl AsFd) -> Result<()> {
        if self.ready.is_some() || !self.possible || !is_idle(requests) {
            return Ok(());
        }
        if clone::unshare(Namespaces::NETWORK).is_err() {
            // The start that cannot have its own says why.
            self.possible = false;
            return Ok(());
        }
        let made = loopback::bring_up().and_then(|()| open_own());
        clone::join_one(self.own.as_fd(), Namespaces::NETWORK)?;
        self.possible = made.is_ok();
        self.ready = made.ok();
        Ok(())
    }
}

fn open_own() -> Result<OwnedFd> {
    rustix::fs::open(OWN, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
}

fn is_idle(requests: impl AsFd) -> bool {
    let timeout = Timespec {
        tv_sec: 0,
        tv_nsec: i64::from(IDLE.subsec_nanos()),
    };
    let mut polled = [PollFd::new(&requests, PollFlags::IN)];
    matches!(poll(&mut polled, Some(&timeout)), Ok(0))
}
