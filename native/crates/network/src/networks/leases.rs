//! What containers are given of their networks: addresses, links' numbers, ports; and what becomes of it after them.

use std::net::IpAddr;

use super::{Networks, Wanted};
use crate::definition::{DEFAULT_NETWORK, Driver, check_link};
use crate::firewall::Update;
use crate::member::{Attached, Attachment, Membership};
use crate::store::check_id;
use crate::{Error, IpFamily, MacAddress, Result};

/// A port that stands without use, and the lease that it had; neither is given away before the link has been deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Retired {
    pub(crate) slot: u16,
    pub(crate) lease: Option<Attached>,
}

impl Networks {
    /// Leases addresses and claims ports. Nothing has changed when it fails.
    pub(crate) fn enlist(&mut self, container_id: &str, wanted: Wanted<'_>) -> Result<()> {
        check_id(container_id)?;
        if let Some(membership) = self.model.containers.get(container_id) {
            let first = membership.attached.first();
            return Err(Error::AlreadyAttached {
                id: container_id.to_owned(),
                network: first.map_or(DEFAULT_NETWORK, |it| &it.network).to_owned(),
            });
        }
        let mut membership = Membership::default();
        let leased = self.lease_all(container_id, wanted, &mut membership);
        let stored = leased.and_then(|()| self.store.write_member(container_id, &membership));
        if stored.is_err() {
            self.unlease(container_id, &membership);
            return stored;
        }
        let id = container_id.to_owned();
        self.model.containers.insert(id, membership);
        Ok(())
    }

    fn lease_all(
        &mut self,
        container_id: &str,
        wanted: Wanted<'_>,
        membership: &mut Membership,
    ) -> Result<()> {
        for attachment in wanted.attachments {
            if membership.on(&attachment.network).is_some() {
                let reason = format!("{} is named twice", attachment.network);
                return Err(Error::invalid("networks", reason));
            }
            let first = membership.attached.is_empty();
            let slot = wanted.ready.filter(|_| first).map(|ready| ready.slot);
            let attached = self.lease(attachment, membership, slot)?;
            membership.attached.push(attached);
        }
        let usual = self.model.usual_host_address(membership);
        membership.ports = self
            .ports
            .choose(container_id, wanted.publications, usual)?;
        Ok(())
    }

    /// On a port of its own, or on one that stands ready.
    pub(super) fn lease(
        &mut self,
        wanted: &Attachment,
        membership: &Membership,
        ready_slot: Option<u16>,
    ) -> Result<Attached> {
        let interface = match &wanted.interface {
            None => membership.free_interface(),
            Some(name) => checked_interface(name, membership)?,
        };
        if wanted.mac.is_some_and(MacAddress::is_multicast) {
            return Err(Error::invalid("mac", "a multicast address is nobody's own"));
        }
        let base = self.base(&wanted.network)?;
        let slot = match ready_slot {
            Some(slot) => self.slots.take_ready(slot),
            None => self.slots.acquire()?,
        };
        let mut attached = Attached {
            network: wanted.network.clone(),
            interface,
            slot,
            ipv4: None,
            ipv6: None,
            mac: MacAddress([0; 6]),
            gateway_priority: wanted.gateway_priority,
            names: wanted.names.clone(),
            links: wanted.links.clone(),
        };
        if let Err(error) = self.lease_addresses(wanted, &mut attached) {
            self.give_back(&attached);
            return Err(error);
        }
        let own = attached.addresses().next().map(MacAddress::of);
        let parents = base.mac.filter(|_| self.shares_mac(&wanted.network));
        let mac = parents.or(wanted.mac).or(own);
        attached.mac = mac.unwrap_or(attached.mac);
        Ok(attached)
    }

    fn lease_addresses(&mut self, wanted: &Attachment, attached: &mut Attached) -> Result<()> {
        self.model.check_holder(wanted)?;
        let network = self.model.networks.get_mut(&wanted.network);
        let network = network.ok_or_else(|| Error::UnknownNetwork {
            name: wanted.network.clone(),
        })?;
        let mut acquire = |family, address: Option<IpAddr>, field| match (
            network.pools.get_mut(&family),
            address,
        ) {
            (Some(pool), address) => pool.acquire(address, field).map(Some),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Error::invalid(field, "the network has none of this family")),
        };
        let ipv4 = acquire(IpFamily::V4, wanted.ipv4.map(Into::into), "ipv4")?;
        attached.ipv4 = match ipv4 {
            Some(IpAddr::V4(address)) => Some(address),
            _ => None,
        };
        let ipv6 = acquire(IpFamily::V6, wanted.ipv6.map(Into::into), "ipv6")?;
        attached.ipv6 = match ipv6 {
            Some(IpAddr::V6(address)) => Some(address),
            _ => None,
        };
        Ok(())
    }

    /// Members of an ipvlan have their parent's address.
    fn shares_mac(&self, network: &str) -> bool {
        let network = self.model.network(network);
        network.is_ok_and(|it| it.definition.driver == Driver::Ipvlan)
    }

    /// Takes the container off all its networks; nothing happens when it is on none.
    pub(crate) fn release(&mut self, container_id: &str) -> Result<Vec<Retired>> {
        let Some(membership) = self.model.containers.get(container_id) else {
            return Ok(Vec::new());
        };
        self.store.remove_member(container_id)?;
        let update = Update {
            revoke: membership
                .attached
                .iter()
                .filter_map(|it| self.model.member_plan(it))
                .collect(),
            withdraw: self.model.forwards(membership),
            ..Update::default()
        };
        let membership = self.model.containers.remove(container_id);
        let membership = membership.unwrap_or_default();
        self.ports.free(container_id);
        let retired = membership.attached.into_iter().map(|lease| Retired {
            slot: lease.slot,
            lease: Some(lease),
        });
        let retired = retired.collect();
        self.update_firewall(&update)?;
        Ok(retired)
    }

    /// The links of these are gone.
    pub(crate) fn free(&mut self, retired: &[Retired]) {
        for Retired { slot, lease } in retired {
            self.slots.free(*slot);
            if let Some(lease) = lease {
                self.model.free(lease);
            }
        }
    }

    pub(super) fn give_back(&mut self, attached: &Attached) {
        self.slots.free(attached.slot);
        self.model.free(attached);
    }

    fn unlease(&mut self, container_id: &str, membership: &Membership) {
        for attached in &membership.attached {
            self.give_back(attached);
        }
        self.ports.free(container_id);
    }

    pub(crate) fn membership(&self, container_id: &str) -> Result<&Membership> {
        let membership = self.model.containers.get(container_id);
        membership.ok_or_else(|| Error::UnknownContainer {
            id: container_id.to_owned(),
        })
    }
}

fn checked_interface(name: &str, membership: &Membership) -> Result<String> {
    check_link("interface", name)?;
    if membership.attached.iter().any(|it| it.interface == name) {
        let reason = format!("{name} is another network's already");
        return Err(Error::invalid("interface", reason));
    }
    Ok(name.to_owned())
}
