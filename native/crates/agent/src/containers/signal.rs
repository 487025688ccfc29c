use longshore_runtime::link::{TerminalSize, ToSupervisor};
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_sys::pidfd;

use super::Containers;
use super::exec::unknown_exec;
use crate::failure;

/// SIGRTMAX of the kernel.
const LAST_SIGNAL: i32 = 64;

impl Containers {
    /// To the container's init.
    pub(crate) fn signal(&self, id: &Id, signal: i32) -> Result<(), Failure> {
        check(signal)?;
        let running = self.get(id)?.running()?;
        match pidfd::send_signal(&running.init, signal) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::SRCH) => Err(failure::not_running(id)),
            Err(errno) => Err(Failure::io("signal", id, &errno.into())),
        }
    }

    /// To one of its execs.
    pub(crate) fn signal_exec(&self, id: &Id, exec_id: &Id, signal: i32) -> Result<(), Failure> {
        check(signal)?;
        let process = self.execs.process(id, exec_id)?;
        match pidfd::send_signal(&process, signal) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::SRCH) => Err(unknown_exec(exec_id)),
            Err(errno) => Err(Failure::io("signal", exec_id, &errno.into())),
        }
    }

    /// The terminal of the container's init.
    pub(crate) async fn resize(&self, id: &Id, size: TerminalSize) -> Result<(), Failure> {
        let running = self.get(id)?.running()?;
        let sent = running.link.send_message(&ToSupervisor::Resize(size)).await;
        sent.map_err(|_| failure::not_running(id))
    }

    /// The terminal of one of its execs.
    pub(crate) fn resize_exec(
        &self,
        id: &Id,
        exec_id: &Id,
        size: TerminalSize,
    ) -> Result<(), Failure> {
        let terminal = self.execs.terminal(id, exec_id)?;
        longshore_runtime::supervisor::set_terminal_size(&terminal, size).map_err(|errno| {
            let message = format!("the terminal cannot be resized: {errno}");
            Failure::new(FailureClass::FailedPrecondition, "resize", message)
        })
    }
}

fn check(signal: i32) -> Result<(), Failure> {
    if (1..=LAST_SIGNAL).contains(&signal) {
        return Ok(());
    }
    let message = format!("there is no signal {signal}");
    Err(failure::invalid("signal", message))
}
