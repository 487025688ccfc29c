use std::collections::HashMap;
use std::net::IpAddr;

use crate::Member;

/// One network's names, in small letters.
#[derive(Debug)]
pub(super) struct Zone {
    addresses: HashMap<String, Vec<IpAddr>>,
    names: HashMap<IpAddr, String>,
}

impl Zone {
    pub(super) fn new(members: &[Member]) -> Self {
        let mut zone = Self {
            addresses: HashMap::new(),
            names: HashMap::new(),
        };
        for member in members {
            zone.add(member);
        }
        zone
    }

    pub(super) fn named(&self, name: &str) -> Option<&[IpAddr]> {
        self.addresses.get(name).map(Vec::as_slice)
    }

    pub(super) fn name_of(&self, address: IpAddr) -> Option<&str> {
        self.names.get(&address).map(String::as_str)
    }

    fn add(&mut self, member: &Member) {
        let own: Vec<IpAddr> = [member.ipv4.map(IpAddr::V4), member.ipv6.map(IpAddr::V6)]
            .into_iter()
            .flatten()
            .collect();
        let names = member.names.iter().chain([&member.hostname]);
        for name in names.filter(|name| !name.is_empty()) {
            let addresses = self.addresses.entry(name.to_ascii_lowercase()).or_default();
            for address in &own {
                if !addresses.contains(address) {
                    addresses.push(*address);
                }
            }
        }
        let Some(first) = member.names.first() else {
            return;
        };
        for address in own {
            self.names.insert(address, first.clone());
        }
    }
}
