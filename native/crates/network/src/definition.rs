//! What a network is, as its maker asks for it.

mod check;

pub(crate) use check::{check_link, is_host};

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{IpFamily, Subnet};

/// The network that a container gets when none is named: it is always there.
pub const DEFAULT_NETWORK: &str = "bridge";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Driver {
    Bridge,
    Macvlan,
    Ipvlan,
}

/// What an empty text, a zero or a missing pool means is said by `longshore.agent.v1.NetworkDefinition`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    pub id: String,
    pub name: String,
    pub driver: Driver,
    /// At most one of each family.
    pub pools: Vec<AddressPool>,
    pub ipv4: bool,
    pub ipv6: bool,
    pub internal: bool,
    pub isolated: bool,
    pub masquerade: bool,
    pub mtu: u32,
    pub link: String,
    pub parent: String,
    pub mode: String,
    pub host_address: Option<IpAddr>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressPool {
    pub subnet: Subnet,
    /// `None`: the first address.
    pub gateway: Option<IpAddr>,
    /// Members get theirs from here; `None`: the subnet.
    pub range: Option<Subnet>,
    /// Never given to members.
    pub reserved: Vec<IpAddr>,
}

impl Definition {
    /// The network of containers that name none.
    pub fn default_network() -> Self {
        Self {
            name: DEFAULT_NETWORK.to_owned(),
            ..Self::bridge(DEFAULT_NETWORK)
        }
    }

    /// A bridge with all that is usual, its addresses left to choose.
    pub fn bridge(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            driver: Driver::Bridge,
            pools: Vec::new(),
            ipv4: true,
            ipv6: false,
            internal: false,
            isolated: false,
            masquerade: true,
            mtu: 0,
            link: String::new(),
            parent: String::new(),
            mode: String::new(),
            host_address: None,
        }
    }

    pub fn is_default(&self) -> bool {
        self.id == DEFAULT_NETWORK
    }

    pub fn pool(&self, family: IpFamily) -> Option<&AddressPool> {
        self.pools
            .iter()
            .find(|pool| pool.subnet.family() == family)
    }

    pub fn has(&self, family: IpFamily) -> bool {
        match family {
            IpFamily::V4 => self.ipv4,
            IpFamily::V6 => self.ipv6,
        }
    }

    /// This definition with what it leaves open chosen as `standing` has it.
    pub(crate) fn completed_by(&self, standing: &Self) -> Self {
        let or = |own: &str, other: &str| if own.is_empty() { other } else { own }.to_owned();
        let mut complete = self.clone();
        complete.mtu = if self.mtu == 0 {
            standing.mtu
        } else {
            self.mtu
        };
        complete.link = or(&self.link, &standing.link);
        complete.parent = or(&self.parent, &standing.parent);
        complete.mode = or(&self.mode, &standing.mode);
        for family in IpFamily::ALL.into_iter().filter(|it| self.has(*it)) {
            let standing = standing
                .pool(family)
                .filter(|_| complete.pool(family).is_none());
            complete.pools.extend(standing.cloned());
        }
        complete.pools = complete
            .pools
            .into_iter()
            .map(AddressPool::complete)
            .collect();
        complete.pools.sort_by_key(|pool| pool.subnet.family());
        complete
    }
}

impl AddressPool {
    pub fn of(subnet: Subnet) -> Self {
        Self {
            subnet,
            gateway: None,
            range: None,
            reserved: Vec::new(),
        }
    }

    pub fn gateway(&self) -> IpAddr {
        self.gateway.unwrap_or_else(|| self.subnet.first_host())
    }

    pub(crate) fn complete(self) -> Self {
        let gateway = Some(self.gateway());
        Self { gateway, ..self }
    }
}
