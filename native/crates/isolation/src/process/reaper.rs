//! A minimal init: forwards signals to the command, reaps orphans, and ends with the command's exit code.

use longshore_sys::signals::{self, SignalSet};
use longshore_sys::{clone, descriptors};
use rustix::process::{Pid, Signal, WaitOptions};
use rustix::stdio::stdin;

use crate::error::{Step, StepError};

/// Forks. The child comes back from here and executes the command; the parent stays as PID 1 and never comes back.
///
/// Both have given up their rights and are under the same filter by now.
pub(super) fn stay_behind() -> Result<(), StepError> {
    // Before the fork, so that no signal can come between it and the wait: PID 1 drops signals that it neither
    // handles nor blocks.
    SignalSet::all().block_exactly().step("signals", "")?;
    if rustix::process::getpid() != Pid::INIT {
        // In somebody else's namespace of processes: its orphans still come here.
        rustix::process::set_child_subreaper(Some(rustix::process::getpid())).step("prctl", "")?;
    }
    // SAFETY: a child of a single-threaded process has one thread.
    match unsafe { clone::fork() }.step("fork", "")? {
        Some(command) => reap(command),
        None => become_foreground(),
    }
}

/// The command leads a process group, the terminal's foreground one if there is a terminal.
fn become_foreground() -> Result<(), StepError> {
    rustix::process::setpgid(None, None).step("setpgid", "")?;
    if rustix::termios::isatty(stdin()) {
        // Still blocked: taking the terminal from the background would otherwise stop this process.
        let own = rustix::process::getpid();
        rustix::termios::tcsetpgrp(stdin(), own).step("tcsetpgrp", "")?;
    }
    signals::reset().step("signals", "")
}

fn reap(command: Pid) -> ! {
    // Not even the streams: who reads them must see their end when the command closes them.
    // SAFETY: nothing below uses or drops a descriptor.
    let _ = unsafe { descriptors::close_all_except(0, &[]) };
    // The name in process lists; without it this looks like another agent.
    let _ = rustix::thread::set_name(c"init");
    loop {
        match SignalSet::all().wait() {
            Ok(libc::SIGCHLD) => reap_all(command),
            Ok(signal) => forward(command, signal),
            Err(_) => super::exit(crate::error::EXIT_SETUP_FAILED),
        }
    }
}

/// One SIGCHLD can stand for several children.
fn reap_all(command: Pid) {
    while let Ok(Some((pid, status))) = rustix::process::wait(WaitOptions::NOHANG) {
        if pid != command {
            continue;
        }
        if let Some(code) = status.exit_status() {
            super::exit(code);
        }
        if let Some(signal) = status.terminating_signal() {
            super::exit(128 + signal);
        }
    }
}

fn forward(command: Pid, signal: i32) {
    // SAFETY: the number comes from the kernel; libc's reserved signals are passed on like any other.
    let signal = unsafe { Signal::from_raw_unchecked(signal) };
    // A command that has changed its user, or has just ended, cannot be signalled; nobody is there to be told.
    let _ = rustix::process::kill_process(command, signal);
}
