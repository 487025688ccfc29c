//! nf_tables over nfnetlink: whole tables written in one transaction, containers added as set elements.
//!
//! What differs per container or per published port is data in sets and maps, never a rule: a change costs the same
//! with ten containers and with a thousand.

mod message;
mod rule;
mod ruleset;
mod store;

pub(crate) use message::Family;
pub(crate) use rule::{Condition, Is, Rule, Sender, Verdict};
pub(crate) use ruleset::{Chain, ChainKind, Hook, KeyType, Member, Set, Table};
pub(crate) use store::Nftables;
