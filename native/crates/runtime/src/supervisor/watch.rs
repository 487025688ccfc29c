use std::os::fd::{AsFd, OwnedFd};

use longshore_cgroups::{Cgroup, OomWatch};
use longshore_sys::pidfd::{self, Exit};
use rustix::event::{PollFd, PollFlags, poll};

use super::attachment::Attachment;
use super::control::accept_from;
use super::streams::Streams;
use crate::clock::now_unix_ns;
use crate::link::{self, FromSupervisor, ToAttachment, ToSupervisor};
use crate::store::{AssignedAddress, ContainerDirectory, ExitRecord};
use crate::wire::{self, Packet};

/// One running container, watched until it has exited and everyone attached has heard so.
///
/// Single-threaded; every descriptor is non-blocking, so nobody but the container's own slow readers can hold
/// anything up, and those only the container's output.
pub(super) struct Watch {
    pub(super) directory: ContainerDirectory,
    pub(super) cgroup: Option<Cgroup>,
    pub(super) oom: Option<OomWatch>,
    pub(super) init: OwnedFd,
    /// The container's mount namespace. Whoever lets go of it last unmounts the overlay, and with that waits until the
    /// kernel has written out the whole file system below it: that must not be init on its way to the end.
    pub(super) mounts: Option<OwnedFd>,
    pub(super) started_at_unix_ns: i64,
    pub(super) addresses: Vec<AssignedAddress>,
    /// To the agent; `None` while there is no agent.
    pub(super) link: Option<OwnedFd>,
    pub(super) listener: Option<OwnedFd>,
    pub(super) streams: Streams,
    pub(super) exited: Option<ExitRecord>,
}

/// What poll watches, and whom it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Output(usize),
    Stdin,
    Attachment(usize),
    Link,
    Listener,
    Oom,
    Init,
}

impl Watch {
    pub(super) fn run(mut self) {
        while !(self.exited.is_some() && self.streams.attachments.is_empty()) {
            for (source, flags) in self.wait() {
                self.handle(source, flags);
            }
            self.streams.sweep();
            if self.exited.is_some() {
                // Whoever has read everything up to the exit is let go.
                self.streams.attachments.retain(Attachment::is_waiting);
            }
        }
    }

    /// Init comes last, so that streams are read and attachments taken in before the end is told.
    fn wait(&self) -> Vec<(Source, PollFlags)> {
        let mut sources = Vec::with_capacity(8);
        let mut polled = Vec::with_capacity(8);
        self.interests(|source, descriptor, flags| {
            sources.push(source);
            polled.push(PollFd::from_borrowed_fd(descriptor, flags));
        });
        // EINTR: nothing is ready, the loop asks again.
        if poll(&mut polled, None).is_err() {
            return Vec::new();
        }
        let flags = polled.iter().map(PollFd::revents);
        sources
            .into_iter()
            .zip(flags)
            .filter(|(_, flags)| !flags.is_empty())
            .collect()
    }

    fn interests<'a>(
        &'a self,
        mut add: impl FnMut(Source, std::os::fd::BorrowedFd<'a>, PollFlags),
    ) {
        let held_up = self.streams.is_held_up();
        for (index, output) in self.streams.outputs.iter().enumerate() {
            if let (false, Some(descriptor)) = (held_up, output.descriptor()) {
                add(Source::Output(index), descriptor, PollFlags::IN);
            }
        }
        let stdin_waits = self.streams.stdin.is_waiting();
        if let (true, Some(descriptor)) = (stdin_waits, self.streams.stdin.descriptor()) {
            add(Source::Stdin, descriptor, PollFlags::OUT);
        }
        for (index, attachment) in self.streams.attachments.iter().enumerate() {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::IN, !stdin_waits);
            flags.set(PollFlags::OUT, attachment.is_waiting());
            add(
                Source::Attachment(index),
                attachment.socket().as_fd(),
                flags,
            );
        }
        if let Some(link) = &self.link {
            add(Source::Link, link.as_fd(), PollFlags::IN);
        }
        if let Some(listener) = &self.listener {
            add(Source::Listener, listener.as_fd(), PollFlags::IN);
        }
        if let Some(oom) = &self.oom {
            add(Source::Oom, oom.as_fd(), PollFlags::IN);
        }
        if self.exited.is_none() {
            add(Source::Init, self.init.as_fd(), PollFlags::IN);
        }
    }

    fn handle(&mut self, source: Source, flags: PollFlags) {
        match source {
            Source::Output(index) => {
                self.streams.pump(index);
            }
            Source::Stdin => self.streams.stdin.flush(),
            Source::Attachment(index) => self.handle_attachment(index, flags),
            Source::Link => self.handle_link(),
            Source::Listener => {
                let agent = self.listener.as_ref().and_then(accept_from);
                agent.into_iter().for_each(|agent| self.change_agent(agent));
            }
            Source::Oom => self.look_for_oom(),
            Source::Init => {
                if let Ok(Some(exit)) = pidfd::try_wait(&self.init) {
                    self.finish(exit);
                }
            }
        }
    }

    fn handle_attachment(&mut self, index: usize, flags: PollFlags) {
        if flags.contains(PollFlags::OUT)
            && let Some(attachment) = self.streams.attachments.get_mut(index)
        {
            attachment.flush();
        }
        if flags.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
            self.streams.receive(index);
        }
    }

    fn handle_link(&mut self) {
        let Some(link) = &self.link else { return };
        match wire::receive(link) {
            Ok(Some(packet)) => self.hear_agent(packet),
            Ok(None) | Err(_) => self.link = None,
        }
    }

    /// Messages that only a start or an exec knows mean nothing here.
    fn hear_agent(&mut self, packet: Packet) {
        match link::message(&packet) {
            Ok(ToSupervisor::Resize(size)) => self.streams.resize(size),
            Ok(ToSupervisor::Attach(wanted)) => {
                let socket = packet.fds.into_iter().next();
                // One that cannot be set up is closed, which tells its other end.
                let attachment = socket.and_then(|socket| Attachment::new(socket, wanted).ok());
                if let Some(mut attachment) = attachment {
                    attachment.tell(&ToAttachment::Attached);
                    self.streams.attachments.push(attachment);
                }
            }
            Ok(_) | Err(_) => {}
        }
    }

    /// A new agent has found this container; the old one is gone or will be.
    fn change_agent(&mut self, agent: OwnedFd) {
        self.link = Some(agent);
        self.tell_agent(&FromSupervisor::Adopted {
            addresses: self.addresses.clone(),
        });
    }

    fn look_for_oom(&mut self) {
        let (Some(oom), Some(cgroup)) = (&mut self.oom, &self.cgroup) else {
            return;
        };
        match oom.take(cgroup) {
            Ok(true) => self.tell_agent(&FromSupervisor::Oom),
            Ok(false) => {}
            // A cgroup that cannot be read any more has nothing to tell.
            Err(_) => self.oom = None,
        }
    }

    fn finish(&mut self, exit: Exit) {
        self.streams.drain();
        self.look_for_oom();
        self.oom = None;
        let record = self.record(exit);
        // With a full disk the agent still hears it; without an agent the next one finds no record and says so.
        let written = self.directory.write_exit(&record);
        self.tell_agent(&FromSupervisor::Exited(record.clone()));
        self.streams.tell_exit(record.code, record.signal);
        self.listener = None;
        self.exited = Some(record);
        if let Some(cgroup) = self.cgroup.take() {
            // What is left is cleared by the agent once this process is gone.
            let _ = cgroup.kill_all();
            let _ = cgroup.remove();
        }
        self.tell_agent(&FromSupervisor::Cleared);
        if written.is_ok() {
            // A full or failing disk was the only reason to fail, and the agent has been told.
            let _ = self.directory.sync_exit();
        }
        self.mounts = None;
        self.tell_agent(&FromSupervisor::Unmounted);
    }

    fn record(&self, exit: Exit) -> ExitRecord {
        let signal = match exit {
            Exit::Code(_) => 0,
            Exit::Signal { signal, .. } => signal,
        };
        let cgroup = self.cgroup.as_ref();
        let counted = |read: fn(&Cgroup) -> longshore_cgroups::Result<Option<u64>>| {
            cgroup
                .and_then(|cgroup| read(cgroup).ok().flatten())
                .unwrap_or(0)
        };
        ExitRecord {
            code: exit.shell_code(),
            signal,
            oom_killed: counted(|cgroup| cgroup.oom_kills().map(Some)) > 0,
            memory_peak_bytes: counted(Cgroup::memory_peak),
            memory_limit_bytes: counted(Cgroup::memory_limit),
            at_unix_ns: now_unix_ns(),
            started_at_unix_ns: self.started_at_unix_ns,
            unseen: None,
        }
    }

    /// An agent that does not take it is dropped: it will ask again, as for a supervisor that it finds anew.
    fn tell_agent(&mut self, message: &FromSupervisor) {
        let Some(link) = &self.link else { return };
        let sent = wire::encode(message)
            .and_then(|body| wire::send_parts(link, link::MESSAGE, &body, &[], true));
        if sent.is_err() {
            self.link = None;
        }
    }
}
