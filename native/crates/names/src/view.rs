//! What the resolver is told: who is on a network, and what a container may see.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A container on a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    pub container_id: String,
    /// Its name, short id and aliases on this network, without the network's own name. The first one is what a
    /// reverse look-up answers.
    pub names: Vec<String>,
    /// Found like the names; empty for none.
    pub hostname: String,
    pub ipv4: Option<Ipv4Addr>,
    pub ipv6: Option<Ipv6Addr>,
}

/// Where a container reaches the host: "host.docker.internal", "host.longshore.internal", "gateway.docker.internal".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HostGateway {
    pub ipv4: Option<Ipv4Addr>,
    pub ipv6: Option<Ipv6Addr>,
}

/// What one container is answered. Search domains are no part of it: they are written to its resolv.conf, and its
/// libc appends them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// The networks it is on; the first one that knows a name answers.
    pub networks: Vec<String>,
    /// All of its networks are internal: nothing is forwarded.
    pub internal: bool,
    pub host_gateway: HostGateway,
    /// The servers of `--dns`, asked from this process's network namespace. Empty: those of the host's resolv.conf.
    pub upstream: Vec<IpAddr>,
    /// The words of `--dns-option` (resolv.conf(5)); ndots, timeout and rotate have an effect here. Empty: the host's.
    pub options: Vec<String>,
    /// `--link`: a name that only this container knows, and the container name that it stands for.
    pub links: Vec<(String, String)>,
}
