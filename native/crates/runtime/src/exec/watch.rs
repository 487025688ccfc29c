use std::os::fd::{AsFd, OwnedFd};

use longshore_sys::pidfd::{self, Exit};
use rustix::event::{PollFd, PollFlags, poll};

use crate::clock::now_unix_ns;
use crate::id::Id;
use crate::link::{self, FromSupervisor, ToSupervisor};
use crate::store::{ContainerDirectory, ExecRecord, ExitRecord};
use crate::wire;

/// One running exec, watched until its exit is known to an agent or on record.
pub(super) struct Watch {
    pub(super) directory: ContainerDirectory,
    pub(super) exec_id: Id,
    pub(super) record: ExecRecord,
    pub(super) process: OwnedFd,
    /// To the agent; `None` once it is gone.
    pub(super) link: Option<OwnedFd>,
    /// Reading ends of the process's output, non-blocking or a pty's master.
    pub(super) outputs: Vec<OwnedFd>,
    /// Nobody else reads the outputs.
    pub(super) abandoned: bool,
}

impl Watch {
    pub(super) fn run(mut self) {
        let exit = loop {
            match self.wait() {
                Some(exit) => break exit,
                None if self.abandoned => self.discard_output(),
                None => {}
            }
        };
        self.finish(exit);
    }

    /// Blocks until something happens; the exit, if it was that.
    fn wait(&mut self) -> Option<Exit> {
        let mut polled = vec![PollFd::new(&self.process, PollFlags::IN)];
        polled.extend(
            self.link
                .iter()
                .map(|link| PollFd::new(link, PollFlags::IN)),
        );
        if self.abandoned {
            polled.extend(self.outputs.iter().map(|it| PollFd::new(it, PollFlags::IN)));
        }
        // EINTR: nothing is ready, the loop asks again.
        poll(&mut polled, None).ok()?;
        let link_ready = self.link.is_some() && !polled.get(1)?.revents().is_empty();
        let exited = !polled.first()?.revents().is_empty();
        drop(polled);
        if link_ready {
            self.hear_agent();
        }
        exited
            .then(|| pidfd::try_wait(&self.process).ok().flatten())
            .flatten()
    }

    fn hear_agent(&mut self) -> Option<ToSupervisor> {
        let packet = self
            .link
            .as_ref()
            .and_then(|link| wire::receive(link).ok().flatten());
        let Some(packet) = packet else {
            self.link = None;
            self.abandoned = true;
            return None;
        };
        let message = link::message(&packet).ok()?;
        self.abandoned |= matches!(message, ToSupervisor::Abandon);
        Some(message)
    }

    fn discard_output(&mut self) {
        let mut buffer = [0u8; 4096];
        self.outputs
            .retain(|output| match rustix::io::read(output, &mut buffer) {
                Ok(0) => false,
                Ok(_) | Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => true,
                Err(_) => false,
            });
    }

    fn finish(mut self, exit: Exit) {
        let signal = match exit {
            Exit::Code(_) => 0,
            Exit::Signal { signal, .. } => signal,
        };
        let code = exit.shell_code();
        let exited = FromSupervisor::Exited(ExitRecord {
            code,
            signal,
            at_unix_ns: now_unix_ns(),
            ..ExitRecord::default()
        });
        let told = self
            .link
            .as_ref()
            .is_some_and(|link| link::send(link.as_fd(), &exited, &[]).is_ok());
        while told && self.link.is_some() {
            if let Some(ToSupervisor::Acknowledged) = self.hear_agent() {
                // A record that cannot be removed now goes with the container.
                let _ = self.directory.remove_exec(&self.exec_id);
                return;
            }
        }
        self.record.exited = Some((code, signal));
        // With a full disk or a deleted container nobody will ask.
        let _ = self.directory.write_exec(&self.exec_id, &self.record);
    }
}
