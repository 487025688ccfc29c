use std::fs;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::conntrack::Stale;
use crate::definition::{DEFAULT_NETWORK, Definition};
use crate::firewall::Protocol;
use crate::loopback::LoopbackPorts;
use crate::maintenance::{Maintenance, Task};
use crate::member::{
    AssignedAddress, Attached, Attachment, Connection, Member, Publication, PublishedPort,
};
use crate::netlink::Socket;
use crate::netns::{self, Netns};
use crate::networks::{Inside, Networks, Place, Wanted};
use crate::ready::{ReadyNamespace, ReadyPool};
use crate::route::{self, LinkRef};
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

    /// Gives the namespace an interface with an address on each network, a default route, and `lo` up, and publishes
    /// ports. The namespace must be fresh, or the one that is `ready`. Nothing is left behind when it fails. When it
    /// succeeds, packets pass.
    pub fn attach(
        &self,
        container_id: &str,
        attachments: &[Attachment],
        publications: &[Publication],
        netns: BorrowedFd<'_>,
        ready: Option<ReadyNamespace>,
    ) -> Result<Connection> {
        let mut ready = ready.filter(|ready| ready.is(netns));
        let mut namespace = match ready.as_mut().and_then(ReadyNamespace::take_inside) {
            Some(inside) => inside,
            None => self.enter(netns)?,
        };
        let wanted = Wanted {
            attachments,
            publications,
            ready: ready.as_ref(),
        };
        let inside = match self.connect(container_id, wanted, netns) {
            Err(Error::AddressResting { .. }) => {
                self.maintenance.delete_now();
                self.connect(container_id, wanted, netns)?
            }
            connected => connected?,
        };
        self.forget_flows_past(container_id);
        let slot = ready.map(ReadyNamespace::hand_over);
        let configured = configure(&mut namespace, &inside, netns)
            .and_then(|()| self.wait_until_passable(container_id, slot, &mut namespace, &inside));
        if let Err(error) = configured {
            self.release(container_id)?;
            return Err(error);
        }
        let connection = self.connection(container_id);
        connection.ok_or_else(|| unknown_container(container_id))
    }

    /// Gives a container that runs a further interface.
    pub fn join(
        &self,
        container_id: &str,
        attachment: &Attachment,
        netns: BorrowedFd<'_>,
    ) -> Result<(AssignedAddress, Vec<PublishedPort>)> {
        let mut namespace = self.enter(netns)?;
        let inside = match self.join_locked(container_id, attachment, netns) {
            Err(Error::AddressResting { .. }) => {
                self.maintenance.delete_now();
                self.join_locked(container_id, attachment, netns)?
            }
            joined => joined?,
        };
        let configured = configure_further(&mut namespace, &inside, netns)
            .and_then(|()| self.wait_until_passable(container_id, None, &mut namespace, &inside));
        if let Err(error) = configured {
            self.leave(container_id, &attachment.network, netns)?;
            return Err(error);
        }
        self.forget_flows_past(container_id);
        let missing = || unknown_container(container_id);
        let connection = self.connection(container_id).ok_or_else(missing)?;
        let mut addresses = connection.addresses.into_iter();
        let address = addresses.find(|it| it.network == attachment.network);
        Ok((address.ok_or_else(missing)?, connection.ports))
    }

    /// Takes a running container off a network; its connections there end. Nothing happens when it is not on it.
    pub fn leave(
        &self,
        container_id: &str,
        network: &str,
        netns: BorrowedFd<'_>,
    ) -> Result<Vec<PublishedPort>> {
        let mut namespace = Netns::enter(netns)?;
        let left = lock(&self.networks).leave(container_id, network)?;
        if let Some(left) = left {
            namespace.delete(&left.interface)?;
            namespace.replace_default_routes(&left.routes)?;
            let lease = left.retired.lease.iter();
            self.maintenance.submit(Task::Forget(Stale {
                addresses: lease.flat_map(Attached::addresses).collect(),
                ..Stale::default()
            }));
            lock(&self.networks).free(&[left.retired]);
        }
        let connection = self.connection(container_id).unwrap_or_default();
        Ok(connection.ports)
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

    fn enter(&self, netns: BorrowedFd<'_>) -> Result<Netns> {
        if lock(&self.networks).filters_frames() {
            Netns::enter(netns)
        } else {
            Netns::enter_without_ipv6(netns)
        }
    }

    /// Datagrams for ports that have just been published may have gone elsewhere, and would go on to.
    fn forget_flows_past(&self, container_id: &str) {
        let forwards = lock(&self.networks).forwards_of(container_id);
        let stale = Stale::of_ports(forwards);
        self.maintenance.submit(match stale.is_empty() {
            true => Task::Attached,
            false => Task::Forget(stale),
        });
    }

    /// Until the kernel has noticed that the new links have a carrier.
    fn wait_until_passable(
        &self,
        container_id: &str,
        ready: Option<u16>,
        namespace: &mut Netns,
        inside: &Inside,
    ) -> Result<()> {
        let fresh = inside.interfaces.iter().filter(|it| it.ready.is_none());
        for interface in fresh {
            namespace.wait_until_operational(&interface.name)?;
        }
        let links = lock(&self.networks).new_links(container_id, ready);
        if links.is_empty() {
            return Ok(());
        }
        let mut socket = Socket::route()?;
        let mut links = links.iter();
        links.try_for_each(|link| route::wait_until_operational(&mut socket, LinkRef::Name(link)))
    }

    /// Leases addresses and makes the links; what is inside the namespace is left to do.
    fn connect(
        &self,
        container_id: &str,
        wanted: Wanted<'_>,
        netns: BorrowedFd<'_>,
    ) -> Result<Inside> {
        let mut networks = lock(&self.networks);
        self.make_ready(&mut networks)?;
        networks.enlist(container_id, wanted)?;
        let connected = self.connect_or_repair(&mut networks, container_id, wanted, netns);
        if connected.is_err() {
            self.release_locked(&mut networks, container_id)?;
        }
        connected
    }

    fn join_locked(
        &self,
        container_id: &str,
        attachment: &Attachment,
        netns: BorrowedFd<'_>,
    ) -> Result<Inside> {
        let mut networks = lock(&self.networks);
        self.make_ready(&mut networks)?;
        networks.join(container_id, attachment, netns)
    }

    /// The networks are whole as far as one short question to the kernel can tell.
    fn make_ready(&self, networks: &mut Networks) -> Result<()> {
        let changed = networks.firewall_has_changed()?;
        if !networks.is_ensured() || changed && !networks.is_whole()? {
            return self.ensure_locked(networks);
        }
        let mut last_recheck = lock(&self.last_recheck);
        if changed || last_recheck.elapsed() > RECHECK_AFTER {
            *last_recheck = Instant::now();
            self.maintenance.submit(Task::RecheckForwardPolicy);
        }
        Ok(())
    }

    /// Tries once more when links or rules had been removed from under us.
    fn connect_or_repair(
        &self,
        networks: &mut Networks,
        container_id: &str,
        wanted: Wanted<'_>,
        netns: BorrowedFd<'_>,
    ) -> Result<Inside> {
        let names = wanted.attachments.iter().map(|it| it.network.clone());
        let names: Vec<String> = names.collect();
        let place = Place {
            netns,
            ready: wanted.ready,
        };
        let connected = networks.connect(container_id, &names, &[], place);
        if connected.is_ok() || networks.is_whole()? {
            return connected;
        }
        self.ensure_locked(networks)?;
        networks.connect(container_id, &names, &[], place)
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

fn configure(namespace: &mut Netns, inside: &Inside, netns: BorrowedFd<'_>) -> Result<()> {
    netns::allow_ipv6(netns, &inside.interfaces)?;
    namespace.configure(&inside.interfaces)?;
    namespace.add_default_routes(&inside.routes)
}

fn configure_further(namespace: &mut Netns, inside: &Inside, netns: BorrowedFd<'_>) -> Result<()> {
    netns::allow_ipv6(netns, &inside.interfaces)?;
    namespace.configure(&inside.interfaces)?;
    namespace.replace_default_routes(&inside.routes)
}

fn unknown_container(id: &str) -> Error {
    Error::UnknownContainer { id: id.to_owned() }
}

/// Another thread's panic leaves nothing half-changed that the kernel does not tell us again.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
