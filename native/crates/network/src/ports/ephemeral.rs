use std::fs;

use crate::{Error, Result};

const RANGE: &str = "/proc/sys/net/ipv4/ip_local_port_range";

/// The ports that the machine gives to whoever asks for none (ip(7)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PortRange {
    pub(super) first: u16,
    pub(super) last: u16,
}

pub(super) fn range() -> Result<PortRange> {
    let text = fs::read_to_string(RANGE).map_err(|source| Error::File {
        step: "read",
        path: RANGE.into(),
        source,
    })?;
    parse(&text).ok_or_else(|| Error::DamagedState {
        path: RANGE.into(),
        reason: format!("{text:?} is no range of ports"),
    })
}

fn parse(text: &str) -> Option<PortRange> {
    let mut numbers = text.split_whitespace().map(str::parse);
    let first = numbers.next()?.ok()?;
    let last = numbers.next()?.ok()?;
    (first <= last).then_some(PortRange { first, last })
}

impl PortRange {
    /// From a random one on, so that a port is not given to the next container at once.
    pub(super) fn in_random_order(self) -> Result<impl Iterator<Item = u16>> {
        let mut random = [0; 2];
        let flags = rustix::rand::GetRandomFlags::empty();
        rustix::rand::getrandom(&mut random, flags).map_err(|errno| Error::System {
            step: "draw a random port",
            source: errno.into(),
        })?;
        let length = u32::from(self.last) - u32::from(self.first) + 1;
        let offset = u32::from(u16::from_ne_bytes(random)) % length;
        let start = self.first + u16::try_from(offset).unwrap_or(0);
        Ok((start..=self.last).chain(self.first..start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_port_of_the_range_comes_once() {
        let range = parse("32768\t32770\n").unwrap();
        let mut ports: Vec<u16> = range.in_random_order().unwrap().collect();
        ports.sort_unstable();
        assert_eq!(ports, [32768, 32769, 32770]);
        assert_eq!(parse("7 3"), None);
    }
}
