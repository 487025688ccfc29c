use std::net::IpAddr;

use crate::{Error, Result};

/// Docker's first lines of /etc/hosts.
const LOOPBACK: &str = "\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
ff00::\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
";

/// Where a container reaches the machine it runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HostGateway {
    pub ipv4: Option<IpAddr>,
    pub ipv6: Option<IpAddr>,
}

/// The container's /etc/hosts.
///
/// `addresses` are the container's own, of all its networks. `extra_hosts` are "name:address" (also "name=address",
/// IPv6 bare or in brackets); the address "host-gateway" stands for `gateway`, and is refused where there is none.
pub fn hosts_file(
    hostname: &str,
    domainname: &str,
    addresses: &[IpAddr],
    extra_hosts: &[String],
    gateway: HostGateway,
) -> Result<String> {
    let mut text = String::from(LOOPBACK);
    for entry in extra_hosts {
        let (name, addresses) =
            parse_entry(entry, gateway).ok_or_else(|| Error::InvalidHostEntry {
                entry: entry.clone(),
            })?;
        for address in addresses {
            text.push_str(&format!("{address}\t{name}\n"));
        }
    }
    let names = match domainname {
        "" => hostname.to_owned(),
        domain => format!("{hostname}.{domain} {hostname}"),
    };
    for address in addresses.iter().filter(|_| !hostname.is_empty()) {
        text.push_str(&format!("{address}\t{names}\n"));
    }
    Ok(text)
}

fn parse_entry(entry: &str, gateway: HostGateway) -> Option<(&str, Vec<IpAddr>)> {
    let (name, address) = entry.split_once(['=', ':'])?;
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#') {
        return None;
    }
    if address == "host-gateway" {
        let gateways: Vec<IpAddr> = gateway.ipv4.into_iter().chain(gateway.ipv6).collect();
        return (!gateways.is_empty()).then_some((name, gateways));
    }
    let bare = address
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    Some((name, vec![bare.unwrap_or(address).parse().ok()?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: HostGateway = HostGateway {
        ipv4: None,
        ipv6: None,
    };

    fn address() -> IpAddr {
        [172, 30, 0, 2].into()
    }

    fn gateway() -> HostGateway {
        HostGateway {
            ipv4: Some([172, 30, 0, 1].into()),
            ipv6: None,
        }
    }

    fn lines_after_loopback(extra: &[&str]) -> Result<String> {
        let extra: Vec<String> = extra.iter().map(|entry| (*entry).to_owned()).collect();
        let text = hosts_file("web", "", &[address()], &extra, gateway())?;
        Ok(text.strip_prefix(LOOPBACK).unwrap().to_owned())
    }

    #[test]
    fn the_container_finds_itself_by_both_names() {
        let text = hosts_file("web", "example.test", &[address()], &[], NONE).unwrap();
        assert!(text.starts_with("127.0.0.1\tlocalhost\n"));
        assert!(text.ends_with("\n172.30.0.2\tweb.example.test web\n"));
    }

    #[test]
    fn every_network_has_a_line_and_the_host_has_one_of_each_family() {
        let six: IpAddr = "fd00::2".parse().unwrap();
        let gateway = HostGateway {
            ipv6: Some("fd00::1".parse().unwrap()),
            ..gateway()
        };
        let extra = ["host:host-gateway".to_owned()];
        let text = hosts_file("web", "", &[address(), six], &extra, gateway).unwrap();
        let lines = "172.30.0.1\thost\nfd00::1\thost\n172.30.0.2\tweb\nfd00::2\tweb\n";
        assert_eq!(text.strip_prefix(LOOPBACK), Some(lines));
    }

    #[test]
    fn without_a_network_only_loopback_remains() {
        assert_eq!(hosts_file("web", "", &[], &[], NONE).unwrap(), LOOPBACK);
    }

    #[test]
    fn extra_hosts_take_both_families_and_the_gateway() {
        let extra = [
            "db:10.0.0.7",
            "six:::1",
            "six=[fe80::2]",
            "host.docker.internal:host-gateway",
        ];
        assert_eq!(
            lines_after_loopback(&extra).unwrap(),
            "10.0.0.7\tdb\n::1\tsix\nfe80::2\tsix\n172.30.0.1\thost.docker.internal\n172.30.0.2\tweb\n"
        );
    }

    #[test]
    fn an_entry_cannot_smuggle_a_line_or_lack_an_address() {
        for bad in [
            "db",
            "db:",
            ":10.0.0.7",
            "a b:10.0.0.7",
            "a\n1.1.1.1 b:10.0.0.7",
            "db:10.0.0.7\n",
        ] {
            assert!(
                matches!(
                    lines_after_loopback(&[bad]),
                    Err(Error::InvalidHostEntry { .. })
                ),
                "{bad}"
            );
        }
        let extra = ["h:host-gateway".to_owned()];
        assert!(hosts_file("web", "", &[address()], &extra, NONE).is_err());
    }
}
