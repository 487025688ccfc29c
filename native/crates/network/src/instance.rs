//! The names under which one agent's things stand in the kernel.

use std::net::Ipv4Addr;

use crate::MacAddress;
use crate::Subnet;
use crate::nftables::Member;

/// The instance whose links bear the plain names.
pub const DEFAULT_INSTANCE: &str = "default";

const DEFAULT_BRIDGE: &str = "longshore0";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) bridge: String,
    /// Of the firewall tables, one per family.
    pub(crate) table: String,
    /// All links on the host's side of containers begin so, and no others do.
    pub(crate) port_prefix: String,
    /// The link group of ports that are about to be deleted.
    pub(crate) doomed_group: u32,
}

impl Names {
    /// `instance` is any text that tells the agent from others on the machine, such as its data folder's UUID.
    pub(crate) fn of(instance: &str) -> Self {
        let number = fnv1a(instance.as_bytes());
        let (bridge, table) = match instance {
            DEFAULT_INSTANCE => (DEFAULT_BRIDGE.to_owned(), "longshore".to_owned()),
            _ => (
                format!("ls-{number:08x}"),
                format!("longshore-{number:08x}"),
            ),
        };
        // Group 0 holds every link that nobody grouped.
        Self {
            bridge,
            table,
            port_prefix: format!("lv{number:08x}"),
            doomed_group: number | 1,
        }
    }

    /// The port of the container with this address: 14 characters, as a subnet has at most 65,536 addresses.
    pub(crate) fn port(&self, subnet: Subnet, address: Ipv4Addr) -> String {
        format!(
            "{}{:04x}",
            self.port_prefix,
            address.to_bits() - subnet.network().to_bits()
        )
    }

    /// The inverse of `port`; `None` for links that are not ports of this instance.
    pub(crate) fn address_of(&self, subnet: Subnet, port: &str) -> Option<Ipv4Addr> {
        let offset = u32::from_str_radix(port.strip_prefix(&self.port_prefix)?, 16).ok()?;
        let address = Ipv4Addr::from_bits(subnet.network().to_bits().checked_add(offset)?);
        subnet.contains(address).then_some(address)
    }

    /// What the container's frames must carry.
    pub(crate) fn sender(&self, subnet: Subnet, address: Ipv4Addr) -> Member {
        Member::Sender {
            port: self.port(subnet, address),
            mac: MacAddress::of(address),
            address,
        }
    }
}

/// Whether a link is the bridge of some instance, not only of this one.
pub(crate) fn is_bridge(link: &str) -> bool {
    let number = link.strip_prefix("ls-").unwrap_or_default();
    link == DEFAULT_BRIDGE
        || number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a link is the host's side of a container of some instance.
pub(crate) fn is_port(link: &str) -> bool {
    let number = link.strip_prefix("lv").unwrap_or_default();
    number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// FNV-1a, 32 bits: the same in every version of the agent.
fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IFNAMSIZ less the terminator.
    const LONGEST_LINK_NAME: usize = 15;

    #[test]
    fn the_default_instance_has_the_plain_names() {
        let names = Names::of(DEFAULT_INSTANCE);
        assert_eq!(
            (names.bridge.as_str(), names.table.as_str()),
            ("longshore0", "longshore")
        );
    }

    #[test]
    fn other_instances_share_no_name_and_stay_within_the_kernels_limit() {
        let [one, two] = ["6f1c2d8e-1111", "6f1c2d8e-2222"].map(Names::of);
        assert!(one.bridge.starts_with("ls-") && one.bridge != two.bridge);
        assert_ne!(one.port_prefix, two.port_prefix);
        assert_ne!(one.table, two.table);
        assert!(one.bridge.len() <= LONGEST_LINK_NAME);
        let subnet: Subnet = "172.30.0.0/16".parse().unwrap();
        assert!(one.port(subnet, subnet.broadcast()).len() <= LONGEST_LINK_NAME);
        assert_ne!(one.doomed_group, 0);
    }

    #[test]
    fn bridges_of_all_instances_are_known_by_name() {
        assert!(
            [DEFAULT_INSTANCE, "a", "b"]
                .iter()
                .all(|it| is_bridge(&Names::of(it).bridge))
        );
        assert!(
            ![
                "docker0",
                "ls-",
                "ls-12345",
                "ls-1234567x",
                "br-0123456789ab"
            ]
            .iter()
            .any(|it| is_bridge(it))
        );
    }

    #[test]
    fn a_port_is_named_after_the_address_within_its_subnet() {
        let subnet: Subnet = "192.168.16.0/20".parse().unwrap();
        let names = Names::of(DEFAULT_INSTANCE);
        let address = Ipv4Addr::new(192, 168, 17, 2);
        let port = names.port(subnet, address);
        assert_eq!(port.strip_prefix(&names.port_prefix), Some("0102"));
        assert_eq!(names.address_of(subnet, &port), Some(address));
        assert_eq!(names.address_of(subnet, "eth0"), None);
        assert!(is_port(&port) && !is_port("lvm0") && !is_port(&names.bridge));
    }
}
