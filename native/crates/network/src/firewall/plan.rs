use std::fmt;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::instance::Names;
use crate::{IpFamily, MacAddress, Subnet};

/// What the firewall has to look like.
#[derive(Debug, Clone)]
pub(crate) struct Plan<'a> {
    pub(crate) names: &'a Names,
    pub(crate) bridges: Vec<BridgePlan>,
    pub(crate) members: Vec<MemberPlan>,
    pub(crate) ports: Vec<Forward>,
    /// Ports are published on ::1, too.
    pub(crate) loopback: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct BridgePlan {
    pub(crate) link: String,
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) internal: bool,
    pub(crate) isolated: bool,
    pub(crate) masquerade: bool,
}

/// A container on a bridge, and what its frames must carry.
#[derive(Debug, Clone)]
pub(crate) struct MemberPlan {
    pub(crate) bridge: String,
    pub(crate) port: String,
    pub(crate) mac: MacAddress,
    /// Of IPv6 the link-local one too.
    pub(crate) addresses: Vec<IpAddr>,
}

/// A port of the machine that leads to a container's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Forward {
    pub(crate) protocol: Protocol,
    /// `None`: all addresses of the machine that are of the container's family.
    pub(crate) host_address: Option<IpAddr>,
    pub(crate) host_port: u16,
    pub(crate) to: SocketAddr,
}

#[derive(Debug, Default)]
pub(crate) struct Update {
    pub(crate) admit: Vec<MemberPlan>,
    pub(crate) revoke: Vec<MemberPlan>,
    pub(crate) publish: Vec<Forward>,
    pub(crate) withdraw: Vec<Forward>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Protocol {
    Tcp,
    Udp,
    Sctp,
}

impl Plan<'_> {
    pub(super) fn families(&self) -> impl Iterator<Item = IpFamily> {
        let has = |family| {
            let mut subnets = self.bridges.iter().flat_map(|bridge| &bridge.subnets);
            subnets.any(|subnet| subnet.family() == family)
                || self.loopback && family == IpFamily::V6
        };
        IpFamily::ALL.into_iter().filter(move |family| has(*family))
    }
}

impl BridgePlan {
    pub(super) fn subnet(&self, family: IpFamily) -> Option<Subnet> {
        let mut subnets = self.subnets.iter().copied();
        subnets.find(|subnet| subnet.family() == family)
    }
}

impl MemberPlan {
    pub(super) fn addresses_of(&self, family: IpFamily) -> impl Iterator<Item = IpAddr> {
        let addresses = self.addresses.iter().copied();
        addresses.filter(move |address| IpFamily::of(*address) == family)
    }
}

impl Protocol {
    /// In IP headers (IANA protocol numbers).
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Tcp => libc::IPPROTO_TCP as u8,
            Self::Udp => libc::IPPROTO_UDP as u8,
            Self::Sctp => libc::IPPROTO_SCTP as u8,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "tcp" => Some(Self::Tcp),
            "udp" => Some(Self::Udp),
            "sctp" => Some(Self::Sctp),
            _ => None,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        })
    }
}
