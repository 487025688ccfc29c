//! What and where this is.

use std::io::{self, Write};
use std::time::Duration;

use super::usage;

pub(crate) fn host_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// "3 minutes", in the largest unit that fits.
pub(crate) fn spoken_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

pub(super) fn echo(arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    match arguments.split_first() {
        Some((first, rest)) if first == "-n" => write!(out, "{}", rest.join(" "))?,
        _ => writeln!(out, "{}", arguments.join(" "))?,
    }
    Ok(0)
}

pub(super) fn env(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    for (name, value) in std::env::vars_os() {
        writeln!(out, "{}={}", name.display(), value.display())?;
    }
    Ok(0)
}

pub(super) fn hostname(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    writeln!(out, "{}", host_name())?;
    Ok(0)
}

pub(super) fn pwd(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    writeln!(out, "{}", std::env::current_dir()?.display())?;
    Ok(0)
}

pub(super) fn id(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    let (uid, gid) = (rustix::process::geteuid(), rustix::process::getegid());
    let groups = rustix::process::getgroups()?;
    let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
    write!(out, "uid={uid} gid={gid}")?;
    if !groups.is_empty() {
        write!(out, " groups={}", groups.join(","))?;
    }
    writeln!(out)?;
    Ok(0)
}

pub(super) fn sleep(arguments: &[String], _out: &mut dyn Write) -> io::Result<u8> {
    crate::stay::sleep(arguments).map_err(|message| usage(&format!("sleep SECONDS ({message})")))
}

pub(super) fn succeeds(_arguments: &[String], _out: &mut dyn Write) -> io::Result<u8> {
    Ok(0)
}

pub(super) fn fails(_arguments: &[String], _out: &mut dyn Write) -> io::Result<u8> {
    Ok(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_durations_in_their_largest_unit() {
        let spoken = |seconds| spoken_duration(Duration::from_secs(seconds));
        assert_eq!(spoken(0), "0 seconds");
        assert_eq!(spoken(1), "1 second");
        assert_eq!(spoken(119), "1 minute");
        assert_eq!(spoken(7200), "2 hours");
        assert_eq!(spoken(86_400 * 3), "3 days");
    }
}
