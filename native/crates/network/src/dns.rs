//! What a container reads as /etc/resolv.conf and /etc/hosts.

mod hosts;
mod resolv_conf;

pub use hosts::hosts_file;
pub use resolv_conf::{Dns, host_resolv_conf, resolv_conf};
