//! The talk between a container's (or exec's) first process and its parent, until exec.
//!
//! The child reports by packets: any number of warnings, at most one terminal, at most one failure. The end of the
//! socket without a failure means that exec has succeeded: its end is close-on-exec. The child waits for one "go",
//! which the parent gives once cgroups and network are ready; the parent going away ends the child.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_sys::fd_passing::{recv_with_fds, send_with_fds, seqpacket_pair};
use longshore_sys::{Errno, Result};
use rustix::process::Pid;
use serde::{Deserialize, Serialize};

use crate::error::{ErrorClass, StepError};
use crate::rootfs::{HostTrees, Slot};

/// Larger than any report: three texts, each of whose bytes JSON may write as six.
const MAX_PACKET: usize = 64 * 1024;
const MAX_TEXT: usize = 2 * 1024;

/// The parent's end. Poll its descriptor to wait for the next report.
#[derive(Debug)]
pub struct ParentSync {
    socket: OwnedFd,
}

/// The child's end.
#[derive(Debug)]
pub struct ChildSync {
    socket: OwnedFd,
}

/// What the child has to say.
#[derive(Debug)]
pub enum Report {
    /// The master of the container's terminal.
    Terminal(OwnedFd),
    /// A default that this host could not give.
    Warning(String),
    /// The last report: the child exits with the error's exit code.
    Failed(StepError),
    /// The last report: exec has succeeded. (A child that was killed before also ends so; its pidfd tells.)
    Executed,
}

#[derive(Debug, Serialize, Deserialize)]
enum Packet {
    Terminal,
    Warning(String),
    Failed(StepError),
    /// The process inside the container exists; its pidfd comes along.
    Born {
        pid: i32,
    },
}

/// What a child with mapped users is given before "go".
#[derive(Debug, Serialize, Deserialize)]
enum Gift {
    Tree(Slot),
    End,
}

/// Two connected ends, both close-on-exec. After the clone each side drops the other's.
pub fn pair() -> Result<(ParentSync, ChildSync)> {
    let (parent, child) = seqpacket_pair()?;
    Ok((ParentSync { socket: parent }, ChildSync { socket: child }))
}

impl ParentSync {
    /// Lets the child finish: its cgroups and its network are as they shall be.
    ///
    /// # Errors
    /// EPIPE when the child is gone; the reports say why.
    pub fn go(&self) -> Result<()> {
        send_with_fds(&self.socket, b"g", &[]).map(drop)
    }

    /// Gives the child a detached mount.
    pub(crate) fn send_tree(
        &self,
        slot: Slot,
        tree: BorrowedFd<'_>,
    ) -> std::result::Result<(), StepError> {
        self.send_gift(&Gift::Tree(slot), &[tree])
    }

    /// There are no more.
    pub(crate) fn end_trees(&self) -> std::result::Result<(), StepError> {
        self.send_gift(&Gift::End, &[])
    }

    fn send_gift(
        &self,
        gift: &Gift,
        descriptors: &[BorrowedFd<'_>],
    ) -> std::result::Result<(), StepError> {
        let sent = serde_json::to_vec(gift).map_err(|_| Errno::INVAL);
        let sent = sent.and_then(|bytes| send_with_fds(&self.socket, &bytes, descriptors));
        match sent {
            // A child that is gone has left its reason in the reports.
            Ok(_) | Err(Errno::PIPE) => Ok(()),
            Err(errno) => Err(StepError::kernel("user", "", errno)),
        }
    }

    /// Blocks for the next report.
    ///
    /// # Errors
    /// The socket's; a packet that is none of ours is EBADMSG.
    pub fn receive(&self) -> Result<Report> {
        match self.next_packet()? {
            None => Ok(Report::Executed),
            Some((Packet::Terminal, Some(master))) => Ok(Report::Terminal(master)),
            Some((Packet::Warning(text), _)) => Ok(Report::Warning(text)),
            Some((Packet::Failed(error), _)) => Ok(Report::Failed(error)),
            Some((Packet::Terminal, None) | (Packet::Born { .. }, _)) => Err(Errno::BADMSG),
        }
    }

    /// The process that [`ChildSync::announce_birth`] tells of.
    pub(crate) fn wait_for_birth(&self) -> std::result::Result<(Pid, OwnedFd), StepError> {
        match self
            .next_packet()
            .map_err(|errno| StepError::kernel("exec", "", errno))?
        {
            Some((Packet::Born { pid }, Some(pidfd))) => match Pid::from_raw(pid) {
                Some(pid) => Ok((pid, pidfd)),
                None => Err(StepError::kernel("exec", "", Errno::BADMSG)),
            },
            Some((Packet::Failed(error), _)) => Err(error),
            _ => Err(StepError::kernel("exec", "", Errno::SRCH)
                .with_message("the process was killed on its way into the container")),
        }
    }

    /// None at the end.
    fn next_packet(&self) -> Result<Option<(Packet, Option<OwnedFd>)>> {
        let mut buffer = vec![0; MAX_PACKET];
        let received = match recv_with_fds(&self.socket, &mut buffer) {
            // The child died with an unread "go" in its queue. The kernel says so once, and before what it has said.
            Err(Errno::CONNRESET) => recv_with_fds(&self.socket, &mut buffer)?,
            received => received?,
        };
        if received.length == 0 {
            return Ok(None);
        }
        let packet = serde_json::from_slice(&buffer[..received.length]);
        Ok(Some((
            packet.map_err(|_| Errno::BADMSG)?,
            received.descriptors.into_iter().next(),
        )))
    }
}

impl AsFd for ParentSync {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl ChildSync {
    /// Says that the process failed, and ends it with the error's exit code. No destructors run: the descriptors that
    /// they would close are the parent's.
    pub fn fail(&self, error: &StepError) -> ! {
        self.report_failure(error);
        crate::process::exit(error.exit_code)
    }

    /// Says that the process failed; the caller ends it right after, without running destructors.
    ///
    /// The parent may be gone; then nobody is left who could be told.
    pub fn report_failure(&self, error: &StepError) {
        let mut error = error.clone();
        for text in [&mut error.message, &mut error.path, &mut error.hint] {
            truncate(text);
        }
        let _ = self.send(&Packet::Failed(error), &[]);
    }

    pub(crate) fn warn(&self, text: impl Into<String>) {
        let mut text = text.into();
        truncate(&mut text);
        // A warning that cannot be told is no reason to fail.
        let _ = self.send(&Packet::Warning(text), &[]);
    }

    pub(crate) fn send_terminal(
        &self,
        master: BorrowedFd<'_>,
    ) -> std::result::Result<(), StepError> {
        self.send(&Packet::Terminal, &[master])
            .map_err(|errno| StepError::kernel("terminal", "", errno))
    }

    pub(crate) fn announce_birth(
        &self,
        pid: Pid,
        pidfd: BorrowedFd<'_>,
    ) -> std::result::Result<(), StepError> {
        self.send(
            &Packet::Born {
                pid: pid.as_raw_pid(),
            },
            &[pidfd],
        )
        .map_err(|errno| StepError::kernel("exec", "", errno))
    }

    /// Blocks until the parent has given all of its mounts.
    pub(crate) fn receive_trees(&self) -> std::result::Result<HostTrees, StepError> {
        let failed = |errno| StepError::kernel("user", "", errno);
        let mut trees = HostTrees::default();
        let mut buffer = [0; MAX_TEXT];
        loop {
            let received = recv_with_fds(&self.socket, &mut buffer).map_err(failed)?;
            if received.length == 0 {
                return Err(parent_gone());
            }
            let gift = serde_json::from_slice(&buffer[..received.length]);
            match (gift, received.descriptors.into_iter().next()) {
                (Ok(Gift::Tree(slot)), Some(tree)) => trees.put(slot, tree),
                (Ok(Gift::End), None) => return Ok(trees),
                _ => return Err(failed(Errno::BADMSG)),
            }
        }
    }

    /// Blocks until the parent says "go".
    pub(crate) fn wait_for_go(&self) -> std::result::Result<(), StepError> {
        let mut byte = [0];
        match recv_with_fds(&self.socket, &mut byte) {
            Ok(received) if received.length == 1 => Ok(()),
            Ok(_) => Err(parent_gone()),
            Err(errno) => Err(StepError::kernel("start", "", errno)),
        }
    }

    fn send(&self, packet: &Packet, descriptors: &[BorrowedFd<'_>]) -> Result<()> {
        let bytes = serde_json::to_vec(packet).map_err(|_| Errno::INVAL)?;
        send_with_fds(&self.socket, &bytes, descriptors).map(drop)
    }
}

impl AsFd for ChildSync {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn parent_gone() -> StepError {
    let message = "the process that was starting this one has gone away";
    StepError::refused(ErrorClass::Unavailable, "start", "", message)
}

fn truncate(text: &mut String) {
    let fits = |index: &usize| text.is_char_boundary(*index);
    if let Some(end) = (0..=MAX_TEXT.min(text.len())).rev().find(fits) {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_arrive_in_order_and_the_end_means_executed() {
        let (parent, child) = pair().unwrap();
        child.warn("no swap accounting");
        let (read, _write) = rustix::pipe::pipe().unwrap();
        child.send_terminal(read.as_fd()).unwrap();
        drop(child);
        assert!(
            matches!(parent.receive().unwrap(), Report::Warning(text) if text.contains("swap"))
        );
        assert!(matches!(parent.receive().unwrap(), Report::Terminal(_)));
        assert!(matches!(parent.receive().unwrap(), Report::Executed));
    }

    #[test]
    fn a_failure_of_any_length_arrives() {
        let (parent, child) = pair().unwrap();
        let error = StepError::kernel("mount", "\u{1}".repeat(100_000), Errno::NOENT);
        child.report_failure(&error);
        let Report::Failed(arrived) = parent.receive().unwrap() else {
            panic!("no failure")
        };
        assert_eq!((arrived.step, arrived.errno), (error.step, error.errno));
    }

    #[test]
    fn a_failure_before_the_go_arrives() {
        let (parent, child) = pair().unwrap();
        parent.go().unwrap();
        child.report_failure(&StepError::kernel("mount", "", Errno::NOENT));
        drop(child);
        assert!(matches!(parent.receive().unwrap(), Report::Failed(_)));
        assert!(matches!(parent.receive().unwrap(), Report::Executed));
    }

    #[test]
    fn a_parent_that_goes_away_ends_the_wait() {
        let (parent, child) = pair().unwrap();
        parent.go().unwrap();
        child.wait_for_go().unwrap();
        drop(parent);
        assert_eq!(
            child.wait_for_go().unwrap_err().class,
            ErrorClass::Unavailable
        );
    }
}
