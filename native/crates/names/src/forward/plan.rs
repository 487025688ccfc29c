use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::health::Health;
use crate::View;
use crate::bind::{ADDRESS, DNS_PORT};
use crate::random::shuffle;
use crate::resolv_conf::{MAX_SERVERS, Settings};

/// Whom to ask one after the other, and how long to wait.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) servers: Vec<SocketAddr>,
    /// For one server's answer over one transport.
    pub(super) patience: Duration,
    /// For all of it: shortly before the client itself gives up.
    pub(super) deadline: Duration,
}

impl Plan {
    pub(super) fn new(
        view: &View,
        host: &[SocketAddr],
        settings: Settings,
        health: &Health,
    ) -> Self {
        let mut servers = match view.upstream.is_empty() {
            true => host.to_vec(),
            false => own_servers(&view.upstream),
        };
        if settings.rotate {
            shuffle(&mut servers);
        }
        health.order(&mut servers);
        // A packet may be lost.
        if let [only] = servers[..] {
            servers.push(only);
        }
        let deadline = settings.timeout * 9 / 10;
        Self {
            patience: deadline / servers.len().max(1) as u32,
            servers,
            deadline,
        }
    }
}

/// In a container's own list, 127.0.0.11 is us: asking it would go round in circles. (In the host's list it is the
/// resolver of a container that this process runs in.)
fn own_servers(upstream: &[IpAddr]) -> Vec<SocketAddr> {
    let usable = |server: &&IpAddr| {
        **server != IpAddr::V4(ADDRESS) && !server.is_unspecified() && !server.is_multicast()
    };
    let servers = upstream.iter().filter(usable).take(MAX_SERVERS);
    servers
        .map(|server| SocketAddr::new(*server, DNS_PORT))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(upstream: &[&str], host: &[&str], options: &[&str]) -> (Vec<String>, Duration) {
        let address = |text: &&str| text.parse::<IpAddr>().unwrap();
        let view = View {
            upstream: upstream.iter().map(address).collect(),
            ..View::default()
        };
        let host: Vec<SocketAddr> = host
            .iter()
            .map(|server| SocketAddr::new(address(server), DNS_PORT))
            .collect();
        let settings = Settings::parse(options);
        let plan = Plan::new(&view, &host, settings, &Health::default());
        assert!(plan.patience * plan.servers.len() as u32 <= plan.deadline);
        let servers = plan.servers.iter().map(|it| it.ip().to_string()).collect();
        (servers, plan.deadline)
    }

    #[test]
    fn the_containers_own_servers_replace_the_hosts() {
        let (servers, _) = plan(&["10.0.0.9", "fd00::9"], &["127.0.0.53"], &[]);
        assert_eq!(servers, ["10.0.0.9", "fd00::9"]);
    }

    #[test]
    fn an_only_server_is_asked_twice() {
        assert_eq!(
            plan(&[], &["127.0.0.53"], &[]).0,
            ["127.0.0.53", "127.0.0.53"]
        );
    }

    #[test]
    fn a_container_that_names_the_resolver_itself_is_not_led_in_circles() {
        assert_eq!(plan(&["127.0.0.11", "10.0.0.9"], &[], &[]).0[0], "10.0.0.9");
        assert_eq!(
            plan(&["127.0.0.11", "0.0.0.0"], &["10.0.0.1"], &[]).0,
            Vec::<String>::new()
        );
        assert_eq!(
            plan(&[], &["127.0.0.11", "10.0.0.1"], &[]).0,
            ["127.0.0.11", "10.0.0.1"]
        );
    }

    #[test]
    fn no_more_than_three_servers_are_asked_before_the_client_gives_up() {
        let (servers, deadline) = plan(
            &["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"],
            &[],
            &["timeout:2"],
        );
        assert_eq!(servers.len(), 3);
        assert!(deadline < Duration::from_secs(2));
    }
}
