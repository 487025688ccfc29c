use std::io;

use rustix::rand::{GetRandomFlags, getrandom};

/// From the kernel: nobody who sees some of them can tell the next.
pub(crate) fn random<const SIZE: usize>() -> io::Result<[u8; SIZE]> {
    let mut bytes = [0; SIZE];
    let mut filled = 0;
    while filled < SIZE {
        match getrandom(&mut bytes[filled..], GetRandomFlags::empty()) {
            Ok(length) => filled += length,
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(bytes)
}

/// Any order is as likely as any other, but for the generator's bounds; without random numbers the order stays.
pub(crate) fn shuffle<T>(items: &mut [T]) {
    if items.len() < 2 {
        return;
    }
    let Ok(seed) = random() else {
        return;
    };
    let mut state = u64::from_ne_bytes(seed);
    for last in (1..items.len()).rev() {
        items.swap(last, (split_mix(&mut state) % (last as u64 + 1)) as usize);
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_comes_first_at_times_and_none_is_lost() {
        let mut firsts = [0; 3];
        for _ in 0..300 {
            let mut items = [0, 1, 2];
            shuffle(&mut items);
            firsts[items[0]] += 1;
            items.sort_unstable();
            assert_eq!(items, [0, 1, 2]);
        }
        assert!(firsts.iter().all(|count| *count > 0), "{firsts:?}");
    }
}
