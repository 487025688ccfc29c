//! Netlink: messages packed into one buffer, sent with one call, and answered before that call returns.

mod attribute;
mod batch;
mod listener;
mod socket;

pub(crate) use attribute::Attribute;
pub(crate) use batch::{Attributes, Batch};
pub(crate) use listener::Listener;
pub(crate) use socket::{Reply, Socket};
