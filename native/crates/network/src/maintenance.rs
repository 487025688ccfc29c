//! The thread that does what nobody shall wait for: deleting links, making namespaces ahead, and looking after other
//! programs' rules.
//!
//! Deleting a link waits for the kernel's readers (20 to 40 ms) and meanwhile stalls other containers' starts, so
//! links are deleted many at once, and when nothing else has been going on for a moment.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::base_link::delete_links;
use crate::conntrack::{self, Stale};
use crate::host::lock;
use crate::member::Attached;
use crate::networks::{Networks, Retired};
use crate::ready::ReadyPool;
use crate::{Error, Result};
use longshore_netlink::Socket;

/// Links are deleted after so long without an attachment or a release,
const QUIET: Duration = Duration::from_millis(100);
/// or when the first of them has waited so long,
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// or when there are so many.
const LARGEST_BATCH: usize = 256;

/// Namespaces are made ahead after so long without anything to do: less than lies between two starts of a person's script.
const REFILL_AFTER: Duration = Duration::from_millis(5);

/// iptables tells nobody of changes, so somebody looks.
const LOOK_EVERY: Duration = Duration::from_secs(3);

const STACK_SIZE: usize = 256 * 1024;

#[derive(Debug)]
pub(crate) enum Task {
    /// Delete these ports, then free their numbers and addresses.
    Retire(Vec<Retired>),
    /// See whether links and rules stand.
    Recheck,
    /// See whether the FORWARD chain still lets containers through.
    RecheckForwardPolicy,
    /// Containers are being started: hold back.
    Attached,
    /// Flows of datagrams to ports that have just been published.
    Forget(Stale),
    /// Somebody waits for the deletions.
    DeleteNow(Sender<()>),
}

/// Stops, with all its work done, when dropped.
#[derive(Debug)]
pub(crate) struct Maintenance {
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<()>>,
}

impl Maintenance {
    pub(crate) fn start(
        networks: Arc<Mutex<Networks>>,
        ready: Arc<ReadyPool>,
        report: fn(&Error),
    ) -> Result<Self> {
        let (tasks, receiver) = mpsc::channel();
        let is_told = lock(&networks).filters_frames();
        let look_due = (!is_told).then(|| Instant::now() + LOOK_EVERY);
        let mut worker = Worker {
            networks,
            ready,
            socket: Socket::route()?,
            retired: Vec::new(),
            retired_since: None,
            not_before: Instant::now(),
            last_task: Instant::now(),
            look_due,
            can_refill: true,
            report,
            is_failing: false,
        };
        let builder = thread::Builder::new()
            .name("network".to_owned())
            .stack_size(STACK_SIZE);
        let thread = builder.spawn(move || worker.run(&receiver));
        let thread = thread.map_err(|source| Error::System {
            step: "start a thread",
            source,
        })?;
        Ok(Self {
            tasks: Some(tasks),
            thread: Some(thread),
        })
    }

    pub(crate) fn submit(&self, task: Task) {
        if let Some(tasks) = &self.tasks {
            // The thread ends only after this sender.
            let _ = tasks.send(task);
        }
    }

    /// Returns when all ports that were retired before are deleted, or have turned out not to be deletable.
    pub(crate) fn delete_now(&self) {
        let (done, wait) = mpsc::channel();
        self.submit(Task::DeleteNow(done));
        // The answer is that the sender is gone.
        let _ = wait.recv();
    }

    /// For others who have work for the thread; it ends after the last of them.
    pub(crate) fn sender(&self) -> Option<Sender<Task>> {
        self.tasks.clone()
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Worker {
    networks: Arc<Mutex<Networks>>,
    ready: Arc<ReadyPool>,
    socket: Socket,
    retired: Vec<Retired>,
    retired_since: Option<Instant>,
    /// After a failure, for a while.
    not_before: Instant,
    last_task: Instant,
    /// When the rules are looked at; `None` where the kernel tells of changes.
    look_due: Option<Instant>,
    /// A machine that refused to make a namespace is asked again after its next task.
    can_refill: bool,
    report: fn(&Error),
    /// The same failure repeats with every further try, and is told once.
    is_failing: bool,
}

impl Worker {
    fn run(&mut self, tasks: &Receiver<Task>) {
        loop {
            let due = [self.deletion_due(), self.refill_due(), self.look_due];
            let received = match due.into_iter().flatten().min() {
                Some(due) => tasks.recv_timeout(due.saturating_duration_since(Instant::now())),
                None => tasks.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match received {
                Ok(task) => self.take(task),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= Instant::now());
            if is_due(self.deletion_due()) {
                self.delete_retired();
            } else if is_due(self.refill_due()) {
                self.refill();
            } else if is_due(self.look_due) {
                self.recheck();
                self.look_due = Some(Instant::now() + LOOK_EVERY);
            }
        }
        self.delete_retired();
    }

    fn deletion_due(&self) -> Option<Instant> {
        let oldest = self.retired_since?;
        let due = match self.retired.len() {
            LARGEST_BATCH.. => oldest,
            _ => (oldest + LONGEST_WAIT).min(self.last_task + QUIET),
        };
        Some(due.max(self.not_before))
    }

    fn refill_due(&self) -> Option<Instant> {
        let is_lacking = self.can_refill && !self.ready.is_full();
        is_lacking.then(|| self.last_task + REFILL_AFTER)
    }

    fn refill(&mut self) {
        let made = self.make_ready();
        self.can_refill = self.tell(made).unwrap_or(false);
    }

    /// Whether one has been made.
    fn make_ready(&mut self) -> Result<bool> {
        let reserved = lock(&self.networks).reserve_ready()?;
        let Some((slot, port, base)) = reserved else {
            return Ok(false);
        };
        let made = self.ready.make(&mut self.socket, &port, slot, base);
        if made.is_err() {
            self.retire_ready(vec![slot]);
        }
        made.map(|()| true)
    }

    fn retire_ready(&mut self, slots: Vec<u16>) {
        let retired = lock(&self.networks).retire_ready(slots);
        self.retire(retired);
    }

    fn retire(&mut self, retired: Vec<Retired>) {
        if !retired.is_empty() {
            self.retired_since.get_or_insert_with(Instant::now);
            self.retired.extend(retired);
        }
    }

    fn take(&mut self, task: Task) {
        self.last_task = Instant::now();
        self.can_refill = true;
        let abandoned = self.ready.take_abandoned();
        self.retire_ready(abandoned);
        match task {
            Task::Retire(retired) => self.retire(retired),
            Task::Attached => {}
            Task::Forget(stale) => self.forget(&stale),
            Task::DeleteNow(done) => {
                self.delete_retired();
                drop(done);
            }
            // A failure shows again, and to a caller, in the next `ensure`.
            Task::RecheckForwardPolicy => drop(lock(&self.networks).recheck_forward_policy()),
            Task::Recheck => self.recheck(),
        }
    }

    fn recheck(&mut self) {
        let rechecked = lock(&self.networks).recheck();
        if let Some(strays) = self.tell(rechecked) {
            self.retire(strays);
        }
    }

    fn forget(&mut self, stale: &Stale) {
        let forgotten = self.try_to_forget(stale);
        self.tell(forgotten);
    }

    fn try_to_forget(&self, stale: &Stale) -> Result<()> {
        let own = lock(&self.networks).own_addresses()?;
        conntrack::forget(&mut Socket::netfilter()?, stale, &own)
    }

    /// What cannot be deleted stays for the next time, its addresses unused.
    fn delete_retired(&mut self) {
        if self.retired.is_empty() {
            return;
        }
        let (ports, group) = {
            let networks = lock(&self.networks);
            let names = networks.model().names();
            let ports = self.retired.iter().map(|it| names.port(it.slot));
            (ports.collect::<Vec<String>>(), names.doomed_group)
        };
        let leases = self.retired.iter().filter_map(|it| it.lease.as_ref());
        let stale = Stale {
            addresses: leases.flat_map(Attached::addresses).collect(),
            ..Stale::default()
        };
        if !stale.is_empty() && lock(&self.networks).filters_frames() {
            self.forget(&stale);
        }
        let deleted = delete_links(&mut self.socket, &ports, group);
        if self.tell(deleted).is_some() {
            lock(&self.networks).free(&self.retired);
            self.retired.clear();
            self.retired_since = None;
        } else {
            self.not_before = Instant::now() + LONGEST_WAIT;
        }
    }

    fn tell<T>(&mut self, result: Result<T>) -> Option<T> {
        let was_failing = std::mem::replace(&mut self.is_failing, result.is_err());
        result
            .inspect_err(|error| {
                if !was_failing {
                    (self.report)(error);
                }
            })
            .ok()
    }
}
