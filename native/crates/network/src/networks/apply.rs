//! Networks that come, change and go.

use super::Networks;
use super::model::Network;
use crate::address::bits;
use crate::base_link::{self, find, vlan};
use crate::definition::{AddressPool, Definition, Driver};
use crate::dns::host_nameservers;
use crate::route::{self, Kind, Link};
use crate::store::NetworkRecord;
use crate::subnet::{self, Occupied};
use crate::{Error, IpFamily, Result, Subnet};

impl Networks {
    /// Makes the network, or puts right what is missing of it. Nothing has changed when it fails.
    pub(crate) fn apply(&mut self, wanted: Definition) -> Result<()> {
        wanted.check()?;
        self.check_against_others(&wanted)?;
        let standing = self.model.networks.get(&wanted.id);
        let Some(standing) = standing else {
            return self.add(wanted);
        };
        let same = wanted.completed_by(&standing.definition) == standing.definition;
        if same && !standing.definition.pools.is_empty() {
            return Ok(());
        }
        if self.model.count_members(&wanted.id) > 0 {
            return Err(Error::Differs { name: wanted.name });
        }
        self.change(wanted)
    }

    /// An unknown id is a success.
    pub(crate) fn remove(&mut self, id: &str) -> Result<()> {
        let Some(network) = self.model.networks.get(id) else {
            return Ok(());
        };
        let name = network.definition.name.clone();
        if network.definition.is_default() {
            return Err(Error::invalid(
                "id",
                "the default network cannot be removed",
            ));
        }
        let count = self.model.count_members(id);
        if count > 0 {
            return Err(Error::HasMembers { name, count });
        }
        self.drop_network(id)?;
        self.store.remove_network(id)
    }

    /// Chooses the default network's addresses when it has none, or when something else has come to use them while it
    /// has no members.
    pub(crate) fn choose_default(&mut self, id: &str) -> Result<()> {
        let network = self.model.network(id)?;
        let chosen = network.definition.pools.clone();
        let links = route::links(&mut self.route)?;
        let occupied = self.occupied(id, &links)?;
        let is_clear = |pool: &AddressPool| subnet::clash(pool.subnet, &occupied).is_none();
        if !chosen.is_empty() && (self.model.count_members(id) > 0 || chosen.iter().all(is_clear)) {
            return Ok(());
        }
        let mut definition = self.model.network(id)?.definition.clone();
        definition.pools.clear();
        self.change(definition)
    }

    fn add(&mut self, wanted: Definition) -> Result<()> {
        let index = self.free_index()?;
        let definition = self.complete(wanted, index)?;
        self.record(index, definition)
    }

    fn change(&mut self, wanted: Definition) -> Result<()> {
        let index = self.model.network(&wanted.id)?.index;
        let definition = self.complete(wanted, index)?;
        self.drop_network(&definition.id)?;
        self.record(index, definition)
    }

    fn record(&mut self, index: u16, definition: Definition) -> Result<()> {
        self.store.write_network(&NetworkRecord {
            index,
            definition: definition.clone(),
        })?;
        self.model.insert(index, definition);
        self.is_ensured = false;
        Ok(())
    }

    /// Takes its links and rules away.
    fn drop_network(&mut self, id: &str) -> Result<()> {
        let Some(network) = self.model.networks.get_mut(id) else {
            return Ok(());
        };
        network.base = None;
        let (definition, index) = (network.definition.clone(), network.index);
        let group = self.model.names.doomed_group;
        if definition.driver == Driver::Bridge {
            self.remove_forward_rules(&definition.link)?;
            base_link::delete_links(&mut self.route, &[definition.link], group)?;
        } else {
            let stub = self.model.names.stub_of(index);
            let vlan = self.own_vlan(&definition)?;
            let links: Vec<String> = [stub].into_iter().chain(vlan).collect();
            base_link::delete_links(&mut self.route, &links, group)?;
        }
        self.model.networks.remove(id);
        self.is_ensured = false;
        Ok(())
    }

    /// The VLAN link below the network's members, if we made it and no other network is on it.
    fn own_vlan(&mut self, definition: &Definition) -> Result<Option<String>> {
        let parent = &definition.parent;
        let mut others = self.model.definitions().filter(|it| it.id != definition.id);
        if vlan(parent).is_none() || others.any(|other| other.parent == *parent) {
            return Ok(None);
        }
        let link = route::link_named(&mut self.route, parent)?;
        let own = Some(&self.model.names.table);
        let is_own = link.is_some_and(|link| link.alias.as_ref() == own);
        Ok(is_own.then(|| parent.clone()))
    }

    fn check_against_others(&mut self, wanted: &Definition) -> Result<()> {
        let others = || self.model.definitions().filter(|it| it.id != wanted.id);
        if others().any(|other| other.name == wanted.name) {
            let name = wanted.name.clone();
            return Err(Error::NameTaken { name });
        }
        if wanted.ipv6 && !self.filters_frames() {
            return Err(Error::NeedsNftables {
                what: "a network with IPv6",
            });
        }
        self.check_kind(wanted)?;
        let links = route::links(&mut self.route)?;
        self.check_links(wanted, &links)
    }

    /// Told now, not when the first container starts.
    fn check_kind(&mut self, wanted: &Definition) -> Result<()> {
        let Some(kind) = Kind::of(wanted) else {
            return Ok(());
        };
        if route::has_kind(&mut self.route, kind)? {
            return Ok(());
        }
        let reason = format!("this machine's kernel has no {} links", kind.name());
        Err(Error::invalid("driver", reason))
    }

    fn check_links(&self, wanted: &Definition, links: &[Link]) -> Result<()> {
        let own = self.model.networks.get(&wanted.id);
        let is_own = own.is_some_and(|own| own.definition.link == wanted.link);
        if !wanted.link.is_empty() && !is_own && find(links, &wanted.link).is_some() {
            return Err(Error::LinkTaken {
                link: wanted.link.clone(),
            });
        }
        let parent = wanted.parent.as_str();
        let below = vlan(parent).map_or(parent, |(below, _)| below);
        let stands = |name: &str| find(links, name).is_some();
        if parent.is_empty() || stands(parent) || below != parent && stands(below) {
            return Ok(());
        }
        let reason = format!("this machine has no link {below}");
        Err(Error::invalid("parent", reason))
    }

    /// Fills in what the definition leaves open.
    fn complete(&mut self, mut definition: Definition, index: u16) -> Result<Definition> {
        let links = route::links(&mut self.route)?;
        let occupied = self.occupied(&definition.id, &links)?;
        let mut chosen = Vec::new();
        for family in IpFamily::ALL.into_iter().filter(|it| definition.has(*it)) {
            chosen.push(match definition.pool(family) {
                Some(pool) => check_clear(&definition, pool, &occupied)?,
                None => AddressPool::of(subnet::choose(family, &occupied)?).complete(),
            });
        }
        definition.pools = chosen;
        if definition.driver == Driver::Bridge && definition.link.is_empty() {
            definition.link = if definition.is_default() {
                self.model.names.bridge.clone()
            } else {
                self.model.names.bridge_of(index)
            };
        }
        if definition.mode.is_empty() {
            definition.mode = definition.modes().first().copied().unwrap_or("").to_owned();
        }
        Ok(definition)
    }

    /// What the machine uses other than by this network.
    fn occupied(&mut self, id: &str, links: &[Link]) -> Result<Vec<Occupied>> {
        let own = self
            .model
            .networks
            .get(id)
            .map(|it| it.definition.link.clone());
        let own = own.and_then(|name| find(links, &name)).map(|it| it.index);
        let name = |index| {
            let link = links.iter().find(|link| Some(link.index) == index);
            link.map_or("another link", |link| link.name.as_str())
        };
        let mut occupied = self.other_networks(id);
        for server in host_nameservers()? {
            occupied.extend(Subnet::new(server, 32).map(|subnet| Occupied {
                subnet,
                by: format!("the machine's name server {server}"),
                by_network: false,
            }));
        }
        let addresses = route::addresses(&mut self.route)?.into_iter();
        for (index, subnet) in addresses.filter(|(index, _)| Some(*index) != own) {
            let by = format!("the address {subnet} of the link {}", name(Some(index)));
            occupied.push(Occupied {
                subnet,
                by,
                by_network: false,
            });
        }
        let routes = route::routes(&mut self.route)?.into_iter();
        for route in routes.filter(|it| it.output.is_none() || it.output != own) {
            let subnet = route.destination;
            let by = format!("the route {subnet} by the link {}", name(route.output));
            occupied.push(Occupied {
                subnet,
                by,
                by_network: false,
            });
        }
        occupied.retain(|it| !is_link_local(it.subnet));
        Ok(occupied)
    }

    fn other_networks(&self, id: &str) -> Vec<Occupied> {
        let others = self.model.definitions().filter(|other| other.id != id);
        let pools = others.flat_map(|other| {
            other.pools.iter().map(|pool| Occupied {
                subnet: pool.subnet,
                by: format!("{} of the network {}", pool.subnet, other.name),
                by_network: true,
            })
        });
        pools.collect()
    }

    fn free_index(&self) -> Result<u16> {
        let is_free = |index: &u16| {
            self.model
                .networks
                .values()
                .all(|it: &Network| it.index != *index)
        };
        (1..=u16::MAX).find(is_free).ok_or(Error::LinksExhausted)
    }
}

/// Members of a macvlan or ipvlan with a parent are hosts of the parent's own network: its routes are theirs.
fn check_clear(
    definition: &Definition,
    pool: &AddressPool,
    occupied: &[Occupied],
) -> Result<AddressPool> {
    let is_shared = !definition.parent.is_empty();
    let relevant = occupied.iter().filter(|it| !is_shared || it.by_network);
    match subnet::clash(pool.subnet, relevant) {
        Some(clash) => Err(Error::SubnetTaken {
            subnet: pool.subnet,
            by: clash.by.clone(),
        }),
        None => Ok(pool.clone().complete()),
    }
}

/// fe80::/10 is on every link.
fn is_link_local(subnet: Subnet) -> bool {
    subnet.family() == IpFamily::V6 && bits(subnet.network()) >> 118 == 0xfe80 >> 6
}
