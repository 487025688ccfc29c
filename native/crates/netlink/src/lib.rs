//! Netlink: messages packed into one buffer, sent with one call, and answered before that call returns (netlink(7),
//! linux/netlink.h).

mod attribute;
mod batch;
mod error;
mod listener;
mod socket;

pub use attribute::Attribute;
pub use batch::{Attributes, Batch};
pub use error::{Error, Result};
pub use listener::Listener;
pub use socket::{Reply, Socket};
