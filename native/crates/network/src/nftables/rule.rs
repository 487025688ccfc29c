use std::net::Ipv4Addr;

use super::message::{ELEMENT, data};
use crate::Subnet;
use crate::netlink::Attributes;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    Equal,
    Not,
}

/// What identifies the sender of a frame, to be looked up together with the port it came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// Ethernet source and IPv4 source.
    EtherIpv4,
    /// Ethernet source and ARP sender address.
    EtherArp,
    /// ARP sender hardware address and ARP sender address.
    ArpArp,
}

/// A part of a rule that a packet must meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    InputLink(Is, String),
    /// The input link's name begins so.
    InputLinkPrefix(Is, String),
    /// The input link is of a kind that software made (bridge, veth, tun, ...), not a physical interface.
    InputLinkVirtual,
    OutputLink(Is, String),
    InputLinkIn {
        set: &'static str,
    },
    Source(Is, Subnet),
    /// Of a connection that is open, or belongs to one that is.
    Established,
    /// The destination was rewritten by a port forwarding of whoever made it.
    DestinationTranslated,
    EtherType(u16),
    SenderIn {
        set: &'static str,
        sender: Sender,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accept,
    Drop,
    Masquerade,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) verdict: Verdict,
}

impl Rule {
    pub(crate) fn new(conditions: impl Into<Vec<Condition>>, verdict: Verdict) -> Self {
        Self {
            conditions: conditions.into(),
            verdict,
        }
    }
}

/// linux/netfilter/nf_tables.h; registers of 16 bytes, the 4-byte ones overlay them in order.
const REGISTER: u32 = libc::NFT_REG_1 as u32;
const REGISTER_AFTER_NAME: u32 = libc::NFT_REG32_04 as u32;
const REGISTER_AFTER_ETHER: u32 = libc::NFT_REG32_06 as u32;
const NFT_META_IIFKIND: u32 = 26;
pub(super) const LINK_NAME_SIZE: usize = 16;

/// linux/netfilter/nf_conntrack_common.h
const CT_ESTABLISHED_OR_RELATED: u32 = 1 << 1 | 1 << 2;
const CT_DESTINATION_NAT: u32 = 1 << 5;

const ETHER_SOURCE: Field = Field {
    base: libc::NFT_PAYLOAD_LL_HEADER as u32,
    offset: 6,
    length: 6,
};
const ETHER_TYPE: Field = Field {
    base: libc::NFT_PAYLOAD_LL_HEADER as u32,
    offset: 12,
    length: 2,
};
const IPV4_SOURCE: Field = Field {
    base: libc::NFT_PAYLOAD_NETWORK_HEADER as u32,
    offset: 12,
    length: 4,
};
const ARP_SENDER_ETHER: Field = Field {
    base: libc::NFT_PAYLOAD_NETWORK_HEADER as u32,
    offset: 8,
    length: 6,
};
const ARP_SENDER_IPV4: Field = Field {
    base: libc::NFT_PAYLOAD_NETWORK_HEADER as u32,
    offset: 14,
    length: 4,
};

#[derive(Debug, Clone, Copy)]
struct Field {
    base: u32,
    offset: u32,
    length: u32,
}

impl Rule {
    pub(super) fn encode(&self, expressions: &mut Attributes<'_>) {
        for condition in &self.conditions {
            condition.encode(expressions);
        }
        match self.verdict {
            Verdict::Accept => verdict(expressions, libc::NF_ACCEPT),
            Verdict::Drop => verdict(expressions, libc::NF_DROP),
            Verdict::Masquerade => expression(expressions, "masq", |_| {}),
        }
    }
}

impl Condition {
    fn encode(&self, to: &mut Attributes<'_>) {
        match self {
            Self::InputLink(is, name) => {
                meta(to, libc::NFT_META_IIFNAME as u32);
                compare(to, *is, &link_name(name));
            }
            Self::InputLinkPrefix(is, prefix) => {
                meta(to, libc::NFT_META_IIFNAME as u32);
                compare(to, *is, prefix.as_bytes());
            }
            Self::InputLinkVirtual => {
                meta(to, NFT_META_IIFKIND);
                compare(to, Is::Not, &link_name(""));
            }
            Self::OutputLink(is, name) => {
                meta(to, libc::NFT_META_OIFNAME as u32);
                compare(to, *is, &link_name(name));
            }
            Self::InputLinkIn { set } => {
                meta(to, libc::NFT_META_IIFNAME as u32);
                lookup(to, set);
            }
            Self::Source(is, subnet) => {
                payload(to, IPV4_SOURCE, REGISTER);
                mask(to, subnet.mask());
                compare(to, *is, &subnet.network().octets());
            }
            Self::Established => {
                conntrack_bits(to, libc::NFT_CT_STATE as u32, CT_ESTABLISHED_OR_RELATED);
            }
            Self::DestinationTranslated => {
                conntrack_bits(to, libc::NFT_CT_STATUS as u32, CT_DESTINATION_NAT);
            }
            Self::EtherType(ether_type) => {
                payload(to, ETHER_TYPE, REGISTER);
                compare(to, Is::Equal, &ether_type.to_be_bytes());
            }
            Self::SenderIn { set, sender } => {
                let (ether, ipv4) = match sender {
                    Sender::EtherIpv4 => (ETHER_SOURCE, IPV4_SOURCE),
                    Sender::EtherArp => (ETHER_SOURCE, ARP_SENDER_IPV4),
                    Sender::ArpArp => (ARP_SENDER_ETHER, ARP_SENDER_IPV4),
                };
                meta(to, libc::NFT_META_IIFNAME as u32);
                payload(to, ether, REGISTER_AFTER_NAME);
                payload(to, ipv4, REGISTER_AFTER_ETHER);
                lookup(to, set);
            }
        }
    }
}

/// As the kernel compares it: filled up with zeros. Names are shorter than the field by the kernel's own rule.
pub(super) fn link_name(name: &str) -> [u8; LINK_NAME_SIZE] {
    let mut bytes = [0; LINK_NAME_SIZE];
    for (to, from) in bytes.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    bytes
}

fn expression(to: &mut Attributes<'_>, name: &str, fill: impl FnOnce(&mut Attributes<'_>)) {
    to.nest(ELEMENT, |expression| {
        expression.text(1, name); // NFTA_EXPR_NAME
        expression.nest(2, fill); // NFTA_EXPR_DATA
    });
}

fn meta(to: &mut Attributes<'_>, key: u32) {
    expression(to, "meta", |meta| {
        meta.be32(1, REGISTER); // NFTA_META_DREG
        meta.be32(2, key); // NFTA_META_KEY
    });
}

fn compare(to: &mut Attributes<'_>, is: Is, value: &[u8]) {
    let operator = match is {
        Is::Equal => libc::NFT_CMP_EQ,
        Is::Not => libc::NFT_CMP_NEQ,
    };
    expression(to, "cmp", |cmp| {
        cmp.be32(1, REGISTER); // NFTA_CMP_SREG
        cmp.be32(2, operator as u32); // NFTA_CMP_OP
        data(cmp, 3, value); // NFTA_CMP_DATA
    });
}

fn payload(to: &mut Attributes<'_>, field: Field, register: u32) {
    expression(to, "payload", |payload| {
        payload.be32(1, register); // NFTA_PAYLOAD_DREG
        payload.be32(2, field.base); // NFTA_PAYLOAD_BASE
        payload.be32(3, field.offset); // NFTA_PAYLOAD_OFFSET
        payload.be32(4, field.length); // NFTA_PAYLOAD_LEN
    });
}

fn mask(to: &mut Attributes<'_>, mask: Ipv4Addr) {
    expression(to, "bitwise", |bitwise| {
        bitwise.be32(1, REGISTER); // NFTA_BITWISE_SREG
        bitwise.be32(2, REGISTER); // NFTA_BITWISE_DREG
        bitwise.be32(3, 4); // NFTA_BITWISE_LEN
        data(bitwise, 4, &mask.octets()); // NFTA_BITWISE_MASK
        data(bitwise, 5, &[0; 4]); // NFTA_BITWISE_XOR
    });
}

/// Any of `bits` set. Connection tracking keeps them in the machine's byte order.
fn conntrack_bits(to: &mut Attributes<'_>, key: u32, bits: u32) {
    expression(to, "ct", |ct| {
        ct.be32(1, REGISTER); // NFTA_CT_DREG
        ct.be32(2, key); // NFTA_CT_KEY
    });
    mask(to, Ipv4Addr::from(bits.to_ne_bytes()));
    compare(to, Is::Not, &[0; 4]);
}

fn lookup(to: &mut Attributes<'_>, set: &str) {
    expression(to, "lookup", |lookup| {
        lookup.text(1, set); // NFTA_LOOKUP_SET
        lookup.be32(2, REGISTER); // NFTA_LOOKUP_SREG
    });
}

fn verdict(to: &mut Attributes<'_>, code: libc::c_int) {
    expression(to, "immediate", |immediate| {
        immediate.be32(1, libc::NFT_REG_VERDICT as u32); // NFTA_IMMEDIATE_DREG
        immediate.nest(2, |value| {
            // NFTA_IMMEDIATE_DATA, NFTA_DATA_VERDICT, NFTA_VERDICT_CODE
            value.nest(2, |verdict| verdict.be32(1, code as u32));
        });
    });
}
