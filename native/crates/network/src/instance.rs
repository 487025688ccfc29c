//! The names under which one agent's things stand in the kernel.

/// The instance whose links bear the plain names.
pub const DEFAULT_INSTANCE: &str = "default";

const DEFAULT_BRIDGE: &str = "longshore0";

/// What links of each use begin with; the instance's number and one of their own follow.
const BRIDGE: &str = "lb";
const PORT: &str = "lv";
const STUB: &str = "ld";
const STUB_END: &str = "le";
const LINKS: [&str; 4] = [BRIDGE, PORT, STUB, STUB_END];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    /// The default network's.
    pub(crate) bridge: String,
    /// Of the firewall tables, one per family.
    pub(crate) table: String,
    /// All links on the host's side of containers begin so, and no others do.
    pub(crate) port_prefix: String,
    /// The link group of ports that are about to be deleted.
    pub(crate) doomed_group: u32,
    number: u32,
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
            port_prefix: format!("{PORT}{number:08x}"),
            doomed_group: number | 1,
            number,
        }
    }

    /// The bridge of a network that asks for no name. All of these names have at most 14 characters.
    pub(crate) fn bridge_of(&self, network: u16) -> String {
        format!("{BRIDGE}{:08x}{network:04x}", self.number)
    }

    /// The link below members of a network that leads nowhere else.
    pub(crate) fn stub_of(&self, network: u16) -> String {
        format!("{STUB}{:08x}{network:04x}", self.number)
    }

    /// What the stub leads to.
    pub(crate) fn end_of(&self, stub: &str) -> String {
        stub.replacen(STUB, STUB_END, 1)
    }

    /// The host's side of a container on a bridge.
    pub(crate) fn port(&self, slot: u16) -> String {
        format!("{}{slot:04x}", self.port_prefix)
    }

    /// The inverse of `port`; `None` for links that are not ports of this instance.
    pub(crate) fn slot_of(&self, link: &str) -> Option<u16> {
        let digits = link.strip_prefix(&self.port_prefix)?;
        u16::from_str_radix(digits, 16).ok()
    }

    /// Whether the link is one that this instance names.
    pub(crate) fn owns(&self, link: &str) -> bool {
        let own = |kind: &str| link.starts_with(&format!("{kind}{:08x}", self.number));
        link == self.bridge || LINKS.into_iter().any(own)
    }
}

/// Whether a link is the default bridge of some instance, not only of this one.
pub(crate) fn is_default_bridge(link: &str) -> bool {
    let number = link.strip_prefix("ls-").unwrap_or_default();
    link == DEFAULT_BRIDGE || number.len() == 8 && is_hex(number)
}

/// Whether a link is any other one that some instance makes.
pub(crate) fn is_made(link: &str) -> bool {
    let number = LINKS.into_iter().find_map(|kind| link.strip_prefix(kind));
    number.is_some_and(|number| number.len() == 12 && is_hex(number))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
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
        let links = [
            one.bridge.clone(),
            one.bridge_of(7),
            one.stub_of(7),
            one.port(u16::MAX),
        ];
        for link in links {
            assert!(link.len() <= LONGEST_LINK_NAME);
            assert!(one.owns(&link) && !two.owns(&link), "{link}");
        }
        assert_ne!(one.doomed_group, 0);
    }

    #[test]
    fn links_of_all_instances_are_known_by_name() {
        for names in [DEFAULT_INSTANCE, "a", "b"].map(Names::of) {
            assert!(is_default_bridge(&names.bridge) && !is_made(&names.bridge));
            for link in [
                names.bridge_of(1),
                names.port(2),
                names.end_of(&names.stub_of(3)),
            ] {
                assert!(is_made(&link) && !is_default_bridge(&link), "{link}");
            }
        }
        for link in [
            "docker0",
            "ls-",
            "ls-12345",
            "ls-1234567x",
            "br-0123456789ab",
            "lvm0",
        ] {
            assert!(!is_default_bridge(link) && !is_made(link), "{link}");
        }
    }

    #[test]
    fn a_port_leads_back_to_its_slot() {
        let names = Names::of(DEFAULT_INSTANCE);
        assert_eq!(names.slot_of(&names.port(0x102)), Some(0x102));
        assert_eq!(names.slot_of("eth0"), None);
    }
}
