//! Subnets and MAC addresses as the kernel and people write them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpFamily {
    V4,
    V6,
}

impl IpFamily {
    pub(crate) const ALL: [Self; 2] = [Self::V4, Self::V6];

    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() {
            Self::V4
        } else {
            Self::V6
        }
    }

    /// AF_INET or AF_INET6.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::V4 => libc::AF_INET as u8,
            Self::V6 => libc::AF_INET6 as u8,
        }
    }

    /// The length of an address in bits.
    pub(crate) fn width(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    pub(crate) fn address(self, bits: u128) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::from_bits(bits as u32)),
            Self::V6 => IpAddr::V6(Ipv6Addr::from_bits(bits)),
        }
    }

    pub(crate) fn unspecified(self) -> IpAddr {
        self.address(0)
    }
}

/// An address as a number of its family.
pub(crate) fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// As it stands in a packet.
pub(crate) fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

/// An address with its prefix length. `address` may be a host of the subnet ("172.30.0.2/16").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Subnet {
    address: IpAddr,
    prefix_len: u8,
}

impl Subnet {
    /// `None` when the prefix is longer than the address.
    pub fn new(address: impl Into<IpAddr>, prefix_len: u8) -> Option<Self> {
        let address = address.into();
        (prefix_len <= IpFamily::of(address).width()).then_some(Self {
            address,
            prefix_len,
        })
    }

    pub fn address(self) -> IpAddr {
        self.address
    }

    pub fn prefix_len(self) -> u8 {
        self.prefix_len
    }

    pub fn family(self) -> IpFamily {
        IpFamily::of(self.address)
    }

    pub fn mask(self) -> IpAddr {
        self.family().address(!self.host_mask())
    }

    /// The first address: all host bits zero.
    pub fn network(self) -> IpAddr {
        self.family()
            .address(bits(self.address) & !self.host_mask())
    }

    /// The last address: all host bits one.
    pub fn last(self) -> IpAddr {
        self.family().address(bits(self.address) | self.host_mask())
    }

    /// The first host.
    pub fn first_host(self) -> IpAddr {
        self.family().address(bits(self.network()) | 1)
    }

    pub fn contains(self, address: IpAddr) -> bool {
        IpFamily::of(address) == self.family()
            && bits(address) & !self.host_mask() == bits(self.network())
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.network()) || other.contains(self.network())
    }

    /// `address` with this subnet's prefix length.
    pub fn host(self, address: IpAddr) -> Self {
        Self {
            address,
            prefix_len: self.prefix_len,
        }
    }

    /// All bits behind the prefix, of the family's width.
    fn host_mask(self) -> u128 {
        let free = self.family().width() - self.prefix_len;
        match free {
            128 => u128::MAX,
            free => (1 << free) - 1,
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
            let address: IpAddr = address.parse().ok()?;
            Self::new(address, prefix_len.parse().ok()?)
        };
        parse().ok_or_else(|| format!("{text:?} is not a subnet such as 172.30.0.0/16"))
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct MacAddress(pub [u8; 6]);

impl MacAddress {
    /// A locally administered address that carries the IP address (of IPv6 its end), so that neighbour caches stay
    /// right when an address goes to another container.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                Self([0x02, 0x4c, a, b, c, d])
            }
            IpAddr::V6(address) => {
                let [.., a, b, c, d] = address.octets();
                Self([0x02, 0x4d, a, b, c, d])
            }
        }
    }

    /// The link-local address that carries this one (RFC 4291, appendix A).
    pub(crate) fn link_local(self) -> IpAddr {
        let [a, b, c, d, e, f] = self.0;
        let interface = u64::from_be_bytes([a ^ 0x02, b, c, 0xff, 0xfe, d, e, f]);
        IpAddr::V6(Ipv6Addr::from_bits(
            0xfe80_u128 << 112 | u128::from(interface),
        ))
    }

    pub(crate) fn is_multicast(self) -> bool {
        self.0[0] & 1 == 1
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl FromStr for MacAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let mut bytes = [0; 6];
            let mut parts = text.split([':', '-']);
            for byte in &mut bytes {
                let part = parts.next().filter(|part| part.len() == 2)?;
                *byte = u8::from_str_radix(part, 16).ok()?;
            }
            parts.next().is_none().then_some(Self(bytes))
        };
        parse().ok_or_else(|| format!("{text:?} is not a MAC address such as 02:42:ac:11:00:02"))
    }
}

impl TryFrom<String> for MacAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MacAddress> for String {
    fn from(mac: MacAddress) -> Self {
        mac.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnet(text: &str) -> Subnet {
        text.parse().unwrap()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_subnet_knows_its_bounds_and_first_host() {
        let host = subnet("172.30.4.2/16");
        assert_eq!(host.network(), address("172.30.0.0"));
        assert_eq!(host.last(), address("172.30.255.255"));
        assert_eq!(host.first_host(), address("172.30.0.1"));
        assert_eq!(subnet("0.0.0.0/0").last(), address("255.255.255.255"));
        assert_eq!(subnet("10.0.0.1/32").network(), address("10.0.0.1"));
        let six = subnet("fd00:1::7/64");
        assert_eq!(six.network(), address("fd00:1::"));
        assert_eq!(six.last(), address("fd00:1::ffff:ffff:ffff:ffff"));
        assert_eq!(subnet("::/0").mask(), address("::"));
    }

    #[test]
    fn overlap_holds_in_both_directions_and_never_across_families() {
        assert!(subnet("10.0.0.0/8").overlaps(subnet("10.9.0.0/16")));
        assert!(subnet("10.9.0.0/16").overlaps(subnet("10.0.0.0/8")));
        assert!(!subnet("10.9.0.0/16").overlaps(subnet("10.10.0.0/16")));
        assert!(!subnet("::/0").overlaps(subnet("10.10.0.0/16")));
    }

    #[test]
    fn text_goes_both_ways_and_nonsense_is_refused() {
        assert_eq!(subnet("192.168.7.9/20").to_string(), "192.168.7.9/20");
        assert_eq!(subnet("fd00:0::1/64").to_string(), "fd00::1/64");
        for bad in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/8",
            "::1/129",
            "10.0.0.0/-1",
        ] {
            assert!(bad.parse::<Subnet>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mac_carries_its_address_and_is_locally_administered_unicast() {
        let mac = MacAddress::of(address("172.30.0.255"));
        assert_eq!(mac.to_string(), "02:4c:ac:1e:00:ff");
        assert_eq!(mac.0[0] & 0b11, 0b10);
        assert_eq!("02:4C:ac:1e:00:ff".parse(), Ok(mac));
        assert_eq!(mac.link_local(), address("fe80::4c:acff:fe1e:ff"));
        for bad in [
            "",
            "02:4c:ac:1e:00",
            "02:4c:ac:1e:00:ff:1",
            "2:4c:ac:1e:00:ff",
        ] {
            assert!(bad.parse::<MacAddress>().is_err(), "{bad}");
        }
    }
}
