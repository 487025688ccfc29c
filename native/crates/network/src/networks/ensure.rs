//! Making what shall stand, and putting right what others have removed.

use super::{Networks, Retired};
use crate::base_link::{BaseLink, delete_links, find};
use crate::definition::DEFAULT_NETWORK;
use crate::firewall::ForwardPolicy;
use crate::route::{self, Link};
use crate::{Error, IpFamily, Result};

impl Networks {
    /// Makes links, rules and forwarding. A network whose link cannot be made keeps no other from standing: whoever
    /// needs it is told. Returns the ports that stand without a lease.
    pub(crate) fn ensure(&mut self) -> Result<Vec<Retired>> {
        self.is_ensured = false;
        self.choose_default(DEFAULT_NETWORK)?;
        let links = route::links(&mut self.route)?;
        let ids: Vec<String> = self.model.networks.keys().cloned().collect();
        for id in ids {
            let made = self.ensure_link(&id, &links);
            if id == DEFAULT_NETWORK {
                made?;
            }
        }
        self.ensure_rules()?;
        self.ensure_forwarding()?;
        self.recheck_forward_policy()?;
        self.is_ensured = true;
        self.is_wanted = true;
        Ok(self.hold_strays(&links))
    }

    /// A kernel may have IPv6 and no tables for it: then nothing is published on ::1.
    fn ensure_rules(&mut self) -> Result<()> {
        let ensured = self.firewall.ensure(&self.model.plan());
        if ensured.is_ok() || self.model.loopback.take().is_none() {
            return ensured;
        }
        self.firewall.ensure(&self.model.plan())
    }

    pub(crate) fn is_ensured(&self) -> bool {
        self.is_ensured
    }

    /// Whether another `ensure` would find nothing to put right of links and rules.
    pub(crate) fn is_whole(&mut self) -> Result<bool> {
        Ok(self.links_stand()? && self.firewall.is_intact(&self.model.plan())?)
    }

    /// Whether the links below members are those that were made.
    fn links_stand(&mut self) -> Result<bool> {
        for network in self.model.networks.values() {
            let Some(base) = network.base else {
                continue;
            };
            let name = network.base_name(&self.model.names);
            let link = route::link_named(&mut self.route, &name)?;
            if link.is_none_or(|link| link.index != base.index) {
                return Ok(false);
            }
        }
        Ok(self.is_ensured)
    }

    /// After others have changed links or rules: puts back what is missing of ours, if anybody needs it.
    pub(crate) fn recheck(&mut self) -> Result<Vec<Retired>> {
        if !self.is_wanted {
            return Ok(Vec::new());
        }
        let changed = self.firewall.has_changed()?;
        if !self.links_stand()? || changed && !self.firewall.is_intact(&self.model.plan())? {
            return self.ensure();
        }
        if changed {
            self.recheck_forward_policy()?;
        }
        Ok(Vec::new())
    }

    /// Whether anybody has changed rules since the last call.
    pub(crate) fn firewall_has_changed(&mut self) -> Result<bool> {
        self.firewall.has_changed()
    }

    pub(crate) fn recheck_forward_policy(&mut self) -> Result<()> {
        let bridges = self.bridges();
        for family in self.families() {
            let policy = ForwardPolicy {
                family,
                bridges: &bridges,
            };
            policy.ensure(&mut self.firewall)?;
        }
        self.firewall.has_changed().map(drop)
    }

    pub(super) fn remove_forward_rules(&mut self, bridge: &str) -> Result<()> {
        let bridges = [bridge.to_owned()];
        for family in self.families() {
            let policy = ForwardPolicy {
                family,
                bridges: &bridges,
            };
            policy.remove(&mut self.firewall)?;
        }
        Ok(())
    }

    /// The base of the network's links, which is made when it is missing.
    pub(super) fn base(&mut self, id: &str) -> Result<BaseLink> {
        if let Some(base) = self.model.network(id)?.base {
            return Ok(base);
        }
        let links = route::links(&mut self.route)?;
        self.ensure_link(id, &links)?;
        self.model
            .network(id)?
            .base
            .ok_or_else(|| Error::LinkMissing {
                link: id.to_owned(),
            })
    }

    /// Fails with what keeps the network from standing.
    pub(crate) fn require(&mut self, id: &str) -> Result<()> {
        self.base(id).map(drop)
    }

    pub(crate) fn teardown(&mut self) -> Result<()> {
        self.is_ensured = false;
        self.is_wanted = false;
        let plan = self.model.plan();
        let bridges = self.bridges();
        self.firewall.remove(&plan)?;
        for bridge in &bridges {
            self.remove_forward_rules(bridge)?;
        }
        self.delete_all_links(&bridges)?;
        for forwarding in &self.forwarding {
            forwarding.restore(&mut self.firewall, &mut self.route)?;
        }
        self.store.remove_network(DEFAULT_NETWORK)?;
        self.store.remove_members()?;
        self.model.networks.clear();
        self.model.containers.clear();
        self.ports = Default::default();
        self.slots = Default::default();
        self.read_store()
    }

    fn bridges(&self) -> Vec<String> {
        let bridges = self.model.plan().bridges.into_iter();
        bridges.map(|bridge| bridge.link).collect()
    }

    /// Those that this machine's networks have addresses of.
    fn families(&self) -> Vec<IpFamily> {
        let has = |family: &IpFamily| {
            let mut networks = self.model.definitions();
            networks.any(|definition| definition.pool(*family).is_some())
        };
        IpFamily::ALL.into_iter().filter(has).collect()
    }

    fn ensure_forwarding(&mut self) -> Result<()> {
        let (families, bridges) = (self.families(), self.bridges());
        for (family, forwarding) in IpFamily::ALL.into_iter().zip(&self.forwarding) {
            if families.contains(&family) {
                forwarding.ensure(&mut self.firewall, &mut self.route, &bridges)?;
            }
        }
        Ok(())
    }

    fn ensure_link(&mut self, id: &str, links: &[Link]) -> Result<()> {
        let network = self.model.network(id)?;
        let ports = self.model.bridge_ports(network);
        let Some(network) = self.model.networks.get_mut(id) else {
            return Ok(());
        };
        network.base = None;
        let name = network.base_name(&self.model.names);
        let base = BaseLink::ensure(
            &mut self.route,
            &network.definition,
            &name,
            &self.model.names,
            links,
        )?;
        if network.is_bridge() {
            base.reconnect(&mut self.route, &ports)?;
        }
        network.base = Some(base);
        Ok(())
    }

    /// With bridges of names that people chose, and whatever else bears a name of ours.
    fn delete_all_links(&mut self, bridges: &[String]) -> Result<()> {
        let links = route::links(&mut self.route)?;
        let mut ours: Vec<String> = links
            .iter()
            .map(|link| link.name.clone())
            .filter(|name| self.model.names.owns(name))
            .collect();
        let own = Some(&self.model.names.table);
        let vlans = links.iter().filter(|link| link.alias.as_ref() == own);
        ours.extend(vlans.map(|link| link.name.clone()));
        let named = bridges.iter().filter(|it| find(&links, it).is_some());
        ours.extend(named.filter(|it| !self.model.names.owns(it)).cloned());
        delete_links(&mut self.route, &ours, self.model.names.doomed_group)
    }

    /// Ports that a killed agent has left.
    fn hold_strays(&mut self, links: &[Link]) -> Vec<Retired> {
        let names = &self.model.names;
        let standing = links.iter().filter_map(|link| names.slot_of(&link.name));
        let leased: Vec<u16> = self.model.attached().map(|it| it.slot).collect();
        let is_stray = |slot: &u16| !leased.contains(slot) && !self.slots.is_ready(*slot);
        let strays: Vec<u16> = standing.filter(is_stray).collect();
        for slot in &strays {
            self.slots.hold(*slot);
        }
        let retired = |slot| Retired { slot, lease: None };
        strays.into_iter().map(retired).collect()
    }
}
