//! The DNS server at 127.0.0.11 of containers on user-defined networks.
//!
//! Each container has a socket pair of its own, bound inside its network namespace, so that whoever asks is known by
//! the socket that the question came in by. Names of the container's networks are answered from memory; everything
//! else is forwarded from this process's own namespace, where the machine's name servers are reachable as they are.

mod bind;
mod error;
mod forward;
mod host_servers;
mod message;
mod random;
mod redirect;
mod resolv_conf;
mod resolver;
mod server;
mod view;
mod zones;

pub use bind::{ADDRESS, bind_in};
pub use error::{Error, Result};
pub use resolver::{Options, Report, Resolver};
pub use view::{HostGateway, Member, View};
