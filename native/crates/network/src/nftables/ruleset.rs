use std::net::IpAddr;

use super::field::{Field, Value, concatenation};
use super::message::Family;
use super::rule::Rule;
use crate::address::bits;
use crate::{IpFamily, Subnet};

/// A whole table as data.
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

/// The same numbers in all families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hook {
    PreRouting,
    Input,
    Forward,
    Output,
    PostRouting,
}

/// A set, or with `value` a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) key: Vec<Field>,
    pub(crate) value: Vec<Field>,
    /// Its elements are ranges; see `Element::range`.
    pub(crate) ranges: bool,
    pub(crate) elements: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    key: Vec<Value>,
    value: Vec<Value>,
    ends_range: bool,
}

impl Set {
    pub(crate) fn of(name: &'static str, key: impl Into<Vec<Field>>) -> Self {
        Self {
            name,
            key: key.into(),
            value: Vec::new(),
            ranges: false,
            elements: Vec::new(),
        }
    }

    pub(crate) fn with(self, elements: impl IntoIterator<Item = Element>) -> Self {
        let elements = elements.into_iter().collect();
        Self { elements, ..self }
    }
}

impl Element {
    pub(crate) fn key(key: impl Into<Vec<Value>>) -> Self {
        Self::pair(key, [])
    }

    pub(crate) fn pair(key: impl Into<Vec<Value>>, value: impl Into<Vec<Value>>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
            ends_range: false,
        }
    }

    /// The addresses of a subnet: its first one, and the one behind its last as the range's end. A range up to the
    /// last address of all has no end.
    pub(crate) fn range(subnet: Subnet) -> Vec<Self> {
        let first = Self::key([Value::Address(subnet.network())]);
        let end = address_after(subnet.last()).map(|end| Self {
            ends_range: true,
            ..Self::key([Value::Address(end)])
        });
        [first].into_iter().chain(end).collect()
    }

    pub(super) fn key_bytes(&self) -> Vec<u8> {
        concatenation(&self.key)
    }

    /// Empty in a set.
    pub(super) fn value_bytes(&self) -> Vec<u8> {
        concatenation(&self.value)
    }

    pub(super) fn ends_range(&self) -> bool {
        self.ends_range
    }
}

fn address_after(address: IpAddr) -> Option<IpAddr> {
    let family = IpFamily::of(address);
    let largest = u128::MAX >> (128 - u32::from(family.width()));
    (bits(address) < largest).then(|| family.address(bits(address) + 1))
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
            Self::Input => libc::NF_INET_LOCAL_IN,
            Self::Forward => libc::NF_INET_FORWARD,
            Self::Output => libc::NF_INET_LOCAL_OUT,
            Self::PostRouting => libc::NF_INET_POST_ROUTING,
        };
        number as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ends_behind_the_last_address_of_its_subnet() {
        let range = Element::range("10.9.0.0/16".parse().unwrap());
        let keys: Vec<Vec<u8>> = range.iter().map(Element::key_bytes).collect();
        assert_eq!(keys, [vec![10, 9, 0, 0], vec![10, 10, 0, 0]]);
        assert!(!range[0].ends_range() && range[1].ends_range());
        assert_eq!(Element::range("255.255.0.0/16".parse().unwrap()).len(), 1);
    }
}
