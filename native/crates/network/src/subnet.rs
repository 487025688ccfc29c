//! Which addresses a network may have without taking them away from something the machine can reach now.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{Error, IpFamily, Result, Subnet};

/// A route this short is a default route, perhaps in halves as VPNs set it, and does not say who is reachable.
const LONGEST_DEFAULT_ROUTE: u8 = 1;

/// Something that the machine uses, and what it is in a person's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occupied {
    pub(crate) subnet: Subnet,
    pub(crate) by: String,
    /// Of this instance, not something of the machine.
    pub(crate) by_network: bool,
}

/// Private ranges (RFC 1918) from those that others choose last: Docker begins at 172.17, clouds at 172.31, podman
/// takes 10.88, homes 192.168.0 and 192.168.1. When all are in use, smaller ones.
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
    let small = (128..=200)
        .flat_map(|second| (0..=255).map(move |third| (Ipv4Addr::new(10, second, third, 0), 24)));
    twelve
        .chain(ten)
        .chain(home)
        .chain(small)
        .filter_map(|(address, prefix_len)| Subnet::new(address, prefix_len))
}

/// The first candidate that overlaps nothing of `occupied`: the machine's routes, addresses, name servers and other
/// networks. For IPv6 a random ULA (RFC 4193, 3.2).
pub(crate) fn choose(family: IpFamily, occupied: &[Occupied]) -> Result<Subnet> {
    let mut found = match family {
        IpFamily::V4 => candidates().find(|candidate| clash(*candidate, occupied).is_none()),
        IpFamily::V6 => None,
    };
    while family == IpFamily::V6 && found.is_none() {
        found = Some(random_ula()?).filter(|ula| clash(*ula, occupied).is_none());
    }
    found.ok_or(Error::NoFreeSubnet)
}

/// What else uses addresses of the subnet.
pub(crate) fn clash<'a>(
    subnet: Subnet,
    occupied: impl IntoIterator<Item = &'a Occupied>,
) -> Option<&'a Occupied> {
    let mut known = occupied
        .into_iter()
        .filter(|known| known.subnet.prefix_len() > LONGEST_DEFAULT_ROUTE);
    known.find(|known| known.subnet.overlaps(subnet))
}

/// fd, 40 random bits, subnet 0.
fn random_ula() -> Result<Subnet> {
    let mut random = [0; 5];
    rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty()).map_err(
        |errno| Error::System {
            step: "draw a random prefix",
            source: errno.into(),
        },
    )?;
    let mut octets = [0; 16];
    octets[0] = 0xfd;
    octets[1..6].copy_from_slice(&random);
    Subnet::new(IpAddr::V6(Ipv6Addr::from(octets)), 64).ok_or(Error::NoFreeSubnet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn occupied(texts: &[&str]) -> Vec<Occupied> {
        let of = |text: &&str| Occupied {
            subnet: text.parse().unwrap(),
            by: format!("route {text}"),
            by_network: false,
        };
        texts.iter().map(of).collect()
    }

    fn choose_beside(texts: &[&str]) -> Result<String> {
        choose(IpFamily::V4, &occupied(texts)).map(|subnet| subnet.to_string())
    }

    #[test]
    fn an_empty_machine_gets_the_first_candidate() {
        assert_eq!(choose_beside(&[]).unwrap(), "172.30.0.0/16");
    }

    #[test]
    fn default_routes_occupy_nothing() {
        let routes = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0"];
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
    fn with_every_range_taken_the_choice_fails_and_a_clash_is_named() {
        let routes = ["172.16.0.0/12", "10.0.0.0/8", "192.168.0.0/16"];
        assert!(matches!(choose_beside(&routes), Err(Error::NoFreeSubnet)));
        let occupied = occupied(&routes);
        let clash = clash("10.9.0.0/24".parse().unwrap(), &occupied).unwrap();
        assert_eq!(clash.by, "route 10.0.0.0/8");
    }

    #[test]
    fn no_candidate_overlaps_another() {
        let mut all: Vec<(u128, u128)> = candidates()
            .map(|it| {
                (
                    crate::address::bits(it.network()),
                    crate::address::bits(it.last()),
                )
            })
            .collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn ipv6_gets_a_local_prefix_of_its_own() {
        let [one, two] = [(), ()].map(|()| choose(IpFamily::V6, &[]).unwrap());
        assert_ne!(one, two);
        assert!(
            "fd00::/8"
                .parse::<Subnet>()
                .unwrap()
                .contains(one.network())
        );
        assert_eq!(one.prefix_len(), 64);
    }
}
