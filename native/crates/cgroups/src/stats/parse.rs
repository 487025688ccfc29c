//! The kernel's counters, as their files spell them.

use std::collections::BTreeMap;

use super::{BlockDeviceUsage, CpuUsage};
use crate::v2::flat_key;

/// USER_HZ: fixed by the kernel's interface on every architecture that we build for.
const TICK_NS: u64 = 10_000_000;

/// `cpu.stat` of the unified hierarchy, in microseconds.
pub(super) fn cpu_v2(stat: &str, usage: &mut CpuUsage) {
    let nanoseconds = |key| flat_key(stat, key).saturating_mul(1000);
    usage.usage_ns = nanoseconds("usage_usec");
    usage.user_ns = nanoseconds("user_usec");
    usage.system_ns = nanoseconds("system_usec");
    usage.periods = flat_key(stat, "nr_periods");
    usage.throttled_periods = flat_key(stat, "nr_throttled");
    usage.throttled_ns = nanoseconds("throttled_usec");
}

/// `cpu.stat` of v1, in nanoseconds.
pub(super) fn throttling_v1(stat: &str, usage: &mut CpuUsage) {
    usage.periods = flat_key(stat, "nr_periods");
    usage.throttled_periods = flat_key(stat, "nr_throttled");
    usage.throttled_ns = flat_key(stat, "throttled_time");
}

/// `cpuacct.usage` in nanoseconds, `cpuacct.stat` in ticks.
pub(super) fn cpu_v1(total: &str, stat: &str, usage: &mut CpuUsage) {
    usage.usage_ns = total.trim().parse().unwrap_or(0);
    usage.user_ns = flat_key(stat, "user").saturating_mul(TICK_NS);
    usage.system_ns = flat_key(stat, "system").saturating_mul(TICK_NS);
}

pub(super) fn numbers(text: &str) -> Vec<u64> {
    let words = text.split_whitespace();
    words.filter_map(|word| word.parse().ok()).collect()
}

/// Lines of "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6".
pub(super) fn block_v2(stat: &str) -> Vec<BlockDeviceUsage> {
    stat.lines().filter_map(block_line_v2).collect()
}

fn block_line_v2(line: &str) -> Option<BlockDeviceUsage> {
    let (device, counters) = line.split_once(' ')?;
    let (major, minor) = device_number(device)?;
    let mut usage = BlockDeviceUsage {
        major,
        minor,
        ..BlockDeviceUsage::default()
    };
    for (key, value) in counters
        .split(' ')
        .filter_map(|counter| counter.split_once('='))
    {
        let value = value.parse().unwrap_or(0);
        match key {
            "rbytes" => usage.read_bytes = value,
            "wbytes" => usage.write_bytes = value,
            "rios" => usage.read_operations = value,
            "wios" => usage.write_operations = value,
            _ => {}
        }
    }
    Some(usage)
}

/// Lines of "8:0 Read 4096" in both files, and a "Total" of all.
pub(super) fn block_v1(bytes: &str, operations: &str) -> Vec<BlockDeviceUsage> {
    let mut devices = BTreeMap::new();
    let mut take = |text: &str, is_bytes: bool| {
        for line in text.lines() {
            let mut words = line.split(' ');
            let (Some(device), Some(what), Some(value)) =
                (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let Some((major, minor)) = device_number(device) else {
                continue;
            };
            let value = value.parse().unwrap_or(0);
            let usage: &mut BlockDeviceUsage = devices.entry((major, minor)).or_default();
            (usage.major, usage.minor) = (major, minor);
            match (what, is_bytes) {
                ("Read", true) => usage.read_bytes = value,
                ("Write", true) => usage.write_bytes = value,
                ("Read", false) => usage.read_operations = value,
                ("Write", false) => usage.write_operations = value,
                _ => {}
            }
        }
    };
    take(bytes, true);
    take(operations, false);
    devices.into_values().collect()
}

fn device_number(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_become_nanoseconds() {
        let mut usage = CpuUsage::default();
        let stat = "usage_usec 7\nuser_usec 4\nsystem_usec 3\nnr_periods 2\nnr_throttled 1\nthrottled_usec 5\n";
        cpu_v2(stat, &mut usage);
        assert_eq!(
            (usage.usage_ns, usage.user_ns, usage.system_ns),
            (7000, 4000, 3000)
        );
        assert_eq!(
            (usage.periods, usage.throttled_periods, usage.throttled_ns),
            (2, 1, 5000)
        );
    }

    #[test]
    fn v1_counts_in_nanoseconds_and_ticks() {
        let mut usage = CpuUsage::default();
        cpu_v1("123\n", "user 2\nsystem 3\n", &mut usage);
        throttling_v1(
            "nr_periods 9\nnr_throttled 8\nthrottled_time 77\n",
            &mut usage,
        );
        assert_eq!(
            (usage.usage_ns, usage.user_ns, usage.system_ns),
            (123, 20_000_000, 30_000_000)
        );
        assert_eq!(
            (usage.periods, usage.throttled_periods, usage.throttled_ns),
            (9, 8, 77)
        );
        assert_eq!(numbers("1 22 \n"), [1, 22]);
    }

    #[test]
    fn both_versions_tell_the_same_disk_traffic() {
        let expected = BlockDeviceUsage {
            major: 259,
            minor: 1,
            read_bytes: 4096,
            write_bytes: 8192,
            read_operations: 1,
            write_operations: 2,
        };
        let v2 = "259:1 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=9 dios=9\nbad\n7:0 \n";
        assert_eq!(block_v2(v2)[0], expected);
        let bytes = "259:1 Read 4096\n259:1 Write 8192\n259:1 Total 12288\nTotal 12288\n";
        let operations = "259:1 Read 1\n259:1 Write 2\nTotal 3\n";
        assert_eq!(block_v1(bytes, operations), [expected]);
    }
}
