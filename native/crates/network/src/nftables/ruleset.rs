use std::net::Ipv4Addr;

use super::message::Family;
use super::rule::{LINK_NAME_SIZE, Rule, link_name};
use crate::MacAddress;

/// A whole table as data. Maps for published ports (protocol and port to address and port) belong here beside the
/// sets, looked up by one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) family: Family,
    pub(crate) name: String,
    pub(crate) sets: Vec<Set>,
    pub(crate) chains: Vec<Chain>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) name: &'static str,
    pub(crate) kind: ChainKind,
    pub(crate) hook: Hook,
    /// Lower runs earlier.
    pub(crate) priority: i32,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChainKind {
    Filter,
    Nat,
}

/// The same numbers in the families ip and bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hook {
    PreRouting,
    Forward,
    PostRouting,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) key: KeyType,
    pub(crate) members: Vec<Member>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    LinkName,
    /// The link's name, an Ethernet address and an IPv4 address.
    Sender,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Member {
    Link(String),
    Sender {
        port: String,
        mac: MacAddress,
        address: Ipv4Addr,
    },
}

impl ChainKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Nat => "nat",
        }
    }
}

impl Hook {
    pub(super) fn number(self) -> u32 {
        let number = match self {
            Self::PreRouting => libc::NF_INET_PRE_ROUTING,
            Self::Forward => libc::NF_INET_FORWARD,
            Self::PostRouting => libc::NF_INET_POST_ROUTING,
        };
        number as u32
    }
}

/// The data types of the nft tool, which lists sets by them: ifname, ether_addr, ipv4_addr; six bits for each part
/// of a concatenation.
const TYPE_IPV4: u32 = 7;
const TYPE_ETHER: u32 = 9;
const TYPE_LINK_NAME: u32 = 41;

const ETHER_SIZE: usize = 6;
const ETHER_PADDED: usize = 8;
const SENDER_SIZE: usize = LINK_NAME_SIZE + ETHER_PADDED + 4;

impl KeyType {
    pub(super) fn type_number(self) -> u32 {
        match self {
            Self::LinkName => TYPE_LINK_NAME,
            Self::Sender => TYPE_LINK_NAME << 12 | TYPE_ETHER << 6 | TYPE_IPV4,
        }
    }

    pub(super) fn length(self) -> u32 {
        let length = match self {
            Self::LinkName => LINK_NAME_SIZE,
            Self::Sender => SENDER_SIZE,
        };
        length as u32
    }
}

impl Member {
    /// The key as the registers hold it: each part padded to four bytes.
    pub(super) fn key(&self) -> Vec<u8> {
        match self {
            Self::Link(name) => link_name(name).to_vec(),
            Self::Sender { port, mac, address } => {
                let mut key = link_name(port).to_vec();
                key.extend_from_slice(&mac.0);
                key.extend_from_slice(&[0; ETHER_PADDED - ETHER_SIZE]);
                key.extend_from_slice(&address.octets());
                key
            }
        }
    }
}
