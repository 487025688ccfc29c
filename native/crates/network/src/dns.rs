//! What a container reads as /etc/resolv.conf and /etc/hosts.

mod hosts;
mod resolv_conf;

pub use hosts::{HostGateway, hosts_file};
pub(crate) use resolv_conf::host_nameservers;
pub use resolv_conf::{Dns, host_resolv_conf, resolv_conf};
