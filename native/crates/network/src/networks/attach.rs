//! Containers that come to their networks as they start, and leave as they end.

use std::collections::HashSet;
use std::net::IpAddr;
use std::os::fd::BorrowedFd;

use super::Networks;
use crate::base_link::BaseLink;
use crate::definition::{DEFAULT_NETWORK, Driver, check_link};
use crate::firewall::{Forward, Update};
use crate::member::{Attached, Attachment, Membership, Publication};
use crate::netlink::Batch;
use crate::netns::{DefaultRoutes, Interface, Settings};
use crate::ready::ReadyNamespace;
use crate::route::{self, Child, Kind, LinkRef, PortMode, VethPair};
use crate::store::check_id;
use crate::{Error, IpFamily, MacAddress, Result};

/// What a container that starts asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) attachments: &'a [Attachment],
    pub(crate) publications: &'a [Publication],
    /// For the first of the attachments, whose port stands already.
    pub(crate) ready: Option<&'a ReadyNamespace>,
}

/// Where the container's end of a link is, or is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) netns: BorrowedFd<'a>,
    /// The namespace was made ahead.
    pub(crate) ready: Option<&'a ReadyNamespace>,
}

/// What is left to do inside the container's namespace.
#[derive(Debug)]
pub(crate) struct Inside {
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) routes: DefaultRoutes,
}

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

    /// Makes the links of what the container has been given on these networks, in its namespace, and lets it send.
    /// `before` are the ports that it had already.
    pub(crate) fn connect(
        &mut self,
        container_id: &str,
        networks: &[String],
        before: &[Forward],
        place: Place<'_>,
    ) -> Result<Inside> {
        let membership = self.membership(container_id)?.clone();
        let attached = membership.attached.iter();
        let attached: Vec<&Attached> = attached
            .filter(|it| networks.contains(&it.network))
            .collect();
        let publishes = !membership.ports.is_empty();
        let mut batch = Batch::default();
        let mut interfaces = Vec::with_capacity(attached.len());
        for attached in &attached {
            interfaces.push(self.add_link(&mut batch, attached, publishes, place)?);
        }
        self.route.execute(&batch)?;
        let now = self.model.forwards(&membership);
        let update = Update {
            admit: attached
                .iter()
                .filter_map(|it| self.model.member_plan(it))
                .collect(),
            ..ports_update(before, &now)
        };
        self.firewall.update(&self.model.names.table, &update)?;
        Ok(Inside {
            interfaces,
            routes: self.model.default_routes(&membership),
        })
    }

    fn add_link(
        &mut self,
        batch: &mut Batch,
        attached: &Attached,
        publishes: bool,
        place: Place<'_>,
    ) -> Result<Interface> {
        let base = self.base(&attached.network)?;
        let network = self.model.network(&attached.network)?;
        let definition = &network.definition;
        let kind = Kind::of(definition);
        let ready = place.ready.filter(|ready| ready.slot == attached.slot);
        let port = self.model.names.port(attached.slot);
        let mode = network.port_mode(publishes);
        match (kind, ready) {
            (None, Some(ready)) => connect_ready(batch, &port, ready, base, mode),
            (None, None) => add_pair(batch, &port, attached, base, mode, place.netns),
            (Some(kind), _) => route::add_child(
                batch,
                &Child {
                    kind,
                    parent_index: base.index,
                    mtu: base.mtu,
                    netns: place.netns,
                    interface: &attached.interface,
                    mac: matches!(kind, Kind::Macvlan(_)).then_some(attached.mac),
                },
            ),
        }
        let link_local = attached.ipv6.map(|_| attached.mac.link_local());
        let link_local = link_local.and_then(|it| crate::Subnet::new(it, 64));
        let addresses = IpFamily::ALL.into_iter();
        let addresses = addresses.filter_map(|family| network.subnet_of(attached, family));
        Ok(Interface {
            name: attached.interface.clone(),
            addresses: addresses.chain(link_local).collect(),
            ipv6: base.ipv6,
            allow_ipv6: kind.map(|_| definition.ipv6),
            ready: ready.map(|ready| Settings {
                mac: attached.mac,
                mtu: (ready.mtu != base.mtu).then_some(base.mtu),
            }),
        })
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

    /// Rules that a stranger has removed are no obstacle to removing them; the next `ensure` puts the others back.
    pub(super) fn update_firewall(&mut self, update: &Update) -> Result<()> {
        match self.firewall.update(&self.model.names.table, update) {
            Err(error) if error.is_missing() => {
                self.is_ensured = false;
                Ok(())
            }
            updated => updated,
        }
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

/// Makes both ends, one of them in the container's namespace.
fn add_pair(
    batch: &mut Batch,
    port: &str,
    attached: &Attached,
    base: BaseLink,
    mode: PortMode,
    netns: BorrowedFd<'_>,
) {
    let pair = VethPair {
        port,
        bridge_index: Some(base.index),
        mtu: base.mtu,
        netns,
        interface: &attached.interface,
        mac: Some(attached.mac),
    };
    route::add_veth(batch, &pair);
    let link = LinkRef::Name(port);
    route::set_port_mode(batch, link, mode);
    route::set_up(batch, "bring up the port", link, base.ipv6);
}

/// Puts the port that stands on its bridge.
fn connect_ready(
    batch: &mut Batch,
    port: &str,
    ready: &ReadyNamespace,
    base: BaseLink,
    mode: PortMode,
) {
    let link = LinkRef::Name(port);
    if ready.mtu != base.mtu {
        route::set_mtu(batch, "set the port's MTU", link, base.mtu);
    }
    route::set_master(batch, "put the port on the bridge", link, base.index);
    route::set_port_mode(batch, link, mode);
}

/// From the ports of before to those of now.
pub(super) fn ports_update(before: &[Forward], now: &[Forward]) -> Update {
    let only = |these: &[Forward], those: &[Forward]| {
        let those: HashSet<&Forward> = those.iter().collect();
        let these = these.iter().filter(|it| !those.contains(it));
        these.copied().collect()
    };
    Update {
        publish: only(now, before),
        withdraw: only(before, now),
        ..Update::default()
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
