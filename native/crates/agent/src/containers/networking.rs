//! Containers on their networks: as they start, while they run, and as they end.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use longshore_network::{AssignedAddress, Attachment, Connection, PublishedPort, ReadyNamespace};
use longshore_runtime::store::{ContainerDirectory, RunOrder};
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_sys::pidfd;
use tokio::task::block_in_place;

use super::container::Running;
use super::start::StartRequest;
use super::{Containers, identity_files};
use crate::failure::of_network;
use crate::report;

impl Containers {
    /// What a container has of the networks; nothing when it is on none.
    pub(crate) fn connection(&self, id: &Id) -> Connection {
        self.networks.connection(id.as_str()).unwrap_or_default()
    }

    /// Puts a container that starts on its networks, and fills in the files that tell it so.
    pub(super) fn attach_networks(
        &self,
        request: &StartRequest,
        directory: &ContainerDirectory,
        netns: BorrowedFd<'_>,
        ready: Option<ReadyNamespace>,
    ) -> Result<(), Failure> {
        let order = &request.order;
        let (networks, ports) = (&request.networks, &request.ports);
        let attached = self
            .networks
            .attach(order.id.as_str(), networks, ports, netns, ready);
        let connection = attached.map_err(|error| of_network(&error))?;
        let links = self.linked_hosts(&order.id, &connection);
        identity_files::write_hosts(directory, &order.identity, &connection, &links)?;
        for network in networks {
            self.tell_linking(&order.id, &network.network);
        }
        self.naming.serve(&order.id, &order.identity, netns)
    }

    /// A further network for a container that runs.
    pub(crate) async fn connect_network(
        self: &Arc<Self>,
        id: &Id,
        attachment: Attachment,
    ) -> Result<(AssignedAddress, Vec<PublishedPort>), Failure> {
        let container = self.get(id)?;
        let _operation = container.operation.lock().await;
        let running = container.running()?;
        block_in_place(|| {
            let netns = self.own_netns(id, &running)?;
            let joined = self.networks.join(id.as_str(), &attachment, netns.as_fd());
            let joined = joined.map_err(|error| of_network(&error))?;
            self.follow_networks(id, netns.as_fd(), &attachment.network);
            Ok(joined)
        })
    }

    /// Not on it: a success.
    pub(crate) async fn disconnect_network(
        self: &Arc<Self>,
        id: &Id,
        network: &str,
    ) -> Result<Vec<PublishedPort>, Failure> {
        let container = self.get(id)?;
        let _operation = container.operation.lock().await;
        let running = container.running()?;
        block_in_place(|| {
            let netns = self.own_netns(id, &running)?;
            let left = self.networks.leave(id.as_str(), network, netns.as_fd());
            let ports = left.map_err(|error| of_network(&error))?;
            self.follow_networks(id, netns.as_fd(), network);
            Ok(ports)
        })
    }

    pub(crate) fn set_names(
        &self,
        id: &Id,
        network: &str,
        names: Vec<String>,
    ) -> Result<(), Failure> {
        let set = self.networks.set_names(id.as_str(), network, names);
        set.map_err(|error| of_network(&error))?;
        self.naming.refresh(network);
        Ok(())
    }

    pub(crate) fn remove_network(&self, network: &str) -> Result<(), Failure> {
        let definition = self.networks.network(network);
        let removed = self.networks.remove(network);
        removed.map_err(|error| of_network(&error))?;
        if let Ok(definition) = definition {
            self.naming.forget(&definition.name);
        }
        Ok(())
    }

    pub(super) fn release_network(&self, id: &Id) {
        let connection = self.connection(id);
        self.naming.stop(id);
        if let Err(error) = block_in_place(|| self.networks.release(id.as_str())) {
            report::error("network", format_args!("{id}: cannot be released: {error}"));
        }
        for address in connection.addresses {
            self.naming.refresh(&address.network);
            self.tell_linking(id, &address.network);
        }
    }

    /// For a container that an agent before this one started.
    pub(super) fn serve_names_again(&self, id: &Id, running: &Running) {
        let Some((_, order)) = self.record_of(id) else {
            return;
        };
        let served = netns_of(running)
            .and_then(|netns| self.naming.serve(id, &order.identity, netns.as_fd()));
        if let Err(error) = served {
            report::error("names", format_args!("{id}: {error}"));
        }
    }

    /// After a container has come to a network, or has left it: its files, and everybody's names.
    fn follow_networks(&self, id: &Id, netns: BorrowedFd<'_>, changed: &str) {
        self.naming.refresh(changed);
        let Some((directory, order)) = self.record_of(id) else {
            return;
        };
        self.tell_linking(id, changed);
        let connection = self.connection(id);
        let links = self.linked_hosts(id, &connection);
        let followed = identity_files::rewrite(&directory, &order.identity, &connection, &links)
            .and_then(|()| self.naming.serve(id, &order.identity, netns));
        // The network is as it was asked for; what is left are its names.
        if let Err(error) = followed {
            report::error("names", format_args!("{id}: {error}"));
        }
    }

    pub(super) fn record_of(&self, id: &Id) -> Option<(ContainerDirectory, RunOrder)> {
        let directory = self.store.open_directory(id).ok()??;
        let order = directory.bundle().ok()??.order;
        Some((directory, order))
    }

    /// Refuses a container that shares another one's network, or the machine's.
    fn own_netns(&self, id: &Id, running: &Running) -> Result<File, Failure> {
        let netns = netns_of(running)?;
        let is_shared = self
            .record_of(id)
            .is_some_and(|(_, order)| order.identity_of.is_some());
        if !is_shared && !is_machines(&netns) {
            return Ok(netns);
        }
        let message = format!("container {id} has no network of its own");
        Err(Failure::new(
            FailureClass::FailedPrecondition,
            "network",
            message,
        ))
    }
}

/// The namespace of the container's first process: of that one, and not of a later process with the same number.
pub(super) fn netns_of(running: &Running) -> Result<File, Failure> {
    let path = format!("/proc/{}/ns/net", running.pid);
    let failed = |error| Failure::io("network", &path, &error);
    let netns = File::open(&path).map_err(failed)?;
    pidfd::send_signal(&running.init, 0).map_err(|errno| failed(errno.into()))?;
    Ok(netns)
}

fn is_machines(netns: &File) -> bool {
    let own = std::fs::metadata("/proc/self/ns/net").map(|it| (it.dev(), it.ino()));
    let other = netns.metadata().map(|it| (it.dev(), it.ino()));
    matches!((own, other), (Ok(own), Ok(other)) if own == other)
}
