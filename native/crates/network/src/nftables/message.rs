//! One function per nf_tables message. Attribute numbers are those of linux/netfilter/nf_tables.h.

use super::field::{total_length, type_number};
use super::rule::Rule;
use super::ruleset::{Chain, Element, Set};
use crate::IpFamily;
use longshore_netlink::{Attribute, Attributes, Batch};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Ipv4,
    Ipv6,
    Bridge,
}

/// enum nft_set_flags
const NFT_SET_INTERVAL: u32 = 1 << 2;
const NFT_SET_MAP: u32 = 1 << 3;
/// enum nft_set_elem_flags
const NFT_SET_ELEM_INTERVAL_END: u32 = 1;

/// NFTA_LIST_ELEM
pub(super) const ELEMENT: u16 = 1;

const CREATE: u16 = libc::NLM_F_CREATE as u16;
const APPEND: u16 = (libc::NLM_F_CREATE | libc::NLM_F_APPEND) as u16;

impl From<IpFamily> for Family {
    fn from(family: IpFamily) -> Self {
        match family {
            IpFamily::V4 => Self::Ipv4,
            IpFamily::V6 => Self::Ipv6,
        }
    }
}

impl Family {
    /// struct nfgenmsg
    fn header(self) -> [u8; 4] {
        match self {
            Self::Ipv4 => [libc::NFPROTO_IPV4 as u8, 0, 0, 0],
            Self::Ipv6 => [libc::NFPROTO_IPV6 as u8, 0, 0, 0],
            Self::Bridge => [libc::NFPROTO_BRIDGE as u8, 0, 0, 0],
        }
    }
}

fn kind(message: libc::c_int) -> u16 {
    ((libc::NFNL_SUBSYS_NFTABLES << 8) | message) as u16
}

pub(super) fn data(to: &mut Attributes<'_>, attribute: u16, value: &[u8]) {
    to.nest(attribute, |data| data.bytes(1, value)); // NFTA_DATA_VALUE
}

/// All messages that `fill` adds take effect together or not at all.
pub(super) fn transaction(fill: impl FnOnce(&mut Batch)) -> Batch {
    let [high, low] = (libc::NFNL_SUBSYS_NFTABLES as u16).to_be_bytes();
    let header = [libc::AF_UNSPEC as u8, 0, high, low];
    let mut batch = Batch::default();
    batch.unacknowledged(
        "begin firewall rules",
        libc::NFNL_MSG_BATCH_BEGIN as u16,
        0,
        &header,
        |_| {},
    );
    fill(&mut batch);
    batch.unacknowledged(
        "commit firewall rules",
        libc::NFNL_MSG_BATCH_END as u16,
        0,
        &header,
        |_| {},
    );
    batch
}

pub(super) fn add_table(batch: &mut Batch, family: Family, table: &str) {
    let kind = kind(libc::NFT_MSG_NEWTABLE);
    batch.message(
        "add the firewall table",
        kind,
        CREATE,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_TABLE_NAME
        },
    );
}

pub(super) fn delete_table(batch: &mut Batch, family: Family, table: &str) {
    let kind = kind(libc::NFT_MSG_DELTABLE);
    batch.message(
        "delete the firewall table",
        kind,
        0,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_TABLE_NAME
        },
    );
}

pub(super) fn add_set(batch: &mut Batch, family: Family, table: &str, set: &Set) {
    let kind = kind(libc::NFT_MSG_NEWSET);
    batch.message(
        "add the firewall set",
        kind,
        CREATE,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_SET_TABLE
            message.text(2, set.name); // NFTA_SET_NAME
            message.be32(3, set_flags(set)); // NFTA_SET_FLAGS
            message.be32(4, type_number(&set.key)); // NFTA_SET_KEY_TYPE
            message.be32(5, total_length(&set.key)); // NFTA_SET_KEY_LEN
            if !set.value.is_empty() {
                message.be32(6, type_number(&set.value)); // NFTA_SET_DATA_TYPE
                message.be32(7, total_length(&set.value)); // NFTA_SET_DATA_LEN
            }
            message.be32(10, 1); // NFTA_SET_ID
        },
    );
}

fn set_flags(set: &Set) -> u32 {
    let map = if set.value.is_empty() { 0 } else { NFT_SET_MAP };
    let ranges = if set.ranges { NFT_SET_INTERVAL } else { 0 };
    map | ranges
}

pub(super) fn add_chain(batch: &mut Batch, family: Family, table: &str, chain: &Chain) {
    let kind = kind(libc::NFT_MSG_NEWCHAIN);
    batch.message(
        "add the firewall chain",
        kind,
        CREATE,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_CHAIN_TABLE
            message.text(3, chain.name); // NFTA_CHAIN_NAME
            message.nest(4, |hook| {
                hook.be32(1, chain.hook.number()); // NFTA_HOOK_HOOKNUM
                hook.be32(2, chain.priority as u32); // NFTA_HOOK_PRIORITY
            });
            message.be32(5, libc::NF_ACCEPT as u32); // NFTA_CHAIN_POLICY
            message.text(7, chain.kind.name()); // NFTA_CHAIN_TYPE
        },
    );
}

pub(super) fn add_rule(batch: &mut Batch, family: Family, table: &str, chain: &str, rule: &Rule) {
    let kind = kind(libc::NFT_MSG_NEWRULE);
    batch.message(
        "add the firewall rule",
        kind,
        APPEND,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_RULE_TABLE
            message.text(2, chain); // NFTA_RULE_CHAIN
            message.nest(4, |expressions| rule.encode(expressions)); // NFTA_RULE_EXPRESSIONS
        },
    );
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Delete,
}

pub(super) fn change_elements(
    batch: &mut Batch,
    operation: Operation,
    family: Family,
    table: &str,
    set: &str,
    elements: &[Element],
) {
    let (step, message, flags) = match operation {
        Operation::Add => ("add to the firewall set", libc::NFT_MSG_NEWSETELEM, CREATE),
        Operation::Delete => ("delete from the firewall set", libc::NFT_MSG_DELSETELEM, 0),
    };
    batch.message(step, kind(message), flags, &family.header(), |message| {
        message.text(1, table); // NFTA_SET_ELEM_LIST_TABLE
        message.text(2, set); // NFTA_SET_ELEM_LIST_SET
        message.nest(3, |list| {
            for element in elements {
                list.nest(ELEMENT, |attributes| encode_element(attributes, element));
            }
        });
    });
}

fn encode_element(to: &mut Attributes<'_>, element: &Element) {
    data(to, 1, &element.key_bytes()); // NFTA_SET_ELEM_KEY
    let value = element.value_bytes();
    if !value.is_empty() {
        data(to, 2, &value); // NFTA_SET_ELEM_DATA
    }
    if element.ends_range() {
        to.be32(3, NFT_SET_ELEM_INTERVAL_END); // NFTA_SET_ELEM_FLAGS
    }
}

/// Answered by messages that bear parts of the set; see `link_names`.
pub(super) fn get_elements(batch: &mut Batch, family: Family, table: &str, set: &str) {
    let kind = kind(libc::NFT_MSG_GETSETELEM);
    batch.unacknowledged(
        "read the firewall set",
        kind,
        libc::NLM_F_DUMP as u16,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_SET_ELEM_LIST_TABLE
            message.text(2, set); // NFTA_SET_ELEM_LIST_SET
        },
    );
}

/// The members in one answer to `get_elements` for a set of link names.
pub(super) fn link_names(body: &[u8]) -> Vec<String> {
    let attributes = body.get(4..).unwrap_or_default();
    let elements = Attribute::find(attributes, 3).unwrap_or_default(); // NFTA_SET_ELEM_LIST_ELEMENTS
    let name = |element: Attribute<'_>| {
        let key = Attribute::find(element.value, 1)?; // NFTA_SET_ELEM_KEY
        Attribute::find_text(key, 1) // NFTA_DATA_VALUE
    };
    Attribute::all(elements).filter_map(name).collect()
}

/// Answered by a NEWGEN message: the number of the last change to any rule of this network namespace.
pub(super) fn get_generation(batch: &mut Batch) {
    let kind = kind(libc::NFT_MSG_GETGEN);
    batch.unacknowledged("read the firewall's generation", kind, 0, &[0; 4], |_| {});
}

pub(super) fn get_table(batch: &mut Batch, family: Family, table: &str) {
    let kind = kind(libc::NFT_MSG_GETTABLE);
    batch.unacknowledged(
        "find the firewall table",
        kind,
        0,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_TABLE_NAME
        },
    );
}

/// Answered by one message for each rule of the table.
pub(super) fn get_rules(batch: &mut Batch, family: Family, table: &str) {
    let kind = kind(libc::NFT_MSG_GETRULE);
    batch.unacknowledged(
        "list the firewall's rules",
        kind,
        libc::NLM_F_DUMP as u16,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_RULE_TABLE
        },
    );
}

pub(super) fn get_chain(batch: &mut Batch, family: Family, table: &str, chain: &str) {
    let kind = kind(libc::NFT_MSG_GETCHAIN);
    batch.unacknowledged(
        "find the firewall chain",
        kind,
        0,
        &family.header(),
        |message| {
            message.text(1, table); // NFTA_CHAIN_TABLE
            message.text(3, chain); // NFTA_CHAIN_NAME
        },
    );
}
