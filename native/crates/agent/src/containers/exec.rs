use std::collections::HashMap;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use longshore_runtime::exec::ExecOrder;
use longshore_runtime::journal::EventKind;
use longshore_runtime::link::{self, FromSupervisor, ToSupervisor};
use longshore_runtime::store::ContainerDirectory;
use longshore_runtime::wire;
use longshore_runtime::zygote::request_exec;
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_sys::pidfd;
use tokio::sync::{oneshot, watch};
use tokio::task::block_in_place;

use super::Containers;
use super::container::Running;
use crate::channel::Channel;
use crate::failure;
use crate::process_streams::ProcessStreams;
use crate::report;

/// Execs that run, by container and exec.
#[derive(Default)]
pub(super) struct Execs {
    entries: Mutex<HashMap<(Id, Id), Entry>>,
}

#[derive(Default)]
struct Entry {
    /// Empty until it runs.
    process: Option<Arc<OwnedFd>>,
    /// The entry does not keep its terminal open.
    terminal: Weak<OwnedFd>,
}

pub(crate) struct ExecStart {
    pub(crate) container_id: Id,
    pub(crate) order: ExecOrder,
}

/// An exec whose command runs. Dropping it lets go of its streams; the process runs on.
pub(crate) struct RunningExec {
    pub(crate) pid: i32,
    pub(crate) started_at_unix_ns: i64,
    /// `None` for a detached one.
    pub(crate) streams: Option<ProcessStreams>,
    /// Code and signal, once it has exited.
    pub(crate) exit: watch::Receiver<Option<(i32, i32)>>,
    _reader: oneshot::Sender<()>,
}

/// A started exec, on its way from the zygote.
struct Launched {
    pid: i32,
    process: OwnedFd,
    at_unix_ns: i64,
    fds: Vec<OwnedFd>,
}

impl Containers {
    pub(crate) async fn exec(self: &Arc<Self>, start: ExecStart) -> Result<RunningExec, Failure> {
        let id = start.container_id.clone();
        let running = self.get(&id)?.running()?;
        if running.is_paused() {
            return Err(failure::paused(&id));
        }
        let directory = self.directory(&id)?;
        self.execs.claim(&id, &start.order.exec_id)?;
        let launched = self.launch_exec(&directory, &start.order, &running).await;
        let (link, launched) = match launched {
            Ok(launched) => launched,
            Err(failure) => {
                self.execs.release(&id, &start.order.exec_id);
                return Err(failure);
            }
        };
        let streams = self.streams_of(&start, launched.fds)?;
        let (exit_told, exit) = watch::channel(None);
        let (reader, reader_gone) = oneshot::channel();
        let (containers, exec_id) = (Arc::clone(self), start.order.exec_id);
        let process = Arc::new(launched.process);
        self.execs.set_process(&id, &exec_id, &process);
        tokio::spawn(async move {
            let exit = follow(&link, reader_gone).await;
            let (code, signal) = match exit {
                Some(exit) => exit,
                None => abandoned(&process),
            };
            containers.execs.release(&id, &exec_id);
            let event = EventKind::ExecExited {
                exec_id,
                code,
                signal,
            };
            containers.events.append(&id, event);
            // A supervisor that is gone has nothing to forget.
            let _ = link.send_message(&ToSupervisor::Acknowledged).await;
            exit_told.send_replace(Some((code, signal)));
        });
        let (pid, started_at_unix_ns) = (launched.pid, launched.at_unix_ns);
        Ok(RunningExec {
            pid,
            started_at_unix_ns,
            streams,
            exit,
            _reader: reader,
        })
    }

    pub(super) fn directory(&self, id: &Id) -> Result<ContainerDirectory, Failure> {
        let found = self.store.open_directory(id);
        let found = found.map_err(|error| Failure::io("store", id, &error))?;
        found.ok_or_else(|| failure::unknown_container(id))
    }

    async fn launch_exec(
        &self,
        directory: &ContainerDirectory,
        order: &ExecOrder,
        running: &Running,
    ) -> Result<(Channel, Launched), Failure> {
        let failed = |error| Failure::io("exec", &order.exec_id, &error);
        let (ours, theirs) = wire::pair().map_err(|errno| failed(errno.into()))?;
        let written = write_order(order).map_err(failed)?;
        let request = |zygote: &OwnedFd| {
            let (link, order, init) = (theirs.as_fd(), written.as_fd(), running.init.as_fd());
            request_exec(zygote, directory.path(), link, order, init)
        };
        block_in_place(|| self.zygote.ask(request))?;
        drop(theirs);
        let link = Channel::new(ours).map_err(failed)?;
        let packet = link
            .receive()
            .await
            .ok()
            .flatten()
            .ok_or_else(supervisor_gone)?;
        match link::message(&packet).map_err(failed)? {
            FromSupervisor::Started {
                pid, at_unix_ns, ..
            } => {
                let mut fds = packet.fds;
                if fds.is_empty() {
                    return Err(supervisor_gone());
                }
                let process = fds.remove(0);
                Ok((
                    link,
                    Launched {
                        pid,
                        process,
                        at_unix_ns,
                        fds,
                    },
                ))
            }
            FromSupervisor::Failed(failure) => Err(failure),
            _ => Err(supervisor_gone()),
        }
    }

    fn streams_of(
        &self,
        start: &ExecStart,
        fds: Vec<OwnedFd>,
    ) -> Result<Option<ProcessStreams>, Failure> {
        let order = &start.order;
        if order.detach {
            return Ok(None);
        }
        let mut fds = fds.into_iter();
        let mut next = || fds.next().ok_or_else(supervisor_gone);
        let streams = if order.terminal {
            let terminal = Arc::new(next()?);
            self.execs
                .set_terminal(&start.container_id, &order.exec_id, &terminal);
            ProcessStreams::terminal(terminal)
        } else {
            let (stdout, stderr) = (next()?, next()?);
            let stdin = order.open_stdin.then(next).transpose()?;
            ProcessStreams::pipes(stdin, stdout, stderr)
        };
        streams
            .map(Some)
            .map_err(|error| Failure::io("exec", &order.exec_id, &error))
    }

    /// Execs of an agent before this one: their ends become events, now or when they come.
    pub(super) fn recover_execs(
        self: &Arc<Self>,
        id: &Id,
        directory: &ContainerDirectory,
        boot: &str,
    ) -> std::io::Result<()> {
        for exec_id in directory.execs()? {
            let (containers, id, directory) = (Arc::clone(self), id.clone(), directory.clone());
            let supervisor = match directory.exec(&exec_id)? {
                Some(record) if record.boot_id == boot => record.supervisor.open()?,
                _ => None,
            };
            tokio::spawn(async move {
                if let Some(supervisor) = supervisor
                    && let Err(error) = crate::pidfd::wait_for_exit(&supervisor).await
                {
                    report::error("exec", format_args!("{exec_id}: {error}"));
                }
                block_in_place(|| containers.tell_recovered_exec(&id, &directory, exec_id));
            });
        }
        Ok(())
    }

    fn tell_recovered_exec(&self, id: &Id, directory: &ContainerDirectory, exec_id: Id) {
        let record = directory.exec(&exec_id).ok().flatten();
        let killed = (128 + libc::SIGKILL, libc::SIGKILL);
        let (code, signal) = record.and_then(|record| record.exited).unwrap_or(killed);
        let event = EventKind::ExecExited {
            exec_id: exec_id.clone(),
            code,
            signal,
        };
        self.events.append(id, event);
        if let Err(error) = directory.remove_exec(&exec_id) {
            report::error("exec", format_args!("{exec_id}: its record stays: {error}"));
        }
    }
}

/// Code and signal as the supervisor tells them; `None` when it died. Once nobody reads the exec's streams any
/// more, the supervisor is told to read on for nobody.
async fn follow(link: &Channel, mut reader_gone: oneshot::Receiver<()>) -> Option<(i32, i32)> {
    let mut has_reader = true;
    loop {
        let packet = tokio::select! {
            packet = link.receive() => packet.ok().flatten()?,
            _ = &mut reader_gone, if has_reader => {
                has_reader = false;
                link.send_message(&ToSupervisor::Abandon).await.ok()?;
                continue;
            }
        };
        if let Ok(FromSupervisor::Exited(exit)) = link::message(&packet) {
            return Some((exit.code, exit.signal));
        }
    }
}

/// An exec without its supervisor has nobody who would see its end: it goes too.
fn abandoned(process: &OwnedFd) -> (i32, i32) {
    if let Err(errno) = pidfd::send_signal(process, libc::SIGKILL)
        && errno != rustix::io::Errno::SRCH
    {
        report::error("exec", format_args!("cannot be killed: {errno}"));
    }
    (128 + libc::SIGKILL, libc::SIGKILL)
}

fn write_order(order: &ExecOrder) -> std::io::Result<OwnedFd> {
    use rustix::fs::{MemfdFlags, SeekFrom, memfd_create, seek};
    let mut file = std::fs::File::from(memfd_create(c"exec", MemfdFlags::CLOEXEC)?);
    file.write_all(&wire::encode(order)?)?;
    seek(&file, SeekFrom::Start(0))?;
    Ok(file.into())
}

pub(super) fn unknown_exec(exec_id: &Id) -> Failure {
    let message = format!("no exec {exec_id} runs in this container");
    Failure::new(FailureClass::NotFound, "exec", message)
}

fn supervisor_gone() -> Failure {
    let message = "the process that was starting the exec has died";
    Failure::new(FailureClass::Unavailable, "exec", message).hint("try again")
}

impl Execs {
    fn claim(&self, id: &Id, exec_id: &Id) -> Result<(), Failure> {
        let key = (id.clone(), exec_id.clone());
        if self.lock().contains_key(&key) {
            let message = format!("exec {exec_id} runs already");
            return Err(Failure::new(FailureClass::AlreadyExists, "exec", message));
        }
        self.lock().insert(key, Entry::default());
        Ok(())
    }

    fn set_process(&self, id: &Id, exec_id: &Id, process: &Arc<OwnedFd>) {
        if let Some(entry) = self.lock().get_mut(&(id.clone(), exec_id.clone())) {
            entry.process = Some(Arc::clone(process));
        }
    }

    fn set_terminal(&self, id: &Id, exec_id: &Id, terminal: &Arc<OwnedFd>) {
        if let Some(entry) = self.lock().get_mut(&(id.clone(), exec_id.clone())) {
            entry.terminal = Arc::downgrade(terminal);
        }
    }

    fn release(&self, id: &Id, exec_id: &Id) {
        self.lock().remove(&(id.clone(), exec_id.clone()));
    }

    pub(super) fn process(&self, id: &Id, exec_id: &Id) -> Result<Arc<OwnedFd>, Failure> {
        let entries = self.lock();
        let entry = entries.get(&(id.clone(), exec_id.clone()));
        let process = entry.and_then(|entry| entry.process.clone());
        process.ok_or_else(|| unknown_exec(exec_id))
    }

    pub(super) fn terminal(&self, id: &Id, exec_id: &Id) -> Result<Arc<OwnedFd>, Failure> {
        let entries = self.lock();
        let Some(entry) = entries.get(&(id.clone(), exec_id.clone())) else {
            return Err(unknown_exec(exec_id));
        };
        entry.terminal.upgrade().ok_or_else(|| {
            let message = format!("exec {exec_id} has no terminal");
            Failure::new(FailureClass::FailedPrecondition, "exec", message)
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Id, Id), Entry>> {
        // No code panics while it holds the lock.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
