use super::expression::{self, FIRST_REGISTER};
use super::field::{Field, Origin, Value, concatenation};
use crate::address::octets;
use crate::{IpFamily, Subnet};
use longshore_netlink::Attributes;

/// A part of a rule that a packet must meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Is(Field, Value),
    IsNot(Field, Value),
    /// The input link's name does not begin so.
    InputLinkOtherThan {
        prefix: String,
    },
    /// The fields together are an element of the set.
    In(Vec<Field>, &'static str),
    NotIn(Vec<Field>, &'static str),
    Within(Field, Subnet),
    /// Of a connection that is open, or belongs to one that is.
    Established,
    /// The destination was rewritten by a port forwarding of whoever made it.
    DestinationTranslated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Accept,
    Drop,
    Masquerade,
    /// Rewrites the destination to what the map has for these fields: an address and a port. A packet that the map
    /// does not know goes on to the next rule.
    Redirect {
        family: IpFamily,
        fields: Vec<Field>,
        map: &'static str,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) action: Action,
}

/// linux/netfilter/nf_conntrack_common.h
const CT_ESTABLISHED_OR_RELATED: u32 = 1 << 1 | 1 << 2;
const CT_DESTINATION_NAT: u32 = 1 << 5;

impl Rule {
    pub(crate) fn new(conditions: impl Into<Vec<Condition>>, action: Action) -> Self {
        Self {
            conditions: conditions.into(),
            action,
        }
    }

    pub(super) fn encode(&self, to: &mut Attributes<'_>) {
        for condition in &self.conditions {
            condition.encode(to);
        }
        match &self.action {
            Action::Accept => expression::verdict(to, libc::NF_ACCEPT),
            Action::Drop => expression::verdict(to, libc::NF_DROP),
            Action::Masquerade => expression::masquerade(to),
            Action::Redirect {
                family,
                fields,
                map,
            } => {
                load(to, fields);
                expression::look_up_value(to, map);
                expression::redirect(to, *family);
            }
        }
    }
}

impl Condition {
    fn encode(&self, to: &mut Attributes<'_>) {
        match self {
            Self::Is(field, value) => {
                load(to, &[*field]);
                expression::compare(to, true, &concatenation(std::slice::from_ref(value)));
            }
            Self::IsNot(field, value) => {
                load(to, &[*field]);
                expression::compare(to, false, &concatenation(std::slice::from_ref(value)));
            }
            Self::InputLinkOtherThan { prefix } => {
                load(to, &[Field::InputLink]);
                expression::compare(to, false, prefix.as_bytes());
            }
            Self::In(fields, set) => {
                load(to, fields);
                expression::look_up(to, set, true);
            }
            Self::NotIn(fields, set) => {
                load(to, fields);
                expression::look_up(to, set, false);
            }
            Self::Within(field, subnet) => {
                load(to, &[*field]);
                expression::mask(to, &octets(subnet.mask()));
                expression::compare(to, true, &octets(subnet.network()));
            }
            Self::Established => {
                conntrack_bits(to, libc::NFT_CT_STATE as u32, CT_ESTABLISHED_OR_RELATED);
            }
            Self::DestinationTranslated => {
                conntrack_bits(to, libc::NFT_CT_STATUS as u32, CT_DESTINATION_NAT);
            }
        }
    }
}

/// Puts the fields into the registers, one behind the other.
fn load(to: &mut Attributes<'_>, fields: &[Field]) {
    let mut register = FIRST_REGISTER;
    for field in fields {
        match field.origin() {
            Origin::Meta(key) => expression::meta(to, key, register),
            Origin::Payload { base, offset } => {
                expression::payload(to, base, offset, field.length() as u32, register);
            }
            Origin::RouteLookup => expression::destination_kind(to, register),
        }
        register += (field.padded() / 4) as u32;
    }
}

/// Any of `bits` set. Connection tracking keeps them in the machine's byte order.
fn conntrack_bits(to: &mut Attributes<'_>, key: u32, bits: u32) {
    expression::conntrack(to, key);
    expression::mask(to, &bits.to_ne_bytes());
    expression::compare(to, false, &[0; 4]);
}
