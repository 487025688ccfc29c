//! Running containers that come to a further network, or leave one.

use std::os::fd::BorrowedFd;

use super::attach::{Inside, Place, ports_update};
use super::{Networks, Retired};
use crate::firewall::{Forward, Update};
use crate::member::{Attachment, Membership};
use crate::{Error, Result};

/// What is left to do inside the namespace of a container that leaves a network.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) interface: String,
    pub(crate) routes: crate::netns::DefaultRoutes,
    pub(crate) retired: Retired,
}

impl Networks {
    /// Leases an address and makes the link. Nothing has changed when it fails.
    pub(crate) fn join(
        &mut self,
        container_id: &str,
        wanted: &Attachment,
        netns: BorrowedFd<'_>,
    ) -> Result<Inside> {
        let membership = self.model.containers.get(container_id);
        let mut membership = membership.cloned().unwrap_or_default();
        if membership.on(&wanted.network).is_some() {
            return Err(Error::AlreadyAttached {
                id: container_id.to_owned(),
                network: self.model.network(&wanted.network)?.definition.name.clone(),
            });
        }
        let before = self.model.forwards(&membership);
        let attached = self.lease(wanted, &membership, None)?;
        membership.attached.push(attached.clone());
        let networks = [wanted.network.clone()];
        let place = Place { netns, ready: None };
        let joined = self
            .keep(container_id, membership)
            .and_then(|()| self.connect(container_id, &networks, &before, place));
        if joined.is_err() {
            let left = self.leave(container_id, &wanted.network)?;
            if left.is_none() {
                self.give_back(&attached);
            }
        }
        joined
    }

    /// `None` when the container is not on the network. Its link is still to be deleted, from inside.
    pub(crate) fn leave(&mut self, container_id: &str, network: &str) -> Result<Option<Left>> {
        let Some(membership) = self.model.containers.get(container_id) else {
            return Ok(None);
        };
        let Some(attached) = membership.on(network).cloned() else {
            return Ok(None);
        };
        let mut rest = membership.clone();
        rest.attached.retain(|it| it.network != network);
        let before: Vec<Forward> = self.model.forwards(membership);
        let update = Update {
            revoke: self.model.member_plan(&attached).into_iter().collect(),
            ..ports_update(&before, &self.model.forwards(&rest))
        };
        let routes = self.model.default_routes(&rest);
        self.keep(container_id, rest)?;
        self.update_firewall(&update)?;
        Ok(Some(Left {
            interface: attached.interface.clone(),
            routes,
            retired: Retired {
                slot: attached.slot,
                lease: Some(attached),
            },
        }))
    }

    /// Other names for a member. Its container must be on the network.
    pub(crate) fn set_names(
        &mut self,
        container_id: &str,
        network: &str,
        names: Vec<String>,
    ) -> Result<()> {
        let mut membership = self.membership(container_id)?.clone();
        let attached = membership.attached.iter_mut();
        let attached = attached.into_iter().find(|it| it.network == network);
        let attached = attached.ok_or_else(|| Error::UnknownNetwork {
            name: network.to_owned(),
        })?;
        attached.names = names;
        self.keep(container_id, membership)
    }

    fn keep(&mut self, container_id: &str, membership: Membership) -> Result<()> {
        self.store.write_member(container_id, &membership)?;
        let id = container_id.to_owned();
        self.model.containers.insert(id, membership);
        Ok(())
    }
}
