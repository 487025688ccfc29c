//! Which addresses the bridge may have without taking them away from something the machine can reach now.

use std::net::Ipv4Addr;

use crate::{Error, Result, Subnet};

/// A route this short is a default route, perhaps in halves as VPNs set it, and does not say who is reachable.
const LONGEST_DEFAULT_ROUTE: u8 = 1;

/// Private ranges (RFC 1918) from those that others choose last: Docker begins at 172.17, clouds at 172.31, podman
/// takes 10.88, homes 192.168.0 and 192.168.1.
fn candidates() -> impl Iterator<Item = Subnet> {
    let twelve = (18..=30)
        .rev()
        .map(|second| (Ipv4Addr::new(172, second, 0, 0), 16));
    let ten = (201..=240)
        .rev()
        .map(|second| (Ipv4Addr::new(10, second, 0, 0), 16));
    let home = (1..=15)
        .rev()
        .map(|part| (Ipv4Addr::new(192, 168, part * 16, 0), 20));
    twelve
        .chain(ten)
        .chain(home)
        .filter_map(|(address, prefix_len)| Subnet::new(address, prefix_len))
}

/// The first candidate that overlaps nothing of `occupied`: the machine's routes, addresses and name servers.
pub(crate) fn choose(occupied: &[Subnet]) -> Result<Subnet> {
    candidates()
        .find(|candidate| is_clear(*candidate, occupied))
        .ok_or(Error::NoFreeSubnet)
}

pub(crate) fn is_clear(subnet: Subnet, occupied: &[Subnet]) -> bool {
    let mut known = occupied
        .iter()
        .filter(|known| known.prefix_len() > LONGEST_DEFAULT_ROUTE);
    !known.any(|known| known.overlaps(subnet))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose_beside(occupied: &[&str]) -> Result<String> {
        let occupied: Vec<Subnet> = occupied.iter().map(|text| text.parse().unwrap()).collect();
        choose(&occupied).map(|subnet| subnet.to_string())
    }

    #[test]
    fn an_empty_machine_gets_the_first_candidate() {
        assert_eq!(choose_beside(&[]).unwrap(), "172.30.0.0/16");
    }

    #[test]
    fn default_routes_occupy_nothing() {
        let routes = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"];
        assert_eq!(choose_beside(&routes).unwrap(), "172.30.0.0/16");
    }

    #[test]
    fn dockers_bridges_and_single_hosts_are_avoided() {
        assert_eq!(
            choose_beside(&["172.17.0.0/16", "172.30.9.9/32"]).unwrap(),
            "172.29.0.0/16"
        );
    }

    #[test]
    fn a_vpn_over_a_whole_range_moves_the_choice_to_another_range() {
        assert_eq!(choose_beside(&["172.16.0.0/12"]).unwrap(), "10.240.0.0/16");
        assert_eq!(
            choose_beside(&["172.16.0.0/12", "10.0.0.0/8"]).unwrap(),
            "192.168.240.0/20"
        );
    }

    #[test]
    fn with_every_range_taken_the_choice_fails() {
        let routes = ["172.16.0.0/12", "10.0.0.0/8", "192.168.0.0/16"];
        assert!(matches!(choose_beside(&routes), Err(Error::NoFreeSubnet)));
    }

    #[test]
    fn no_candidate_overlaps_another() {
        let all: Vec<Subnet> = candidates().collect();
        for (index, one) in all.iter().enumerate() {
            assert!(is_clear(*one, &all[index + 1..]), "{one}");
        }
    }
}
