//! Links of containers that come to their networks, and the rules that let them send.

use std::collections::HashSet;
use std::os::fd::BorrowedFd;

use super::Networks;
use crate::base_link::BaseLink;
use crate::firewall::{Forward, Update};
use crate::member::{Attached, Attachment, Publication};
use crate::netns::{DefaultRoutes, Interface, Settings};
use crate::ready::ReadyNamespace;
use crate::route::{self, Child, Kind, LinkRef, PortMode, VethPair};
use crate::{IpFamily, Result};
use longshore_netlink::Batch;

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

impl Networks {
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
