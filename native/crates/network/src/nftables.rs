//! nf_tables over nfnetlink: whole tables written in one transaction, containers and published ports added as elements
//! of sets and maps.
//!
//! What differs per container or per published port is data, never a rule: a change costs the same with ten containers
//! and with a thousand.

mod expression;
mod field;
mod message;
mod rule;
mod ruleset;
mod store;

pub(crate) use field::{Field, Value};
pub(crate) use message::Family;
pub(crate) use rule::{Action, Condition, Rule};
pub(crate) use ruleset::{Chain, ChainKind, Element, Hook, Set, Table};
pub(crate) use store::{Change, Nftables};
