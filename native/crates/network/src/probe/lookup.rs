//! Names, as a container with these files would find them (hosts(5), resolv.conf(5)).

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use super::query;
use crate::{Error, IpFamily, Result};

const DNS_PORT: u16 = 53;

/// Of one server, before the next is asked.
const PATIENCE: Duration = Duration::from_secs(2);

/// RFC 1035, 4.2.1, and room for what servers add.
const LARGEST_ANSWER: usize = 4096;

/// What is in /etc/hosts and /etc/resolv.conf there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameFiles {
    pub hosts: String,
    pub resolv_conf: String,
}

impl NameFiles {
    /// Empty where nobody knows the name.
    pub(super) fn look_up(&self, host: &str, deadline: Instant) -> Result<Vec<IpAddr>> {
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Ok(address) = bare.unwrap_or(host).parse() {
            return Ok(vec![address]);
        }
        let known = self.in_hosts(host);
        if !known.is_empty() {
            return Ok(known);
        }
        for name in self.candidates(host) {
            let found = self.ask_all(&name, deadline)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn in_hosts(&self, host: &str) -> Vec<IpAddr> {
        let lines = self.hosts.lines().map(|line| line.split('#').next());
        let entries = lines.flatten().filter_map(|line| {
            let mut words = line.split_whitespace();
            let address: IpAddr = words.next()?.parse().ok()?;
            words
                .any(|name| name.eq_ignore_ascii_case(host))
                .then_some(address)
        });
        entries.collect()
    }

    /// The name itself comes first when it has dots enough.
    fn candidates(&self, host: &str) -> Vec<String> {
        if host.ends_with('.') {
            return vec![host.trim_end_matches('.').to_owned()];
        }
        let searched = self.words("search");
        let searched = searched.iter().map(|domain| format!("{host}.{domain}"));
        let dots = host.matches('.').count();
        let mut names: Vec<String> = searched.collect();
        let place = if dots >= self.ndots() { 0 } else { names.len() };
        names.insert(place, host.to_owned());
        names
    }

    fn ndots(&self) -> usize {
        let options = self.words("options");
        let number = options.iter().find_map(|it| it.strip_prefix("ndots:"));
        number.and_then(|it| it.parse().ok()).unwrap_or(1)
    }

    /// Of the last line that begins with the keyword.
    fn words(&self, keyword: &str) -> Vec<&str> {
        let lines = self.resolv_conf.lines().rev();
        let found = lines.filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some(keyword)).then(|| words.collect())
        });
        found.into_iter().next().unwrap_or_default()
    }

    fn servers(&self) -> Vec<IpAddr> {
        let lines = self.resolv_conf.lines();
        let servers = lines.filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some("nameserver")).then(|| words.next()?.parse().ok())?
        });
        servers.collect()
    }

    /// Of the first server that answers.
    fn ask_all(&self, name: &str, deadline: Instant) -> Result<Vec<IpAddr>> {
        for server in self.servers() {
            let server = SocketAddr::new(server, DNS_PORT);
            let mut answers = IpFamily::ALL
                .into_iter()
                .map(|family| ask(server, name, family, deadline));
            if let (Some(mut found), Some(Some(more))) = (answers.next().flatten(), answers.next())
            {
                found.extend(more);
                return Ok(found);
            }
            if Instant::now() >= deadline {
                return Err(Error::NoNameServer {
                    server: server.ip(),
                });
            }
        }
        Ok(Vec::new())
    }
}

/// `None` when the server does not answer.
fn ask(server: SocketAddr, name: &str, family: IpFamily, deadline: Instant) -> Option<Vec<IpAddr>> {
    let question = query::question(name, family)?;
    let socket =
        UdpSocket::bind(SocketAddr::new(IpFamily::of(server.ip()).unspecified(), 0)).ok()?;
    socket.connect(server).ok()?;
    socket.send(&question).ok()?;
    let deadline = deadline.min(Instant::now() + PATIENCE);
    let mut buffer = [0; LARGEST_ANSWER];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        socket
            .set_read_timeout(Some(left).filter(|left| !left.is_zero()))
            .ok()?;
        if left.is_zero() {
            return None;
        }
        let length = socket.recv(&mut buffer).ok()?;
        if let Some(answer) = query::answer(&question, &buffer[..length]) {
            return Some(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(hosts: &str, resolv_conf: &str) -> NameFiles {
        NameFiles {
            hosts: hosts.to_owned(),
            resolv_conf: resolv_conf.to_owned(),
        }
    }

    #[test]
    fn addresses_and_hosts_ask_nobody() {
        let files = files("10.0.0.7\tdb.test DB # web\nfd00::7 db\n", "");
        let found = |host| files.look_up(host, Instant::now()).unwrap();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(found("[fd00::1]"), [address("fd00::1")]);
        assert_eq!(found("db"), [address("10.0.0.7"), address("fd00::7")]);
        assert!(found("web").is_empty());
    }

    #[test]
    fn search_domains_come_first_for_names_with_few_dots() {
        let files = files("", "search a.test b.test\noptions rotate ndots:1\n");
        assert_eq!(files.candidates("db"), ["db.a.test", "db.b.test", "db"]);
        assert_eq!(
            files.candidates("db.x"),
            ["db.x", "db.x.a.test", "db.x.b.test"]
        );
        assert_eq!(files.candidates("db."), ["db"]);
    }
}
