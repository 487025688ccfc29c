//! Who is on which network, by name and by address.

mod reverse;
mod zone;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use crate::message::Records;
use crate::{HostGateway, Member, View};
use zone::Zone;

/// Docker Desktop's names for the machine that containers run on, and our own.
const HOST_NAMES: [&str; 3] = [
    "host.docker.internal",
    "host.longshore.internal",
    "gateway.docker.internal",
];

/// Which addresses a question is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Ipv4,
    Ipv6,
    Both,
    /// Something that containers have none of (MX, TXT, HTTPS, ...).
    Neither,
}

#[derive(Debug, Default)]
pub(crate) struct Zones {
    networks: RwLock<HashMap<String, Arc<Zone>>>,
}

impl Zones {
    pub(crate) fn set(&self, network: &str, members: &[Member]) {
        let zone = Arc::new(Zone::new(members));
        self.write(|networks| networks.insert(network.to_owned(), zone));
    }

    pub(crate) fn remove(&self, network: &str) {
        self.write(|networks| networks.remove(network));
    }

    /// What the view's owner finds under a name in small letters; `None` where nobody bears it. Several members may
    /// share a name: all of their addresses are given, in no particular order.
    pub(crate) fn addresses(&self, view: &View, name: &str, wanted: Wanted) -> Option<Vec<IpAddr>> {
        let link = view
            .links
            .iter()
            .find(|(alias, _)| alias.eq_ignore_ascii_case(name));
        let target = link.map(|(_, target)| target.to_ascii_lowercase());
        let name = target.as_deref().unwrap_or(name);
        let zones = self.zones(view);
        let whole = zones.iter().map(|(_, zone)| zone.named(name));
        // As Docker: a name with dots may be a container's own, or may end with its network's, which can have dots too.
        let qualified = zones
            .iter()
            .map(|(network, zone)| zone.named(without_suffix(name, network)?));
        let mut is_known = false;
        for addresses in whole.chain(qualified).flatten() {
            is_known = true;
            let found: Vec<IpAddr> = addresses
                .iter()
                .filter(|it| wanted.includes(it))
                .copied()
                .collect();
            if !found.is_empty() {
                return Some(found);
            }
        }
        match is_known {
            true => Some(Vec::new()),
            false => host_addresses(view.host_gateway, name, wanted),
        }
    }

    /// The answer to a reverse look-up: "name.network" of whoever has the address on one of the view's networks.
    pub(crate) fn pointer(&self, view: &View, name: &str) -> Option<Records> {
        let address = reverse::address(name)?;
        let zones = self.zones(view);
        let found = zones
            .iter()
            .find_map(|(network, zone)| Some(format!("{}.{network}", zone.name_of(address)?)));
        found.map(Records::Pointer)
    }

    fn zones<'a>(&self, view: &'a View) -> Vec<(&'a str, Arc<Zone>)> {
        let networks = self.networks.read().unwrap_or_else(PoisonError::into_inner);
        let zone = |network: &'a String| Some((network.as_str(), networks.get(network)?.clone()));
        view.networks.iter().filter_map(zone).collect()
    }

    fn write<T>(&self, change: impl FnOnce(&mut HashMap<String, Arc<Zone>>) -> T) -> T {
        change(
            &mut self
                .networks
                .write()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Wanted {
    fn includes(self, address: &IpAddr) -> bool {
        match self {
            Self::Ipv4 => address.is_ipv4(),
            Self::Ipv6 => address.is_ipv6(),
            Self::Both => true,
            Self::Neither => false,
        }
    }
}

fn host_addresses(host: HostGateway, name: &str, wanted: Wanted) -> Option<Vec<IpAddr>> {
    let addresses = [host.ipv4.map(IpAddr::V4), host.ipv6.map(IpAddr::V6)];
    let is_known = HOST_NAMES.contains(&name) && addresses.iter().any(Option::is_some);
    let included = addresses
        .into_iter()
        .flatten()
        .filter(|it| wanted.includes(it));
    is_known.then(|| included.collect())
}

/// "web" of "web.front" in the network "Front".
fn without_suffix<'a>(name: &'a str, network: &str) -> Option<&'a str> {
    let split = name.len().checked_sub(network.len())?.checked_sub(1)?;
    let (host, suffix) = (name.get(..split)?, name.get(split..)?.strip_prefix('.')?);
    (suffix.eq_ignore_ascii_case(network) && !host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests;
