use std::net::IpAddr;

use super::{AddressPool, Definition, Driver};
use crate::address::bits;
use crate::{Error, IpFamily, Result};

/// IFNAMSIZ less the terminator.
const LONGEST_LINK_NAME: usize = 15;
const LONGEST_NAME: usize = 255;

/// RFC 791 and RFC 8200: links with smaller packets have no IPv4, or no IPv6.
const LEAST_MTU: u32 = 68;
const LEAST_IPV6_MTU: u32 = 1280;
const LARGEST_MTU: u32 = 65_535;

/// A network has room for its gateway and a member beside its first and last addresses.
const LEAST_HOST_BITS: u8 = 2;
/// A wider subnet is a slip of the pen.
const SHORTEST_IPV4_PREFIX: u8 = 8;
const SHORTEST_IPV6_PREFIX: u8 = 16;

/// macvlan and ipvlan modes, the usual one first.
const MACVLAN_MODES: [&str; 4] = ["bridge", "private", "vepa", "passthru"];
const IPVLAN_MODES: [&str; 3] = ["l2", "l3", "l3s"];

impl Definition {
    /// Whether this can be a network at all, whatever the machine is like.
    pub(crate) fn check(&self) -> Result<()> {
        check_id(&self.id)?;
        check_name(&self.name)?;
        if !self.ipv4 && !self.ipv6 {
            return Err(Error::invalid("ipv4", "a network needs IPv4 or IPv6"));
        }
        for pool in &self.pools {
            self.check_family(pool)?;
            pool.check()?;
        }
        self.check_mtu()?;
        self.check_driver()
    }

    /// The driver's modes; none for a bridge.
    pub(crate) fn modes(&self) -> &'static [&'static str] {
        match self.driver {
            Driver::Bridge => &[],
            Driver::Macvlan => &MACVLAN_MODES,
            Driver::Ipvlan => &IPVLAN_MODES,
        }
    }

    fn check_family(&self, pool: &AddressPool) -> Result<()> {
        let family = pool.subnet.family();
        let of_family = self.pools.iter().filter(|it| it.subnet.family() == family);
        if of_family.count() > 1 {
            let reason = format!("{} is a second subnet of its family", pool.subnet);
            return Err(Error::invalid("pools", reason));
        }
        if self.has(family) {
            return Ok(());
        }
        let reason = format!("{} is of a family that the network is without", pool.subnet);
        Err(Error::invalid("pools", reason))
    }

    fn check_mtu(&self) -> Result<()> {
        let least = if self.ipv6 { LEAST_IPV6_MTU } else { LEAST_MTU };
        if self.mtu == 0 || (least..=LARGEST_MTU).contains(&self.mtu) {
            return Ok(());
        }
        let reason = format!("{} is not between {least} and {LARGEST_MTU}", self.mtu);
        Err(Error::invalid("mtu", reason))
    }

    fn check_driver(&self) -> Result<()> {
        if !self.link.is_empty() {
            check_link("link", &self.link)?;
        }
        if !self.parent.is_empty() {
            check_link("parent", &self.parent)?;
        }
        if !self.mode.is_empty() && !self.modes().contains(&self.mode.as_str()) {
            let reason = format!("{:?} is not one of {:?}", self.mode, self.modes());
            return Err(Error::invalid("mode", reason));
        }
        match self.driver {
            Driver::Bridge if !self.parent.is_empty() => {
                Err(Error::invalid("parent", "a bridge has none"))
            }
            Driver::Macvlan | Driver::Ipvlan if !self.link.is_empty() => {
                Err(Error::invalid("link", "only a bridge is a link of its own"))
            }
            Driver::Macvlan | Driver::Ipvlan if self.isolated => Err(Error::invalid(
                "isolated",
                "only members of a bridge can be kept apart",
            )),
            Driver::Macvlan | Driver::Ipvlan if self.host_address.is_some() => Err(Error::invalid(
                "host_address",
                "only a bridge has published ports",
            )),
            _ => Ok(()),
        }
    }
}

impl AddressPool {
    fn check(&self) -> Result<()> {
        let subnet = self.subnet;
        let refuse = |reason: String| Err(Error::invalid("subnet", reason));
        let address = subnet.network();
        if subnet.address() != address {
            let proper = subnet.host(address);
            return refuse(format!("{subnet} has host bits set: say {proper}"));
        }
        let (shortest, width) = match subnet.family() {
            IpFamily::V4 => (SHORTEST_IPV4_PREFIX, IpFamily::V4.width()),
            IpFamily::V6 => (SHORTEST_IPV6_PREFIX, IpFamily::V6.width()),
        };
        let longest = width - LEAST_HOST_BITS;
        if !(shortest..=longest).contains(&subnet.prefix_len()) {
            return refuse(format!(
                "{subnet}: the prefix is not between /{shortest} and /{longest}"
            ));
        }
        if is_special(address) {
            return refuse(format!("{subnet} is not for hosts of a network"));
        }
        self.check_parts()
    }

    fn check_parts(&self) -> Result<()> {
        let subnet = self.subnet;
        let outside = |field, what: &dyn std::fmt::Display| {
            Err(Error::invalid(
                field,
                format!("{what} is outside of {subnet}"),
            ))
        };
        let gateway = self.gateway();
        if !subnet.contains(gateway) {
            return outside("gateway", &gateway);
        }
        if !is_host(self, gateway) {
            let reason = format!("{gateway} is the first or last address of {subnet}");
            return Err(Error::invalid("gateway", reason));
        }
        if let Some(range) = self.range.filter(|range| {
            !subnet.contains(range.network()) || range.prefix_len() < subnet.prefix_len()
        }) {
            return outside("range", &range);
        }
        let stranger = self.reserved.iter().find(|it| !subnet.contains(**it));
        stranger.map_or(Ok(()), |stranger| outside("reserved", stranger))
    }
}

/// Whether a member or the gateway may have it: of IPv4 neither the network's own address nor the broadcast, of IPv6
/// not the routers' anycast (RFC 4291, 2.6.1).
pub(crate) fn is_host(pool: &AddressPool, address: IpAddr) -> bool {
    let is_last = address.is_ipv4() && address == pool.subnet.last();
    pool.subnet.contains(address) && address != pool.subnet.network() && !is_last
}

fn is_special(address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(address) => address.is_broadcast() || address.octets()[0] >= 240,
        IpAddr::V6(_) => bits(address) >> 118 == 0xfe80 >> 6,
    };
    link_local || address.is_loopback() || address.is_multicast() || address.is_unspecified()
}

fn check_id(id: &str) -> Result<()> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if id == super::DEFAULT_NETWORK || id.len() == 64 && id.bytes().all(is_hex) {
        return Ok(());
    }
    let reason = format!("{id:?} is not 64 lower-case hex digits");
    Err(Error::invalid("id", reason))
}

fn check_name(name: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let first = name.bytes().next();
    let starts_well = first.is_some_and(|byte| byte.is_ascii_alphanumeric());
    if starts_well && name.len() <= LONGEST_NAME && name.bytes().all(plain) {
        return Ok(());
    }
    let reason = format!("{name:?}: letters, digits, _ . and -, a letter or digit first");
    Err(Error::invalid("name", reason))
}

/// What the kernel takes (dev_valid_name), less what the tools around it stumble over.
pub(crate) fn check_link(field: &'static str, link: &str) -> Result<()> {
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b':' | b'"' | b'\\' | b'*');
    let is_taken = matches!(link, "." | ".." | "lo" | "all" | "default");
    if !link.is_empty() && link.len() <= LONGEST_LINK_NAME && link.bytes().all(plain) && !is_taken {
        return Ok(());
    }
    let reason = format!("{link:?} cannot be a link's name of at most 15 characters");
    Err(Error::invalid(field, reason))
}

#[cfg(test)]
mod tests;
