//! The networks' state in the kernel and the steps that change it. Not synchronised: `host` holds it in a lock.

mod apply;
mod attach;
mod ensure;
mod leases;
mod live;
mod model;
mod readiness;
mod ways;

use std::path::Path;

use crate::definition::{DEFAULT_NETWORK, Definition};
use crate::firewall::{Firewall, Forwarding};
use crate::instance::Names;
use crate::member::Membership;
use crate::ports::PortTable;
use crate::slots::Slots;
use crate::store::{NetworkRecord, Store};
use crate::{IpFamily, Result};
use longshore_netlink::Socket;

pub(crate) use attach::{Inside, Place, Wanted};
pub(crate) use leases::Retired;
pub(crate) use model::Model;

#[derive(Debug)]
pub(crate) struct Networks {
    model: Model,
    store: Store,
    /// Of IPv4 and of IPv6.
    forwarding: [Forwarding; 2],
    route: Socket,
    firewall: Firewall,
    ports: PortTable,
    slots: Slots,
    /// All stands, as far as we know.
    is_ensured: bool,
    /// It shall stand: somebody has needed it.
    is_wanted: bool,
}

impl Networks {
    pub(crate) fn open(state_dir: &Path, instance: &str) -> Result<Self> {
        let mut networks = Self {
            model: Model::new(Names::of(instance)),
            store: Store::new(state_dir),
            forwarding: IpFamily::ALL.map(|family| Forwarding::new(family, state_dir)),
            route: Socket::route()?,
            firewall: Firewall::open()?,
            ports: PortTable::default(),
            slots: Slots::default(),
            is_ensured: false,
            is_wanted: false,
        };
        networks.read_store()?;
        Ok(networks)
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    pub(crate) fn filters_frames(&self) -> bool {
        self.firewall.filters_frames()
    }

    /// With the default network, whose addresses are chosen when it is made.
    fn read_store(&mut self) -> Result<()> {
        for NetworkRecord { index, definition } in self.store.networks()? {
            self.model.insert(index, definition);
        }
        if self.model.network(DEFAULT_NETWORK).is_err() {
            let mut definition = Definition::default_network();
            definition.link.clone_from(&self.model.names.bridge);
            self.model.insert(0, definition);
        }
        for (id, membership) in self.store.members()? {
            self.restore(id, membership);
        }
        Ok(())
    }

    fn restore(&mut self, id: String, membership: Membership) {
        for attached in &membership.attached {
            self.slots.restore(attached.slot);
            self.model.restore_lease(attached);
        }
        self.ports.claim(&id, &membership.ports);
        self.model.containers.insert(id, membership);
    }
}
