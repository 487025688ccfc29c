use std::fs;
use std::net::{IpAddr, Ipv4Addr};

use crate::{Error, Result};

const RESOLV_CONF: &str = "/etc/resolv.conf";

/// Where systemd-resolved writes the servers that its stub at 127.0.0.53 asks (systemd-resolved.service(8)).
const RESOLVED_UPSTREAM: &str = "/run/systemd/resolve/resolv.conf";

/// Asked when the host names only resolvers on its own loopback, which a container cannot reach; as Docker does.
const FALLBACK: [&str; 2] = ["8.8.8.8", "8.8.4.4"];

/// What a container's settings ask of DNS. An empty list keeps the host's.
#[derive(Debug, Clone, Default)]
pub struct Dns {
    pub servers: Vec<String>,
    /// A single "." means: no search domains.
    pub search: Vec<String>,
    pub options: Vec<String>,
    /// The container shares the host's network: its loopback and IPv6 resolvers work there as they are.
    pub host_network: bool,
    /// Names are asked of this agent's own server, which asks the others.
    pub own_server: bool,
}

/// Where the agent's own server answers a container; Docker's address, which images and tools know.
const OWN_SERVER: &str = "127.0.0.11";

/// A name without a dot is a container's more often than not.
const OWN_OPTION: &str = "ndots:0";

/// The host's resolver configuration, from the file that names real servers.
pub fn host_resolv_conf() -> Result<String> {
    let text = read(RESOLV_CONF)?.unwrap_or_default();
    let stub_only = nameservers(&text).all(|server| !reachable(server));
    match stub_only
        .then(|| read(RESOLVED_UPSTREAM))
        .transpose()?
        .flatten()
    {
        Some(upstream) => Ok(upstream),
        None => Ok(text),
    }
}

/// The host's own name servers on IPv4, loopback ones left out.
pub(crate) fn host_nameservers() -> Result<Vec<Ipv4Addr>> {
    let text = host_resolv_conf()?;
    let usable = nameservers(&text).filter(|server| reachable(server));
    Ok(usable.filter_map(|server| server.parse().ok()).collect())
}

/// The container's /etc/resolv.conf, made from the host's.
pub fn resolv_conf(host_text: &str, wanted: &Dns) -> String {
    let mut text = String::new();
    for server in servers(host_text, wanted) {
        text.push_str(&format!("nameserver {server}\n"));
    }
    let search = choose(&wanted.search, host_text, &["search", "domain"]);
    if !search.is_empty() && search != ["."] {
        text.push_str(&format!("search {}\n", search.join(" ")));
    }
    let mut options = choose(&wanted.options, host_text, &["options"]);
    if wanted.own_server && !options.iter().any(|option| option.starts_with("ndots:")) {
        options.push(OWN_OPTION);
    }
    if !options.is_empty() {
        text.push_str(&format!("options {}\n", options.join(" ")));
    }
    text
}

fn servers<'a>(host_text: &'a str, wanted: &'a Dns) -> Vec<&'a str> {
    if wanted.own_server {
        return vec![OWN_SERVER];
    }
    if !wanted.servers.is_empty() {
        return wanted.servers.iter().map(String::as_str).collect();
    }
    if wanted.host_network {
        return nameservers(host_text).collect();
    }
    let usable: Vec<&str> = nameservers(host_text)
        .filter(|server| reachable(server))
        .collect();
    if usable.is_empty() {
        FALLBACK.to_vec()
    } else {
        usable
    }
}

/// The container's own words, or else the last such line of the host (resolv.conf(5): the last instance wins).
fn choose<'a>(wanted: &'a [String], host_text: &'a str, keywords: &[&str]) -> Vec<&'a str> {
    if !wanted.is_empty() {
        return wanted.iter().map(String::as_str).collect();
    }
    let mut found = Vec::new();
    for line in host_text.lines() {
        let mut words = line.split_whitespace();
        if words.next().is_some_and(|word| keywords.contains(&word)) {
            found = words.collect();
        }
    }
    found
}

fn nameservers(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver"))
            .then(|| words.next())
            .flatten()
    })
}

/// Whether a container on an IPv4 bridge can ask this server.
fn reachable(server: &str) -> bool {
    matches!(server.parse(), Ok(IpAddr::V4(address)) if !address.is_loopback() && !address.is_unspecified())
}

fn read(path: &str) -> Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File {
            step: "read",
            path: path.into(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_hosts_servers_search_and_options_are_kept() {
        let host = "# made by hand\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nsearch a.test b.test\noptions ndots:2 rotate\n";
        assert_eq!(
            resolv_conf(host, &Dns::default()),
            "nameserver 10.0.0.2\nnameserver 10.0.0.3\nsearch a.test b.test\noptions ndots:2 rotate\n"
        );
    }

    #[test]
    fn servers_that_a_container_cannot_reach_are_left_out() {
        let host =
            "nameserver 127.0.0.53\nnameserver ::1\nnameserver fe80::1%eth0\nnameserver 10.0.0.2\n";
        assert_eq!(resolv_conf(host, &Dns::default()), "nameserver 10.0.0.2\n");
    }

    #[test]
    fn with_no_usable_server_the_fallback_is_asked() {
        let expected = "nameserver 8.8.8.8\nnameserver 8.8.4.4\n";
        assert_eq!(resolv_conf("", &Dns::default()), expected);
        assert_eq!(
            resolv_conf("nameserver 127.0.0.1\n", &Dns::default()),
            expected
        );
    }

    #[test]
    fn the_host_network_keeps_loopback_servers() {
        let dns = Dns {
            host_network: true,
            ..Dns::default()
        };
        assert_eq!(
            resolv_conf("nameserver 127.0.0.53\n", &dns),
            "nameserver 127.0.0.53\n"
        );
    }

    #[test]
    fn the_containers_own_settings_replace_the_hosts_one_by_one() {
        let host = "nameserver 10.0.0.2\nsearch a.test\noptions rotate\n";
        let dns = Dns {
            servers: words(&["127.0.0.11"]),
            ..Dns::default()
        };
        assert_eq!(
            resolv_conf(host, &dns),
            "nameserver 127.0.0.11\nsearch a.test\noptions rotate\n"
        );
        let dns = Dns {
            search: words(&["."]),
            options: words(&["ndots:5"]),
            ..Dns::default()
        };
        assert_eq!(
            resolv_conf(host, &dns),
            "nameserver 10.0.0.2\noptions ndots:5\n"
        );
    }

    #[test]
    fn the_agents_own_server_stands_for_all_others() {
        let dns = Dns {
            servers: words(&["9.9.9.9"]),
            own_server: true,
            ..Dns::default()
        };
        assert_eq!(
            resolv_conf("nameserver 10.0.0.2\nsearch a.test\noptions rotate\n", &dns),
            "nameserver 127.0.0.11\nsearch a.test\noptions rotate ndots:0\n"
        );
        let dns = Dns {
            options: words(&["ndots:2"]),
            ..dns
        };
        assert_eq!(
            resolv_conf("", &dns),
            "nameserver 127.0.0.11\noptions ndots:2\n"
        );
    }

    #[test]
    fn the_last_search_line_wins_and_domain_counts_as_one() {
        let host = "nameserver 10.0.0.2\nsearch a.test\ndomain b.test\n";
        assert!(resolv_conf(host, &Dns::default()).contains("search b.test\n"));
    }
}
