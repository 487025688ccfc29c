use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use rustix::process::{Pid, PidfdFlags, pidfd_open};
use serde::{Deserialize, Serialize};

/// A process that can be recognised later: a pid alone may have been given to another one since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessIdentity {
    pub pid: i32,
    /// Clock ticks since boot, field 22 of /proc/PID/stat (proc_pid_stat(5)).
    pub start_ticks: u64,
}

impl ProcessIdentity {
    pub fn of(pid: i32) -> io::Result<Self> {
        Ok(ProcessIdentity {
            pid,
            start_ticks: start_ticks(pid)?,
        })
    }

    /// A pidfd of this very process, `None` when it is gone. The descriptor is opened before the start time
    /// is compared, so the pid cannot change hands in between.
    pub fn open(&self) -> io::Result<Option<OwnedFd>> {
        let Some(pid) = Pid::from_raw(self.pid) else {
            return Ok(None);
        };
        let pidfd = match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(pidfd) => pidfd,
            Err(rustix::io::Errno::SRCH) => return Ok(None),
            Err(errno) => return Err(errno.into()),
        };
        match start_ticks(self.pid) {
            Ok(ticks) if ticks == self.start_ticks => Ok(Some(pidfd)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn start_ticks(pid: i32) -> io::Result<u64> {
    // The whole line comes with one read; up to field 22 it has less than 400 bytes.
    let mut buffer = [0; 1024];
    let length = File::open(format!("/proc/{pid}/stat"))?.read(&mut buffer)?;
    let stat = String::from_utf8_lossy(&buffer[..length]);
    // The command in parentheses may hold spaces and parentheses; what follows the last one is plain.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    // Field 3 is the first after the command.
    let ticks = fields.split_ascii_whitespace().nth(22 - 3);
    ticks
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "unreadable /proc stat"))
}

/// Identifies this boot: a record of an earlier one speaks of processes that are gone.
pub fn boot_id() -> io::Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/random/boot_id")?
        .trim_end()
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own_pid() -> i32 {
        i32::try_from(std::process::id()).unwrap()
    }

    #[test]
    fn recognises_itself() {
        assert!(
            ProcessIdentity::of(own_pid())
                .unwrap()
                .open()
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn another_process_with_the_same_pid_is_not_taken_for_it() {
        let mut identity = ProcessIdentity::of(own_pid()).unwrap();
        identity.start_ticks += 1;
        assert!(identity.open().unwrap().is_none());
    }

    #[test]
    fn a_process_that_ended_is_gone() {
        let mut child = std::process::Command::new("/bin/true").spawn().unwrap();
        let identity = ProcessIdentity::of(i32::try_from(child.id()).unwrap()).unwrap();
        child.wait().unwrap();
        assert!(identity.open().unwrap().is_none());
    }
}
