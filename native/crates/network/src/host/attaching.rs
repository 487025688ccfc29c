//! Containers that come to the networks of a host, and leave them.

use std::os::fd::BorrowedFd;
use std::time::Instant;

use super::{NetworkHost, RECHECK_AFTER, lock};
use crate::conntrack::Stale;
use crate::maintenance::Task;
use crate::member::{
    AssignedAddress, Attached, Attachment, Connection, Publication, PublishedPort,
};
use crate::netns::{self, Netns};
use crate::networks::{Inside, Networks, Place, Wanted};
use crate::ready::ReadyNamespace;
use crate::route::{self, LinkRef};
use crate::{Error, Result};
use longshore_netlink::Socket;

impl NetworkHost {
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
