//! What the host's resolv.conf and a container's `--dns-option` say about forwarding (resolv.conf(5)).

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use rustix::net::netdevice;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};

use crate::bind::DNS_PORT;

/// MAXNS of resolv.h: further servers are not asked by anyone.
pub(crate) const MAX_SERVERS: usize = 3;

const DEFAULT_TIMEOUT: u64 = 5;
const MAX_TIMEOUT: u64 = 30;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResolvConf {
    pub(crate) servers: Vec<SocketAddr>,
    pub(crate) settings: Settings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `ndots` is more than 0: a name without a dot is meant to be tried with the search domains.
    pub(crate) expects_dots: bool,
    /// How long a client waits for an answer.
    pub(crate) timeout: Duration,
    /// Any server may be the first one to be asked.
    pub(crate) rotate: bool,
}

impl ResolvConf {
    /// Without a usable server it is the machine's own that is asked, as its libc does.
    pub(crate) fn parse(text: &str) -> Self {
        let mut servers = Vec::new();
        let mut options: Vec<&str> = Vec::new();
        for line in text.lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") => servers.extend(words.next().and_then(server)),
                Some("options") => options.extend(words),
                _ => {}
            }
        }
        if servers.is_empty() {
            servers.push(SocketAddr::from((Ipv4Addr::LOCALHOST, DNS_PORT)));
        }
        servers.truncate(MAX_SERVERS);
        Self {
            servers,
            settings: Settings::parse(&options),
        }
    }
}

impl Settings {
    /// Unknown words say nothing; the last word on a matter wins.
    pub(crate) fn parse(words: &[&str]) -> Self {
        let mut settings = Self {
            expects_dots: false,
            timeout: Duration::from_secs(DEFAULT_TIMEOUT),
            rotate: false,
        };
        for word in words {
            let (key, value) = word.split_once(':').unwrap_or((word, ""));
            match (key, value.parse::<u64>()) {
                ("ndots", Ok(dots)) => settings.expects_dots = dots > 0,
                ("timeout", Ok(seconds)) => {
                    settings.timeout = Duration::from_secs(seconds.clamp(1, MAX_TIMEOUT));
                }
                ("rotate", _) => settings.rotate = true,
                _ => {}
            }
        }
        settings
    }
}

fn server(word: &str) -> Option<SocketAddr> {
    let (address, zone) = word.split_once('%').unwrap_or((word, ""));
    let address: IpAddr = address.parse().ok()?;
    if address.is_unspecified() || address.is_multicast() {
        return None;
    }
    match address {
        IpAddr::V6(ipv6) if !zone.is_empty() => {
            let link = zone.parse().ok().or_else(|| link_index(zone))?;
            Some(SocketAddrV6::new(ipv6, DNS_PORT, 0, link).into())
        }
        _ => Some(SocketAddr::new(address, DNS_PORT)),
    }
}

fn link_index(name: &str) -> Option<u32> {
    let flags = SocketFlags::CLOEXEC;
    let any = socket_with(AddressFamily::INET, SocketType::DGRAM, flags, None).ok()?;
    netdevice::name_to_index(&any, name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(text: &str) -> Vec<String> {
        let servers = ResolvConf::parse(text).servers;
        servers.iter().map(SocketAddr::to_string).collect()
    }

    #[test]
    fn the_first_three_servers_are_asked_those_on_loopback_too() {
        let text = "# by hand\nnameserver 127.0.0.53\nnameserver fd00::1\nsearch a.test\n\
                    nameserver 10.0.0.1\nnameserver 10.0.0.2\n";
        assert_eq!(
            servers(text),
            ["127.0.0.53:53", "[fd00::1]:53", "10.0.0.1:53"]
        );
    }

    #[test]
    fn a_link_local_server_is_asked_on_its_link() {
        assert_eq!(servers("nameserver fe80::1%lo\n"), ["[fe80::1%1]:53"]);
        assert_eq!(servers("nameserver fe80::1%7\n"), ["[fe80::1%7]:53"]);
        assert_eq!(servers("nameserver fe80::1%missing0\n"), ["127.0.0.1:53"]);
    }

    #[test]
    fn without_a_usable_server_the_machine_itself_is_asked() {
        for text in ["", "nameserver\n", "nameserver 0.0.0.0\n", "nameserver x\n"] {
            assert_eq!(servers(text), ["127.0.0.1:53"], "{text:?}");
        }
    }

    #[test]
    fn options_have_defaults_and_bounds() {
        let settings =
            ResolvConf::parse("options ndots:2 timeout:1\noptions rotate junk\n").settings;
        assert!(settings.expects_dots && settings.rotate);
        assert_eq!(settings.timeout, Duration::from_secs(1));
        let settings = Settings::parse(&["ndots:0", "timeout:9999", "ndots:x"]);
        assert!(!settings.expects_dots && !settings.rotate);
        assert_eq!(settings.timeout, Duration::from_secs(MAX_TIMEOUT));
        assert_eq!(Settings::parse(&[]).timeout, Duration::from_secs(5));
    }
}
