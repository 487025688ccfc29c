//! IPv4 subnets and MAC addresses as the kernel and people write them.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An IPv4 address with its prefix length. `address` may be a host of the subnet ("172.30.0.2/16").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Subnet {
    address: Ipv4Addr,
    prefix_len: u8,
}

impl Subnet {
    /// `None` when the prefix is longer than 32 bits.
    pub fn new(address: Ipv4Addr, prefix_len: u8) -> Option<Self> {
        (prefix_len <= 32).then_some(Self {
            address,
            prefix_len,
        })
    }

    pub fn address(self) -> Ipv4Addr {
        self.address
    }

    pub fn prefix_len(self) -> u8 {
        self.prefix_len
    }

    pub fn mask(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(
            u32::MAX
                .checked_shl(32 - u32::from(self.prefix_len))
                .unwrap_or(0),
        )
    }

    /// The first address: all host bits zero.
    pub fn network(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() & self.mask().to_bits())
    }

    /// The last address: all host bits one.
    pub fn broadcast(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() | !self.mask().to_bits())
    }

    /// The first host: where the bridge itself answers.
    pub fn gateway(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.network().to_bits() | 1)
    }

    pub fn contains(self, address: Ipv4Addr) -> bool {
        address.to_bits() & self.mask().to_bits() == self.network().to_bits()
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.network()) || other.contains(self.network())
    }

    /// `address` with this subnet's prefix length.
    pub fn host(self, address: Ipv4Addr) -> Self {
        Self {
            address,
            prefix_len: self.prefix_len,
        }
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_len)
    }
}

impl FromStr for Subnet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (address, prefix_len) = text.split_once('/')?;
            Self::new(address.parse().ok()?, prefix_len.parse().ok()?)
        };
        parse().ok_or_else(|| format!("{text:?} is not an IPv4 subnet"))
    }
}

impl TryFrom<String> for Subnet {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Subnet> for String {
    fn from(subnet: Subnet) -> Self {
        subnet.to_string()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MacAddress(pub [u8; 6]);

impl MacAddress {
    /// A locally administered address that carries the IPv4 address, so that neighbour caches stay right when an
    /// address goes to another container.
    pub fn of(address: Ipv4Addr) -> Self {
        let [a, b, c, d] = address.octets();
        Self([0x02, 0x4c, a, b, c, d])
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnet(text: &str) -> Subnet {
        text.parse().unwrap()
    }

    #[test]
    fn a_subnet_knows_its_bounds_and_gateway() {
        let host = subnet("172.30.4.2/16");
        assert_eq!(host.network(), Ipv4Addr::new(172, 30, 0, 0));
        assert_eq!(host.broadcast(), Ipv4Addr::new(172, 30, 255, 255));
        assert_eq!(host.gateway(), Ipv4Addr::new(172, 30, 0, 1));
        assert_eq!(subnet("0.0.0.0/0").broadcast(), Ipv4Addr::BROADCAST);
        assert_eq!(subnet("10.0.0.1/32").network(), Ipv4Addr::new(10, 0, 0, 1));
    }

    #[test]
    fn overlap_holds_in_both_directions() {
        assert!(subnet("10.0.0.0/8").overlaps(subnet("10.9.0.0/16")));
        assert!(subnet("10.9.0.0/16").overlaps(subnet("10.0.0.0/8")));
        assert!(!subnet("10.9.0.0/16").overlaps(subnet("10.10.0.0/16")));
    }

    #[test]
    fn text_goes_both_ways_and_nonsense_is_refused() {
        assert_eq!(subnet("192.168.7.9/20").to_string(), "192.168.7.9/20");
        for bad in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/8",
            "::1/128",
            "10.0.0.0/-1",
        ] {
            assert!(bad.parse::<Subnet>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mac_carries_its_address_and_is_locally_administered_unicast() {
        let mac = MacAddress::of(Ipv4Addr::new(172, 30, 0, 255));
        assert_eq!(mac.to_string(), "02:4c:ac:1e:00:ff");
        assert_eq!(mac.0[0] & 0b11, 0b10);
    }
}
