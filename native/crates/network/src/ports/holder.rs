//! The program that has a port, for a person to know whom to ask.

use std::fmt;
use std::fs;
use std::path::Path;

use crate::firewall::Protocol;
use crate::member::ClaimedPort;

/// The state TCP_LISTEN in /proc/net/tcp; UDP sockets have none that tells.
const LISTENS: &str = "0A";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    name: String,
    pid: u32,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (pid {})", self.name, self.pid)
    }
}

/// `None` when nobody can be found, as when the socket is the kernel's own.
pub(super) fn of(port: &ClaimedPort) -> Option<Program> {
    let tables = match port.protocol {
        Protocol::Tcp => ["tcp", "tcp6"],
        Protocol::Udp => ["udp", "udp6"],
        Protocol::Sctp => return None,
    };
    let inodes = tables.iter().flat_map(|table| {
        let path = Path::new("/proc/thread-self/net").join(table);
        let text = fs::read_to_string(path).unwrap_or_default();
        inodes(&text, port.protocol, port.host_port)
    });
    let inodes: Vec<String> = inodes.collect();
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.find_map(|pid| program(pid, &inodes))
}

/// Of the sockets that have the local port, as `/proc/<pid>/fd` shows them.
fn inodes(table: &str, protocol: Protocol, port: u16) -> Vec<String> {
    let suffix = format!(":{port:04X}");
    let lines = table.lines().skip(1);
    let found = lines.filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (local, state, inode) = (words.get(1)?, words.get(3)?, words.get(9)?);
        let holds = protocol != Protocol::Tcp || *state == LISTENS;
        (holds && local.ends_with(&suffix)).then(|| format!("socket:[{inode}]"))
    });
    found.collect()
}

fn program(pid: u32, inodes: &[String]) -> Option<Program> {
    let folder = Path::new("/proc").join(pid.to_string());
    let descriptors = fs::read_dir(folder.join("fd")).ok()?.flatten();
    let mut targets = descriptors.filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.find(|target| {
        inodes
            .iter()
            .any(|inode| target.as_os_str() == inode.as_str())
    })?;
    let name = fs::read_to_string(folder.join("comm")).ok()?;
    Some(Program {
        name: name.trim_end().to_owned(),
        pid,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
   1: 0100007F:1F90 0100007F:8000 01 00000000:00000000 00:00000000 00000000     0        0 4712 1
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1
";

    #[test]
    fn of_tcp_only_who_listens_holds_the_port() {
        assert_eq!(inodes(TABLE, Protocol::Tcp, 8080), ["socket:[4711]"]);
        assert_eq!(inodes(TABLE, Protocol::Udp, 8080).len(), 2);
        assert!(inodes(TABLE, Protocol::Tcp, 8082).is_empty());
    }
}
