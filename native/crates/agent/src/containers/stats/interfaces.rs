//! Counters of the interfaces in a process's network namespace, read from outside it (proc_pid_net(5)).

use std::fs::File;
use std::io::Read;

/// A container that makes interfaces by the thousand does not get to fill our memory.
const MAX_BYTES: u64 = 256 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InterfaceUsage {
    pub(crate) interface: String,
    pub(crate) received: Traffic,
    pub(crate) sent: Traffic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) bytes: u64,
    pub(crate) packets: u64,
    pub(crate) errors: u64,
    pub(crate) dropped: u64,
}

/// Empty for a process that is gone.
pub(super) fn read(pid: &str) -> Vec<InterfaceUsage> {
    let mut text = String::new();
    let file = File::open(format!("/proc/{pid}/net/dev"));
    match file.and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text)) {
        Ok(_) => parse(&text),
        Err(_) => Vec::new(),
    }
}

/// Two lines of headings, then one line an interface.
fn parse(text: &str) -> Vec<InterfaceUsage> {
    text.lines().skip(2).filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<InterfaceUsage> {
    let (name, counters) = line.rsplit_once(':')?;
    let interface = name.trim().to_owned();
    let counters: Vec<u64> = counters
        .split_ascii_whitespace()
        .map_while(|word| word.parse().ok())
        .collect();
    let traffic = |first: usize| match counters.get(first..first + 4)? {
        &[bytes, packets, errors, dropped] => Some(Traffic {
            bytes,
            packets,
            errors,
            dropped,
        }),
        _ => None,
    };
    let usage = InterfaceUsage {
        interface,
        received: traffic(0)?,
        sent: traffic(8)?,
    };
    (usage.interface != "lo").then_some(usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0: 1234567       89    1    2    0     0          0         0      765       43    3    4    0     0       0          0
broken: 1 2
";

    #[test]
    fn each_interface_but_lo_is_told() {
        let received = Traffic {
            bytes: 1_234_567,
            packets: 89,
            errors: 1,
            dropped: 2,
        };
        let sent = Traffic {
            bytes: 765,
            packets: 43,
            errors: 3,
            dropped: 4,
        };
        let interface = "eth0".to_owned();
        let eth0 = InterfaceUsage {
            interface,
            received,
            sent,
        };
        assert_eq!(parse(TEXT), [eth0]);
    }
}
