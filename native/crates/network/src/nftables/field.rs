//! Parts of packets that rules look at, and the values that they are compared with.

use std::net::IpAddr;

use crate::address::octets;
use crate::{IpFamily, MacAddress};

pub(super) const LINK_NAME_SIZE: usize = 16;

/// Registers are four bytes wide, and so are the steps in which parts of a key follow one another.
const REGISTER_SIZE: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    InputLink,
    OutputLink,
    /// What software made the input link (bridge, veth, tun, ...); empty for a physical interface.
    InputLinkKind,
    EtherSource,
    EtherType,
    Source(IpFamily),
    Destination(IpFamily),
    ArpSenderEther,
    ArpSenderIpv4,
    /// TCP, UDP, ...; of IPv6 behind the extension headers.
    Protocol,
    DestinationPort,
    Icmpv6Type,
    /// The address that a neighbour advertisement is about.
    AdvertisedAddress,
    /// Whether the destination is an address of this machine: one of the kernel's RTN_ numbers.
    DestinationKind,
}

/// Where the bytes of a field come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Meta(u32),
    Payload { base: u32, offset: u32 },
    RouteLookup,
}

/// linux/netfilter/nf_tables.h
const NFT_META_IIFKIND: u32 = 26;
const LINK: u32 = libc::NFT_PAYLOAD_LL_HEADER as u32;
const NETWORK: u32 = libc::NFT_PAYLOAD_NETWORK_HEADER as u32;
const TRANSPORT: u32 = libc::NFT_PAYLOAD_TRANSPORT_HEADER as u32;

impl Field {
    pub(super) fn origin(self) -> Origin {
        let payload = |base, offset| Origin::Payload { base, offset };
        match self {
            Self::InputLink => Origin::Meta(libc::NFT_META_IIFNAME as u32),
            Self::OutputLink => Origin::Meta(libc::NFT_META_OIFNAME as u32),
            Self::InputLinkKind => Origin::Meta(NFT_META_IIFKIND),
            Self::EtherSource => payload(LINK, 6),
            Self::EtherType => payload(LINK, 12),
            Self::Source(IpFamily::V4) => payload(NETWORK, 12),
            Self::Source(IpFamily::V6) => payload(NETWORK, 8),
            Self::Destination(IpFamily::V4) => payload(NETWORK, 16),
            Self::Destination(IpFamily::V6) => payload(NETWORK, 24),
            Self::ArpSenderEther => payload(NETWORK, 8),
            Self::ArpSenderIpv4 => payload(NETWORK, 14),
            Self::Protocol => Origin::Meta(libc::NFT_META_L4PROTO as u32),
            Self::DestinationPort => payload(TRANSPORT, 2),
            Self::Icmpv6Type => payload(TRANSPORT, 0),
            Self::AdvertisedAddress => payload(TRANSPORT, 8),
            Self::DestinationKind => Origin::RouteLookup,
        }
    }

    pub(super) fn length(self) -> usize {
        self.kind().length
    }

    /// The length in registers, in bytes.
    pub(super) fn padded(self) -> usize {
        self.length().next_multiple_of(REGISTER_SIZE)
    }

    fn kind(self) -> Kind {
        match self {
            Self::InputLink | Self::OutputLink | Self::InputLinkKind => Kind::LINK,
            Self::EtherSource | Self::ArpSenderEther => Kind::ETHER,
            Self::EtherType => Kind::ETHER_TYPE,
            Self::Source(IpFamily::V4) | Self::Destination(IpFamily::V4) | Self::ArpSenderIpv4 => {
                Kind::IPV4
            }
            Self::Source(IpFamily::V6)
            | Self::Destination(IpFamily::V6)
            | Self::AdvertisedAddress => Kind::IPV6,
            Self::Protocol => Kind::PROTOCOL,
            Self::DestinationPort => Kind::PORT,
            Self::Icmpv6Type => Kind::ICMPV6,
            Self::DestinationKind => Kind::ADDRESS_KIND,
        }
    }
}

/// The data types of the nft tool, which lists sets by them.
struct Kind {
    number: u32,
    length: usize,
}

impl Kind {
    const IPV4: Self = Self::new(7, 4);
    const IPV6: Self = Self::new(8, 16);
    const ETHER: Self = Self::new(9, 6);
    const ETHER_TYPE: Self = Self::new(10, 2);
    const PROTOCOL: Self = Self::new(12, 1);
    const PORT: Self = Self::new(13, 2);
    const ADDRESS_KIND: Self = Self::new(22, 4);
    const ICMPV6: Self = Self::new(29, 1);
    const LINK: Self = Self::new(41, LINK_NAME_SIZE);

    const fn new(number: u32, length: usize) -> Self {
        Self { number, length }
    }
}

/// The type of a concatenation of fields: six bits for each part.
pub(super) fn type_number(fields: &[Field]) -> u32 {
    fields
        .iter()
        .fold(0, |number, field| number << 6 | field.kind().number)
}

/// The length of a concatenation of fields; of a single one without padding.
pub(super) fn total_length(fields: &[Field]) -> u32 {
    let length = match fields {
        [field] => field.length(),
        fields => fields.iter().map(|field| field.padded()).sum(),
    };
    length as u32
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Link(String),
    Mac(MacAddress),
    Address(IpAddr),
    Byte(u8),
    /// A port or an EtherType.
    Short(u16),
    /// RTN_LOCAL and its like, in the machine's byte order.
    Number(u32),
}

impl Value {
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Link(name) => link_name(name).to_vec(),
            Self::Mac(mac) => mac.0.to_vec(),
            Self::Address(address) => octets(*address),
            Self::Byte(byte) => vec![*byte],
            Self::Short(number) => number.to_be_bytes().to_vec(),
            Self::Number(number) => number.to_ne_bytes().to_vec(),
        }
    }
}

/// As registers hold them: each padded, unless it is alone.
pub(super) fn concatenation(values: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        bytes.extend_from_slice(&value.bytes());
        if values.len() > 1 {
            bytes.resize(bytes.len().next_multiple_of(REGISTER_SIZE), 0);
        }
    }
    bytes
}

/// As the kernel compares it: filled up with zeros. Names are shorter than the field by the kernel's own rule.
fn link_name(name: &str) -> [u8; LINK_NAME_SIZE] {
    let mut bytes = [0; LINK_NAME_SIZE];
    for (to, from) in bytes.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_their_fields_have_the_same_length() {
        let fields = [
            Field::InputLink,
            Field::EtherSource,
            Field::Source(IpFamily::V4),
            Field::Protocol,
        ];
        let values = [
            Value::Link("eth0".into()),
            Value::Mac(MacAddress([1, 2, 3, 4, 5, 6])),
            Value::Address([10, 0, 0, 1].into()),
            Value::Byte(6),
        ];
        assert_eq!(concatenation(&values).len(), total_length(&fields) as usize);
        assert_eq!(
            concatenation(&values)[16..],
            [1, 2, 3, 4, 5, 6, 0, 0, 10, 0, 0, 1, 6, 0, 0, 0]
        );
    }

    #[test]
    fn a_single_field_is_not_padded() {
        assert_eq!(total_length(&[Field::DestinationPort]), 2);
        assert_eq!(concatenation(&[Value::Short(80)]), [0, 80]);
        assert_eq!(
            type_number(&[Field::Source(IpFamily::V4), Field::DestinationPort]),
            7 << 6 | 13
        );
    }
}
