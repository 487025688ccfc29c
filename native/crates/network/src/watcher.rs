//! Notices that another program has changed rules, or removed links.
//!
//! The kernel tells of each change, our own too. So changes are left to gather for a moment, and then looked at once.

use std::os::fd::AsFd;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fd::OwnedFd;

use crate::maintenance::Task;
use crate::{Error, Result};
use longshore_netlink::Listener;

/// Containers that start one after another cause one look in so long.
const GATHER: Duration = Duration::from_millis(300);

const STACK_SIZE: usize = 64 * 1024;

/// Stops when dropped.
#[derive(Debug)]
pub(crate) struct Watcher {
    stop: OwnedFd,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    pub(crate) fn start(tasks: Sender<Task>) -> Result<Self> {
        let failed = |step| move |source| Error::System { step, source };
        let stop = eventfd(0, EventfdFlags::CLOEXEC)
            .map_err(|errno| failed("make an eventfd")(errno.into()))?;
        let stopped = stop.try_clone().map_err(failed("duplicate an eventfd"))?;
        let listeners = Listener::all().map_err(failed("listen to netlink"))?;
        let builder = thread::Builder::new()
            .name("network-watch".to_owned())
            .stack_size(STACK_SIZE);
        let thread = builder.spawn(move || watch(&listeners, &stopped, &tasks));
        Ok(Self {
            stop,
            thread: Some(thread.map_err(failed("start a thread"))?),
        })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let told = rustix::io::write(&self.stop, &1_u64.to_ne_bytes());
        if let Some(thread) = self.thread.take().filter(|_| told.is_ok()) {
            let _ = thread.join();
        }
    }
}

fn watch(listeners: &[Listener], stop: &OwnedFd, tasks: &Sender<Task>) {
    let mut fds = vec![PollFd::new(stop, PollFlags::IN)];
    fds.extend(
        listeners
            .iter()
            .map(|it| PollFd::from_borrowed_fd(it.as_fd(), PollFlags::IN)),
    );
    loop {
        if is_stopped(&mut fds, None) {
            return;
        }
        let mut only_stop = [PollFd::new(stop, PollFlags::IN)];
        if is_stopped(&mut only_stop, Some(GATHER)) {
            return;
        }
        let changes: usize = listeners.iter().map(Listener::drain).sum();
        if changes > 0 && tasks.send(Task::Recheck).is_err() {
            return;
        }
    }
}

/// Waits for the first of the descriptors; the first one says stop.
fn is_stopped(fds: &mut [PollFd<'_>], patience: Option<Duration>) -> bool {
    let timeout = patience.and_then(|it| Timespec::try_from(it).ok());
    match poll(fds, timeout.as_ref()) {
        Ok(_) => fds.first().is_some_and(|stop| !stop.revents().is_empty()),
        Err(rustix::io::Errno::INTR) => false,
        Err(_) => true,
    }
}
