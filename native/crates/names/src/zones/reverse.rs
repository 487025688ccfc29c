//! The names of addresses (RFC 1035, 3.5; RFC 3596, 2.5).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that a whole reverse name stands for; the name is in small letters.
pub(super) fn address(name: &str) -> Option<IpAddr> {
    if let Some(labels) = name.strip_suffix(".in-addr.arpa") {
        return ipv4(labels).map(IpAddr::V4);
    }
    let labels = name.strip_suffix(".ip6.arpa")?;
    ipv6(labels).map(IpAddr::V6)
}

fn ipv4(labels: &str) -> Option<Ipv4Addr> {
    let octets: Vec<&str> = labels.split('.').rev().collect();
    octets.join(".").parse().ok()
}

/// One label for each four bits, the lowest first.
fn ipv6(labels: &str) -> Option<Ipv6Addr> {
    let mut bits: u128 = 0;
    let mut count = 0;
    for label in labels.rsplit('.') {
        let is_nibble = label.len() == 1 && count < 32;
        let nibble = u128::from_str_radix(label, 16).ok().filter(|_| is_nibble)?;
        bits = bits << 4 | nibble;
        count += 1;
    }
    (count == 32).then(|| Ipv6Addr::from_bits(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_reverse_names_are_addresses() {
        let ipv4 = address("2.0.28.172.in-addr.arpa");
        assert_eq!(ipv4, Some("172.28.0.2".parse().unwrap()));
        let name = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa";
        assert_eq!(address(name), Some("fd00::1".parse().unwrap()));
    }

    #[test]
    fn parts_of_reverse_names_and_other_names_are_none() {
        for name in [
            "28.172.in-addr.arpa",
            "in-addr.arpa",
            "1.2.3.4.5.in-addr.arpa",
            "256.0.0.1.in-addr.arpa",
            "a.b.c.d.in-addr.arpa",
            "0.d.f.ip6.arpa",
            "+1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
            "web.front",
        ] {
            assert_eq!(address(name), None, "{name}");
        }
    }
}
