//! Lines of /proc/<pid>/stat, status and cmdline (proc_pid_stat(5), proc_pid_status(5)).

use rustix::time::{ClockId, clock_gettime};

use super::ProcessInfo;

/// How the ticks of /proc become times.
pub(super) struct Clock {
    boot_unix_ns: i64,
    ns_per_tick: u64,
    page_bytes: u64,
}

impl Clock {
    pub(super) fn now() -> Self {
        let boot = clock_gettime(ClockId::Boottime);
        let since_boot = boot.tv_sec * 1_000_000_000 + boot.tv_nsec;
        Clock {
            boot_unix_ns: longshore_runtime::clock::now_unix_ns() - since_boot,
            ns_per_tick: 1_000_000_000 / rustix::param::clock_ticks_per_second().max(1),
            page_bytes: rustix::param::page_size() as u64,
        }
    }
}

/// `None` when the line has another shape.
pub(super) fn stat(pid: i32, line: &str, clock: &Clock) -> Option<ProcessInfo> {
    // The name may hold spaces and parentheses; what follows the last one is plain.
    let (begin, rest) = line.rsplit_once(')')?;
    let (_, name) = begin.split_once('(')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    // The first of them is field 3.
    let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    let ticks = |field| number(field).map(|ticks| ticks.saturating_mul(clock.ns_per_tick));
    let since_boot = i64::try_from(ticks(22)?).ok()?;
    Some(ProcessInfo {
        pid,
        state: (*fields.first()?).to_owned(),
        parent_pid: i32::try_from(number(4)?).ok()?,
        tty: tty(fields.get(4)?.parse().unwrap_or(0)),
        cpu_ns: ticks(14)?.saturating_add(ticks(15)?),
        threads: u32::try_from(number(20)?).ok()?,
        started_at_unix_ns: clock.boot_unix_ns.saturating_add(since_boot),
        virtual_bytes: number(23)?,
        resident_bytes: number(24)?.saturating_mul(clock.page_bytes),
        name: name.to_owned(),
        ..ProcessInfo::default()
    })
}

pub(super) fn status(text: &str, process: &mut ProcessInfo) {
    for line in text.lines() {
        let Some((key, values)) = line.split_once(':') else {
            continue;
        };
        let mut values = values.split_ascii_whitespace();
        match key {
            // Real, effective, saved, file system.
            "Uid" => process.uid = values.nth(1).and_then(|it| it.parse().ok()).unwrap_or(0),
            "Gid" => process.gid = values.nth(1).and_then(|it| it.parse().ok()).unwrap_or(0),
            // From the outermost namespace in.
            "NSpid" => {
                process.pid_inside = values.last().and_then(|it| it.parse().ok()).unwrap_or(0);
            }
            _ => {}
        }
    }
}

/// Each ends with a NUL; a program that has written over them may have left any text.
pub(super) fn arguments(bytes: &[u8]) -> Vec<String> {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    if bytes.is_empty() {
        return Vec::new();
    }
    let arguments = bytes.split(|byte| *byte == 0);
    arguments
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .collect()
}

/// The kernel's numbers of terminals (Documentation/admin-guide/devices.txt), packed as proc_pid_stat(5) says.
fn tty(device: i64) -> String {
    let (major, minor) = (
        (device >> 8) & 0xfff,
        (device & 0xff) | ((device >> 12) & 0xfff00),
    );
    match major {
        0 => String::new(),
        4 if minor < 64 => format!("tty{minor}"),
        4 => format!("ttyS{}", minor - 64),
        136..=143 => format!("pts/{}", (major - 136) * 256 + minor),
        _ => format!("{major}:{minor}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCK: Clock = Clock {
        boot_unix_ns: 1_000_000_000_000,
        ns_per_tick: 10_000_000,
        page_bytes: 4096,
    };

    #[test]
    fn a_name_may_hold_anything() {
        let line =
            "77 (a) b (c) S 5 77 77 34816 77 4194304 1 2 3 4 15 25 0 0 20 0 3 0 200 8192 10 1 2\n";
        let process = stat(77, line, &CLOCK).unwrap();
        assert_eq!(process.name, "a) b (c");
        assert_eq!((process.state.as_str(), process.parent_pid), ("S", 5));
        assert_eq!((process.cpu_ns, process.threads), (400_000_000, 3));
        assert_eq!(process.started_at_unix_ns, 1_002_000_000_000);
        assert_eq!(
            (process.virtual_bytes, process.resident_bytes),
            (8192, 40960)
        );
        assert_eq!(process.tty, "pts/0");
        assert!(stat(1, "1 (x) S 1", &CLOCK).is_none());
    }

    #[test]
    fn effective_ids_and_the_innermost_pid_count() {
        let mut process = ProcessInfo::default();
        status(
            "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nNSpid:\t77\t1\n",
            &mut process,
        );
        assert_eq!((process.uid, process.gid, process.pid_inside), (2, 6, 1));
    }

    #[test]
    fn terminals_have_their_names() {
        assert_eq!(tty(0), "");
        assert_eq!(tty((136 << 8) | 3), "pts/3");
        assert_eq!(tty((137 << 8) | 3), "pts/259");
        assert_eq!(tty((4 << 8) | 1), "tty1");
        assert_eq!(tty((4 << 8) | 64), "ttyS0");
    }

    #[test]
    fn arguments_keep_their_borders() {
        assert_eq!(arguments(b"sh\0-c\0a b\0"), ["sh", "-c", "a b"]);
        assert_eq!(arguments(b"a\0\0b\0"), ["a", "", "b"]);
        assert!(arguments(b"").is_empty());
    }
}
