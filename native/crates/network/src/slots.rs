use std::collections::BTreeSet;

use crate::{Error, Result};

/// The numbers of the instance's ports. A number comes back into use as late as possible: its link may be about to go.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    taken: BTreeSet<u16>,
    /// Of links that stand ready, in no lease.
    ready: BTreeSet<u16>,
    next: u16,
}

impl Slots {
    pub(crate) fn acquire(&mut self) -> Result<u16> {
        let order = (self.next..=u16::MAX).chain(0..self.next);
        let free = order.into_iter().find(|slot| !self.taken.contains(slot));
        let slot = free.ok_or(Error::LinksExhausted)?;
        self.taken.insert(slot);
        self.next = slot.wrapping_add(1);
        Ok(slot)
    }

    /// Keeps a number from being given away until `free`.
    pub(crate) fn hold(&mut self, slot: u16) {
        self.taken.insert(slot);
    }

    /// Notes a number that was given away before this agent began.
    pub(crate) fn restore(&mut self, slot: u16) {
        self.hold(slot);
        self.next = self.next.max(slot.wrapping_add(1));
    }

    /// Of a link that is made ahead.
    pub(crate) fn acquire_ready(&mut self) -> Result<u16> {
        let slot = self.acquire()?;
        self.ready.insert(slot);
        Ok(slot)
    }

    pub(crate) fn is_ready(&self, slot: u16) -> bool {
        self.ready.contains(&slot)
    }

    /// The number of a link made ahead comes into a lease, or out of use.
    pub(crate) fn take_ready(&mut self, slot: u16) -> u16 {
        self.ready.remove(&slot);
        self.hold(slot);
        slot
    }

    pub(crate) fn free(&mut self, slot: u16) {
        self.taken.remove(&slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freed_number_comes_back_last() {
        let mut slots = Slots::default();
        slots.restore(u16::MAX - 2);
        let last = [slots.acquire().unwrap(), slots.acquire().unwrap()];
        assert_eq!(last, [u16::MAX - 1, u16::MAX]);
        slots.hold(0);
        assert_eq!(slots.acquire().unwrap(), 1);
        slots.free(0);
        assert_eq!(slots.acquire().unwrap(), 2);
    }
}
