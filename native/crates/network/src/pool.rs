//! Which addresses of one subnet are in use.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::address::bits;
use crate::definition::{AddressPool, is_host};
use crate::{Error, Result};

#[derive(Debug)]
pub(crate) struct Pool {
    settings: AddressPool,
    /// Leased, or released while something of the last holder may still answer.
    taken: BTreeSet<IpAddr>,
    /// Where the search for a free address goes on; addresses come back into use as late as possible.
    next: u128,
}

impl Pool {
    pub(crate) fn new(settings: AddressPool) -> Self {
        let taken = settings.reserved.iter().copied();
        let taken = taken.chain([settings.gateway()]).collect();
        Self {
            settings,
            taken,
            next: 0,
        }
    }

    /// Notes an address that was leased before this agent began.
    pub(crate) fn restore(&mut self, address: IpAddr) {
        self.taken.insert(address);
        self.next = self.next.max(bits(address) + 1);
    }

    /// A free one, or the one that is `wanted`; `field` names that in errors.
    pub(crate) fn acquire(
        &mut self,
        wanted: Option<IpAddr>,
        field: &'static str,
    ) -> Result<IpAddr> {
        let address = match wanted {
            Some(address) => self.check(address, field)?,
            None => self.free_address()?,
        };
        self.taken.insert(address);
        if wanted.is_none() {
            self.next = bits(address) + 1;
        }
        Ok(address)
    }

    /// The address may be leased again.
    pub(crate) fn free(&mut self, address: IpAddr) {
        let is_kept =
            address == self.settings.gateway() || self.settings.reserved.contains(&address);
        if !is_kept {
            self.taken.remove(&address);
        }
    }

    fn check(&self, address: IpAddr, field: &'static str) -> Result<IpAddr> {
        let subnet = self.settings.subnet;
        if !subnet.contains(address) {
            let reason = format!("{address} is outside of the network's subnet {subnet}");
            return Err(Error::invalid(field, reason));
        }
        if !is_host(&self.settings, address) {
            let reason = format!("{address} is the first or last address of {subnet}");
            return Err(Error::invalid(field, reason));
        }
        let taken_by = |by: &str| Error::AddressTaken {
            field,
            address,
            by: by.to_owned(),
        };
        if address == self.settings.gateway() {
            return Err(taken_by("the network's gateway"));
        }
        if self.settings.reserved.contains(&address) {
            return Err(taken_by("a reservation of the network"));
        }
        if self.taken.contains(&address) {
            return Err(Error::AddressResting { field, address });
        }
        Ok(address)
    }

    fn free_address(&self) -> Result<IpAddr> {
        let range = self.settings.range.unwrap_or(self.settings.subnet);
        let (first, last) = (bits(range.network()), bits(range.last()));
        let start = if (first..=last).contains(&self.next) {
            self.next
        } else {
            first
        };
        let found = self.first_free(start, last);
        let found = found.or_else(|| self.first_free(first, start));
        found.ok_or_else(|| Error::AddressesExhausted {
            subnet: range.to_string(),
        })
    }

    /// Skips what is taken; the first and last addresses of the subnet are no hosts.
    fn first_free(&self, first: u128, last: u128) -> Option<IpAddr> {
        let family = self.settings.subnet.family();
        let limit = self.taken.len() as u128 + 2;
        (first..=last)
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|bits| family.address(bits))
            .find(|address| is_host(&self.settings, *address) && !self.taken.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(subnet: &str, range: Option<&str>, reserved: &[&str]) -> Pool {
        Pool::new(AddressPool {
            subnet: subnet.parse().unwrap(),
            gateway: None,
            range: range.map(|range| range.parse().unwrap()),
            reserved: reserved.iter().map(|it| it.parse().unwrap()).collect(),
        })
    }

    fn any(pool: &mut Pool) -> String {
        pool.acquire(None, "ipv4").unwrap().to_string()
    }

    fn refused(pool: &mut Pool, address: &str) -> String {
        let refused = pool.acquire(Some(address.parse().unwrap()), "ipv4");
        refused.unwrap_err().to_string()
    }

    #[test]
    fn addresses_follow_one_another_behind_the_gateway() {
        let mut pool = pool("10.9.0.0/29", None, &[]);
        assert_eq!([any(&mut pool), any(&mut pool)], ["10.9.0.2", "10.9.0.3"]);
    }

    #[test]
    fn a_released_address_comes_back_last() {
        let mut pool = pool("10.9.0.0/29", None, &[]);
        for _ in 0..3 {
            any(&mut pool);
        }
        pool.free("10.9.0.2".parse().unwrap());
        assert_eq!(any(&mut pool), "10.9.0.5");
        assert_eq!(any(&mut pool), "10.9.0.6");
        assert_eq!(any(&mut pool), "10.9.0.2");
        assert!(matches!(
            pool.acquire(None, "ipv4"),
            Err(Error::AddressesExhausted { .. })
        ));
    }

    #[test]
    fn the_place_in_the_order_is_restored() {
        let mut pool = pool("10.9.0.0/29", None, &[]);
        pool.restore("10.9.0.4".parse().unwrap());
        assert_eq!(any(&mut pool), "10.9.0.5");
    }

    #[test]
    fn members_come_from_the_range_and_reserved_ones_are_left() {
        let mut pool = pool("10.9.0.0/16", Some("10.9.4.0/30"), &["10.9.4.1"]);
        let given = [any(&mut pool), any(&mut pool), any(&mut pool)];
        assert_eq!(given, ["10.9.4.0", "10.9.4.2", "10.9.4.3"]);
        assert!(pool.acquire(None, "ipv4").is_err());
        assert_eq!(
            pool.acquire(Some("10.9.7.7".parse().unwrap()), "ipv4")
                .unwrap()
                .to_string(),
            "10.9.7.7"
        );
    }

    #[test]
    fn a_wanted_address_is_checked_and_the_field_named() {
        let mut pool = pool("10.9.0.0/24", None, &["10.9.0.9"]);
        any(&mut pool);
        for (address, reason) in [
            ("10.8.0.2", "outside"),
            ("fd00::2", "outside"),
            ("10.9.0.255", "last address"),
            ("10.9.0.1", "gateway"),
            ("10.9.0.9", "reservation"),
            ("10.9.0.2", "has just been released"),
        ] {
            let text = refused(&mut pool, address);
            assert!(
                text.starts_with("ipv4: ") && text.contains(reason),
                "{text}"
            );
        }
    }

    #[test]
    fn a_subnet_of_any_size_is_searched_at_once() {
        let mut pool = pool("fd00:1::/64", None, &[]);
        assert_eq!([any(&mut pool), any(&mut pool)], ["fd00:1::2", "fd00:1::3"]);
    }
}
