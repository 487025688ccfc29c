//! The networks and who is on them, as data; the kernel follows it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::base_link::BaseLink;
use crate::definition::{Definition, Driver};
use crate::firewall::{BridgePlan, MemberPlan, Plan};
use crate::instance::Names;
use crate::loopback::LoopbackPorts;
use crate::member::{AssignedAddress, Attached, Attachment, Connection, Member, Membership};
use crate::netns::DefaultRoute;
use crate::pool::Pool;
use crate::route::PortMode;
use crate::{Error, IpFamily, Result, Subnet};

#[derive(Debug)]
pub(crate) struct Model {
    pub(super) names: Names,
    pub(super) networks: BTreeMap<String, Network>,
    pub(super) containers: BTreeMap<String, Membership>,
    /// Where what is for ::1 is led.
    pub(super) loopback: Option<LoopbackPorts>,
}

#[derive(Debug)]
pub(super) struct Network {
    /// With all that was chosen.
    pub(super) definition: Definition,
    /// Links are named by it.
    pub(super) index: u16,
    pub(super) pools: BTreeMap<IpFamily, Pool>,
    /// Known once the link has been made.
    pub(super) base: Option<BaseLink>,
}

impl Model {
    pub(super) fn new(names: Names) -> Self {
        Self {
            names,
            networks: BTreeMap::new(),
            containers: BTreeMap::new(),
            loopback: None,
        }
    }

    pub(super) fn insert(&mut self, index: u16, definition: Definition) {
        let pools = definition.pools.iter().cloned();
        let pools = pools.map(|pool| (pool.subnet.family(), Pool::new(pool)));
        let network = Network {
            index,
            pools: pools.collect(),
            base: None,
            definition,
        };
        self.networks.insert(network.definition.id.clone(), network);
    }

    pub(super) fn restore_lease(&mut self, attached: &Attached) {
        self.each_pool(attached, Pool::restore);
    }

    /// The addresses may be leased again.
    pub(super) fn free(&mut self, attached: &Attached) {
        self.each_pool(attached, Pool::free);
    }

    fn each_pool(&mut self, attached: &Attached, act: fn(&mut Pool, IpAddr)) {
        let Some(network) = self.networks.get_mut(&attached.network) else {
            return;
        };
        for address in attached.addresses() {
            if let Some(pool) = network.pools.get_mut(&IpFamily::of(address)) {
                act(pool, address);
            }
        }
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    pub(crate) fn container_ids(&self) -> impl Iterator<Item = &str> {
        self.containers.keys().map(String::as_str)
    }

    pub(crate) fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.networks.values().map(|network| &network.definition)
    }

    /// With the MTU of its links, where they stand.
    pub(crate) fn definition(&self, id: &str) -> Result<Definition> {
        let network = self.network(id)?;
        let mut definition = network.definition.clone();
        definition.mtu = network.base.map_or(definition.mtu, |base| base.mtu);
        Ok(definition)
    }

    pub(crate) fn members(&self, network: &str) -> Vec<Member> {
        let containers = self.containers.iter();
        let members = containers.filter_map(|(id, membership)| {
            let attached = membership.on(network)?;
            Some(Member {
                container_id: id.clone(),
                names: attached.names.clone(),
                links: attached.links.clone(),
                address: self.assigned(attached)?,
            })
        });
        members.collect()
    }

    /// `None` for a container that is on no network.
    pub(crate) fn connection(&self, container_id: &str) -> Option<Connection> {
        let membership = self.containers.get(container_id)?;
        let attached = membership.attached.iter();
        let [ipv4, ipv6] = self.default_routes(membership);
        let gateway = |route: Option<DefaultRoute>| route.and_then(|route| route.gateway);
        Some(Connection {
            ipv4_gateway: gateway(ipv4),
            ipv6_gateway: gateway(ipv6),
            addresses: attached.filter_map(|it| self.assigned(it)).collect(),
            ports: self.published(membership),
        })
    }

    pub(super) fn assigned(&self, attached: &Attached) -> Option<AssignedAddress> {
        let network = self.networks.get(&attached.network)?;
        let address = |family| network.subnet_of(attached, family);
        let gateway = |family| address(family).and_then(|_| network.gateway(family));
        Some(AssignedAddress {
            network: attached.network.clone(),
            interface: attached.interface.clone(),
            ipv4: address(IpFamily::V4),
            ipv4_gateway: gateway(IpFamily::V4),
            ipv6: address(IpFamily::V6),
            ipv6_gateway: gateway(IpFamily::V6),
            mac: attached.mac,
        })
    }

    pub(super) fn network(&self, id: &str) -> Result<&Network> {
        let network = self.networks.get(id);
        network.ok_or_else(|| Error::UnknownNetwork {
            name: id.to_owned(),
        })
    }

    pub(super) fn count_members(&self, network: &str) -> usize {
        let memberships = self.containers.values();
        memberships.filter(|it| it.on(network).is_some()).count()
    }

    /// Refuses an address that another container has, and names it.
    pub(super) fn check_holder(&self, wanted: &Attachment) -> Result<()> {
        let addresses = [
            ("ipv4", wanted.ipv4.map(IpAddr::V4)),
            ("ipv6", wanted.ipv6.map(IpAddr::V6)),
        ];
        for (field, address) in addresses {
            let Some(address) = address else {
                continue;
            };
            let holder = self.containers.iter().find(|(_, membership)| {
                let attached = membership.on(&wanted.network);
                attached.is_some_and(|it| it.addresses().any(|own| own == address))
            });
            if let Some((id, _)) = holder {
                return Err(Error::AddressTaken {
                    field,
                    address,
                    by: format!("container {id}"),
                });
            }
        }
        Ok(())
    }

    /// The ports on a network's bridge, as they have to be.
    pub(super) fn bridge_ports(&self, network: &Network) -> Vec<(String, PortMode)> {
        let memberships = self.containers.values();
        let ports = memberships.filter_map(|membership| {
            let attached = membership.on(&network.definition.id)?;
            let mode = network.port_mode(!membership.ports.is_empty());
            Some((self.names.port(attached.slot), mode))
        });
        ports.collect()
    }

    pub(super) fn attached(&self) -> impl Iterator<Item = &Attached> {
        self.containers.values().flat_map(|it| &it.attached)
    }

    /// What the firewall has to look like.
    pub(super) fn plan(&self) -> Plan<'_> {
        let bridges = self.networks.values().filter(|it| it.has_link());
        let ports = self.containers.values();
        Plan {
            names: &self.names,
            bridges: bridges.map(Network::plan).collect(),
            members: self
                .attached()
                .filter_map(|it| self.member_plan(it))
                .collect(),
            ports: ports.flat_map(|it| self.forwards(it)).collect(),
            loopback: self.loopback.is_some(),
        }
    }

    /// `None` of a network whose members have no port.
    pub(super) fn member_plan(&self, attached: &Attached) -> Option<MemberPlan> {
        let network = self.networks.get(&attached.network)?;
        let link_local = attached.ipv6.map(|_| attached.mac.link_local());
        network.is_bridge().then(|| MemberPlan {
            bridge: network.definition.link.clone(),
            port: self.names.port(attached.slot),
            mac: attached.mac,
            addresses: attached.addresses().chain(link_local).collect(),
        })
    }
}

impl Network {
    pub(super) fn is_bridge(&self) -> bool {
        self.definition.driver == Driver::Bridge
    }

    /// The link that members hang on: the bridge, the parent, or a stub of the network's own.
    pub(super) fn base_name(&self, names: &Names) -> String {
        let definition = &self.definition;
        match definition.driver {
            Driver::Bridge => definition.link.clone(),
            Driver::Macvlan | Driver::Ipvlan if definition.parent.is_empty() => {
                names.stub_of(self.index)
            }
            Driver::Macvlan | Driver::Ipvlan => definition.parent.clone(),
        }
    }

    /// Whether there is a bridge of it, or will be.
    fn has_link(&self) -> bool {
        self.is_bridge() && !self.definition.pools.is_empty()
    }

    fn plan(&self) -> BridgePlan {
        let definition = &self.definition;
        BridgePlan {
            link: definition.link.clone(),
            subnets: definition.pools.iter().map(|pool| pool.subnet).collect(),
            internal: definition.internal,
            isolated: definition.isolated,
            masquerade: definition.masquerade,
        }
    }

    /// Of a member's port on the bridge; `publishes` says whether the member has ports on the machine.
    pub(super) fn port_mode(&self, publishes: bool) -> PortMode {
        PortMode {
            isolated: self.definition.isolated,
            hairpin: publishes,
        }
    }

    /// Where members send what is for the world; none on an internal network, and none where the link itself leads on.
    pub(super) fn gateway(&self, family: IpFamily) -> Option<IpAddr> {
        let pool = self.definition.pool(family)?;
        (!self.definition.internal && !self.routes_by_link()).then(|| pool.gateway())
    }

    /// An ipvlan of the modes that route has no gateway.
    fn routes_by_link(&self) -> bool {
        self.definition.driver == Driver::Ipvlan && self.definition.mode.starts_with("l3")
    }

    pub(super) fn subnet_of(&self, attached: &Attached, family: IpFamily) -> Option<Subnet> {
        let address = attached.address(family)?;
        Some(self.definition.pool(family)?.subnet.host(address))
    }
}
