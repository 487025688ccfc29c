mod attaching;

use std::fs;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::definition::{DEFAULT_NETWORK, Definition};
use crate::firewall::Protocol;
use crate::loopback::LoopbackPorts;
use crate::maintenance::{Maintenance, Task};
use crate::member::{Attachment, Connection, Member};
use crate::netns::Netns;
use crate::networks::Networks;
use crate::ready::{ReadyNamespace, ReadyPool};
use crate::watcher::Watcher;
use crate::{Error, Result};

/// iptables-legacy does not tell of changes, so its rules are looked at again after so long.
const RECHECK_AFTER: Duration = Duration::from_secs(30);

/// The networks of one agent. Usable from many threads; every call is synchronous and must be made in the network
/// namespace that `open` was called in.
#[derive(Debug)]
pub struct NetworkHost {
    networks: Arc<Mutex<Networks>>,
    ready: Arc<ReadyPool>,
    last_recheck: Mutex<Instant>,
    /// Before the maintenance, which ends after all who have work for it.
    _watcher: Option<Watcher>,
    maintenance: Maintenance,
}

impl NetworkHost {
    /// Reads the state in `state_dir` (made when missing). Changes nothing on the machine: links are made by `ensure`
    /// and `apply`, or by the first `attach`. `instance` tells this agent from others; `DEFAULT_INSTANCE` gets the link
    /// name "longshore0". `report` is told what went wrong in the background.
    pub fn open(state_dir: &Path, instance: &str, report: fn(&Error)) -> Result<Self> {
        let created = fs::create_dir_all(state_dir);
        created.map_err(|source| Error::File {
            step: "create",
            path: state_dir.into(),
            source,
        })?;
        let networks = Arc::new(Mutex::new(Networks::open(state_dir, instance)?));
        let ready = Arc::new(ReadyPool::default());
        let worker = Maintenance::start(Arc::clone(&networks), Arc::clone(&ready), report);
        let maintenance = worker?;
        let watcher = maintenance.sender().map(Watcher::start).transpose()?;
        Ok(Self {
            networks,
            ready,
            last_recheck: Mutex::new(Instant::now()),
            _watcher: watcher,
            maintenance,
        })
    }

    /// Makes the networks, or puts right what is missing of them: links, addresses, rules, forwarding. Returns the
    /// default one.
    pub fn ensure(&self) -> Result<Definition> {
        let mut networks = lock(&self.networks);
        self.ensure_locked(&mut networks)?;
        networks.model().definition(DEFAULT_NETWORK)
    }

    /// Makes the network, or puts right what is missing of it; returns it with all that was chosen. One that stands
    /// otherwise is changed while it has no members.
    pub fn apply(&self, wanted: Definition) -> Result<Definition> {
        let id = wanted.id.clone();
        let mut networks = lock(&self.networks);
        let is_new = networks.model().definition(&id).is_err();
        networks.apply(wanted)?;
        let made = self
            .ensure_locked(&mut networks)
            .and_then(|()| networks.require(&id));
        if made.is_err() && is_new {
            networks.remove(&id)?;
        }
        made?;
        networks.model().definition(&id)
    }

    /// Removes the network's links, rules and leases. It must have no members; an unknown id is a success.
    pub fn remove(&self, id: &str) -> Result<()> {
        let mut networks = lock(&self.networks);
        let is_known = networks.model().definition(id).is_ok();
        networks.remove(id)?;
        if is_known {
            self.ensure_locked(&mut networks)?;
        }
        Ok(())
    }

    /// The default one among them, its addresses chosen.
    pub fn networks(&self) -> Result<Vec<Definition>> {
        let mut networks = lock(&self.networks);
        networks.choose_default(DEFAULT_NETWORK)?;
        let model = networks.model();
        let ids = model.definitions().map(|it| it.id.clone());
        ids.map(|id| model.definition(&id)).collect()
    }

    pub fn network(&self, id: &str) -> Result<Definition> {
        lock(&self.networks).model().definition(id)
    }

    pub fn members(&self, network: &str) -> Vec<Member> {
        lock(&self.networks).model().members(network)
    }

    /// What a container has of the networks; `None` when it is on none.
    pub fn connection(&self, container_id: &str) -> Option<Connection> {
        lock(&self.networks).model().connection(container_id)
    }

    /// What is for a published port of ::1 is led to these from now on, where the firewall can.
    pub fn serve_loopback(&self, ports: LoopbackPorts) {
        lock(&self.networks).serve_loopback(ports);
    }

    /// What a published port of ::1 leads to; `None` when it is none.
    pub fn loopback_target(&self, protocol: Protocol, port: u16) -> Option<SocketAddr> {
        lock(&self.networks).loopback_target(protocol, port)
    }

    /// From now on so many namespaces are made ahead, whenever there is nothing else to do and networks stand.
    pub fn keep_ready(&self, count: usize) {
        self.ready.want(count);
        self.maintenance.submit(Task::Attached);
    }

    /// A namespace made ahead, for a container that is about to start on these networks; `None` when none is left, or
    /// none would do.
    pub fn take_ready(&self, attachments: &[Attachment]) -> Option<ReadyNamespace> {
        if !lock(&self.networks).may_be_ready(attachments) {
            return None;
        }
        self.maintenance.submit(Task::Attached);
        self.ready.take()
    }

    /// Other names for a member of a network.
    pub fn set_names(&self, container_id: &str, network: &str, names: Vec<String>) -> Result<()> {
        lock(&self.networks).set_names(container_id, network, names)
    }

    /// Takes the container off its networks; nothing happens when it is on none. Its links go in the background, and
    /// its addresses are not given away before they are gone.
    pub fn release(&self, container_id: &str) -> Result<()> {
        self.release_locked(&mut lock(&self.networks), container_id)
    }

    /// Releases every container that is not in `container_ids`, and puts right what the others need: called once after
    /// the agent's start.
    pub fn retain(&self, container_ids: &[&str]) -> Result<()> {
        let mut networks = lock(&self.networks);
        let known = networks.model().container_ids().map(str::to_owned);
        let known: Vec<String> = known.collect();
        let is_gone = |id: &&String| !container_ids.contains(&id.as_str());
        for id in known.iter().filter(is_gone) {
            self.release_locked(&mut networks, id)?;
        }
        if networks.model().container_ids().next().is_some() {
            self.ensure_locked(&mut networks)?;
        }
        Ok(())
    }

    /// Removes links, rules and leases of this instance from the machine. Containers that are still attached lose their
    /// network. Networks that people defined stay defined: they are made again when somebody needs them.
    pub fn teardown(&self) -> Result<()> {
        self.ready.want(0);
        lock(&self.networks).teardown()
    }

    /// What holds this machine's rules: "nftables" or "iptables".
    pub fn firewall(&self) -> &'static str {
        match lock(&self.networks).filters_frames() {
            true => "nftables",
            false => "iptables",
        }
    }

    fn ensure_locked(&self, networks: &mut Networks) -> Result<()> {
        let strays = networks.ensure()?;
        self.maintenance.submit(Task::Retire(strays));
        Ok(())
    }

    fn release_locked(&self, networks: &mut Networks, container_id: &str) -> Result<()> {
        let retired = networks.release(container_id)?;
        if !retired.is_empty() {
            self.maintenance.submit(Task::Retire(retired));
        }
        Ok(())
    }
}

/// Brings up `lo` in a namespace that is on no network.
pub fn lo_up(netns: BorrowedFd<'_>) -> Result<()> {
    Netns::enter(netns)?.loopback_up()
}

/// Another thread's panic leaves nothing half-changed that the kernel does not tell us again.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
