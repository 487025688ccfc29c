//! Processes, as /proc shows them (proc_pid_stat(5)).

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use super::{about, spoken_duration};

pub(super) fn ps(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    let mut pids: Vec<u32> = fs::read_dir("/proc")
        .map_err(about("/proc"))?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    pids.sort_unstable();
    writeln!(out, "  PID   UID S COMMAND")?;
    for pid in pids {
        // One that has ended meanwhile is not shown.
        if let Some((uid, state, command)) = process(pid) {
            writeln!(out, "{pid:>5} {uid:>5} {state} {command}")?;
        }
    }
    Ok(0)
}

fn process(pid: u32) -> Option<(u32, char, String)> {
    let folder = format!("/proc/{pid}");
    let uid = fs::metadata(&folder).ok()?.uid();
    let stat = fs::read(format!("{folder}/stat")).ok()?;
    let stat = Stat::parse(&String::from_utf8_lossy(&stat))?;
    let arguments = fs::read(format!("{folder}/cmdline")).ok()?;
    let command = match arguments.is_empty() {
        true => format!("[{}]", stat.name),
        false => String::from_utf8_lossy(&arguments)
            .trim_end_matches('\0')
            .replace('\0', " "),
    };
    let command = command
        .chars()
        .map(|letter| if letter.is_control() { '?' } else { letter });
    Some((uid, stat.state, command.collect()))
}

struct Stat {
    name: String,
    state: char,
    /// Clock ticks after boot.
    started: u64,
}

impl Stat {
    /// The name may hold anything, parentheses too: it ends at the last one.
    fn parse(text: &str) -> Option<Self> {
        let (before, after) = text.rsplit_once(") ")?;
        let name = before.split_once('(')?.1.to_owned();
        let mut fields = after.split(' ');
        let state = fields.next()?.chars().next()?;
        // Fields are counted from 1; the state is the third, the start the twenty-second.
        let started = fields.nth(18)?.parse().ok()?;
        Some(Self {
            name,
            state,
            started,
        })
    }
}

/// Since process 1, the container's own, has started.
pub(super) fn uptime(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    let read = |path: &str| fs::read_to_string(path).map_err(about(path));
    let first = Stat::parse(&read("/proc/1/stat")?);
    let since_boot: Option<f64> = read("/proc/uptime")?
        .split(' ')
        .next()
        .and_then(|number| number.parse().ok());
    let load = read("/proc/loadavg")?;
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    let up = match (first, since_boot) {
        (Some(first), Some(since_boot)) => f64::max(0.0, since_boot - first.started as f64 / ticks),
        _ => return Err(io::Error::other("/proc is not readable")),
    };
    let up = Duration::try_from_secs_f64(up).unwrap_or_default();
    writeln!(out, "up {}, load {}", spoken_duration(up), load.join(" "))?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_may_have_any_name() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 777 20";
        let stat = Stat::parse(&format!("42 (a) b (c) {rest}")).unwrap();
        assert_eq!(
            (stat.name.as_str(), stat.state, stat.started),
            ("a) b (c", 'S', 777)
        );
        assert!(Stat::parse("42 (a) S 1").is_none());
    }

    #[test]
    fn lists_this_process() {
        let mut out = Vec::new();
        ps(&[], &mut out).unwrap();
        let pid = format!("{:>5} ", std::process::id());
        assert!(
            String::from_utf8(out)
                .unwrap()
                .lines()
                .any(|line| line.starts_with(&pid))
        );
    }
}
