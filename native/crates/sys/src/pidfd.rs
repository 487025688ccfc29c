//! Processes by descriptor: no pid is ever confused with its successor.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::process::{Pid, PidfdFlags, WaitId, WaitIdOptions, WaitIdStatus};

use crate::{Errno, Result, check};

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Code(i32),
    Signal { signal: i32, core_dumped: bool },
}

impl Exit {
    /// What a shell's `$?` shows: 128 + signal for a killed process.
    #[must_use]
    pub fn shell_code(self) -> i32 {
        match self {
            Exit::Code(code) => code,
            Exit::Signal { signal, .. } => 128 + signal,
        }
    }
}

/// # Errors
/// ESRCH when there is no such process.
pub fn open(pid: Pid) -> Result<OwnedFd> {
    rustix::process::pidfd_open(pid, PidfdFlags::empty())
}

/// Sends any signal, the real-time ones included; signal 0 only asks whether the process is there.
pub fn send_signal(process: impl AsFd, signal: i32) -> Result<()> {
    // SAFETY: a null siginfo asks the kernel for the one that kill(2) would make.
    check(unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            process.as_fd().as_raw_fd(),
            signal,
            std::ptr::null::<libc::siginfo_t>(),
            0,
        )
    })
    .map(drop)
}

/// Blocks until the child has exited, and reaps it.
pub fn wait(child: impl AsFd) -> Result<Exit> {
    let options = WaitIdOptions::EXITED;
    let status = rustix::io::retry_on_intr(|| {
        rustix::process::waitid(WaitId::PidFd(child.as_fd()), options)
    })?;
    status.as_ref().and_then(exit_of).ok_or(Errno::CHILD)
}

/// Reaps the child if it has exited; None while it runs.
pub fn try_wait(child: impl AsFd) -> Result<Option<Exit>> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    let status = rustix::process::waitid(WaitId::PidFd(child.as_fd()), options)?;
    Ok(status.as_ref().and_then(exit_of))
}

fn exit_of(status: &WaitIdStatus) -> Option<Exit> {
    if let Some(code) = status.exit_status() {
        return Some(Exit::Code(code));
    }
    let signal = status.terminating_signal()?;
    Some(Exit::Signal {
        signal,
        core_dumped: status.dumped(),
    })
}
