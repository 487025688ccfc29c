use std::fs::File;
use std::io::BufReader;
use std::os::fd::{AsFd, OwnedFd};

use longshore_cgroups::Cgroup;
use longshore_isolation::sync::Report;
use longshore_isolation::{ErrorClass, ExecProcess, Stdio, StepError, spawn_exec};
use longshore_sys::pidfd;

use super::ExecOrder;
use super::watch::Watch;
use crate::clock::now_unix_ns;
use crate::failure::{Failure, Result};
use crate::identity::ProcessIdentity;
use crate::link::{self, FromSupervisor};
use crate::plan::prepare;
use crate::store::{ContainerDirectory, ExecRecord};
use crate::supervisor::{Pipes, make_pipes, no_streams, read_bundle};
use crate::zygote::{ExecRequest, Warm};

/// An exec whose command runs.
pub(super) struct Launched {
    order: ExecOrder,
    directory: ContainerDirectory,
    record: ExecRecord,
    child: ExecProcess,
    pipes: Option<Pipes>,
    terminal: Option<OwnedFd>,
    warnings: Vec<String>,
}

/// Starts the process, or leaves nothing of it.
pub(super) fn launch(request: &ExecRequest, warm: &Warm) -> Result<Launched> {
    let directory = ContainerDirectory::at(request.directory.clone());
    let order: ExecOrder = read_order(&request.order)?;
    let bundle = read_bundle(&directory)?;
    let container = prepare(&bundle, &directory, &warm.seccomp)?.plan;
    let plan = order.plan(&container, &bundle.order)?;
    let cgroup = Cgroup::open(&warm.cgroups, &bundle.order.cgroup_path())?;
    let (stdio, pipes) = stdio(&order).map_err(|error| Failure::io("pipe", "", &error))?;
    let (container, born_in) = (request.init.as_fd(), cgroup.lifecycle_fd());
    // SAFETY: an exec's supervisor has one thread.
    let child = unsafe { spawn_exec(&plan, container, stdio, born_in, || enter(&cgroup)) }?;
    match finish(&child, warm, &directory, &order) {
        Ok((record, terminal, warnings)) => Ok(Launched {
            order,
            directory,
            record,
            child,
            pipes,
            terminal,
            warnings,
        }),
        Err(failure) => {
            // It may have exited by itself already; either way it is reaped.
            let _ = pidfd::send_signal(&child.pidfd, libc::SIGKILL);
            let _ = pidfd::wait(&child.pidfd);
            // A record that cannot be removed now goes with the container.
            let _ = directory.remove_exec(&order.exec_id);
            Err(failure)
        }
    }
}

fn read_order(file: &OwnedFd) -> Result<ExecOrder> {
    let failed = |error| Failure::io("exec", "", &error);
    let file = file.try_clone().map(File::from).map_err(failed)?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| failed(error.into()))
}

fn stdio(order: &ExecOrder) -> std::io::Result<(Stdio, Option<Pipes>)> {
    if order.terminal {
        return Ok((Stdio::Terminal, None));
    }
    if order.detach {
        return Ok((no_streams()?, None));
    }
    let (stdio, pipes) = make_pipes(order.open_stdin)?;
    Ok((stdio, Some(pipes)))
}

fn enter(cgroup: &Cgroup) -> std::result::Result<(), StepError> {
    cgroup
        .enter()
        .map_err(|error| StepError::refused(ErrorClass::Internal, "cgroup", "", error.to_string()))
}

/// The parent's part, up to exec.
fn finish(
    child: &ExecProcess,
    warm: &Warm,
    directory: &ContainerDirectory,
    order: &ExecOrder,
) -> Result<(ExecRecord, Option<OwnedFd>, Vec<String>)> {
    let folder = |error| Failure::io("record", directory.path().display(), &error);
    let own = rustix::process::getpid().as_raw_pid();
    let record = ExecRecord {
        boot_id: warm.boot_id.clone(),
        supervisor: ProcessIdentity::of(own).map_err(folder)?,
        init: ProcessIdentity::of(child.pid.as_raw_pid()).map_err(folder)?,
        exited: None,
    };
    directory
        .write_exec(&order.exec_id, &record)
        .map_err(folder)?;
    // A child that is gone already has left its reason in the reports.
    let _ = child.sync.go();
    let mut terminal = None;
    let mut warnings = Vec::new();
    loop {
        match child
            .sync
            .receive()
            .map_err(|errno| Failure::io("exec", "", &errno.into()))?
        {
            Report::Terminal(master) => terminal = Some(master),
            Report::Warning(text) => warnings.push(text),
            Report::Failed(error) => return Err(error.into()),
            Report::Executed => return Ok((record, terminal, warnings)),
        }
    }
}

impl Launched {
    /// Tells the agent, and hands it the streams.
    pub(super) fn into_watch(self, request: ExecRequest) -> Watch {
        let started = FromSupervisor::Started {
            pid: self.child.pid.as_raw_pid(),
            at_unix_ns: now_unix_ns(),
            warnings: self.warnings,
        };
        let mut lent = vec![self.child.pidfd.as_fd()];
        if !self.order.detach {
            lent.extend(self.terminal.iter().map(AsFd::as_fd));
            if let Some(pipes) = &self.pipes {
                lent.extend([pipes.stdout.as_fd(), pipes.stderr.as_fd()]);
                lent.extend(pipes.stdin.iter().map(AsFd::as_fd));
            }
        }
        let told = link::send(&request.link, &started, &lent);
        let mut outputs = Vec::new();
        if let Some(pipes) = self.pipes {
            outputs.extend([pipes.stdout, pipes.stderr]);
        }
        if self.order.detach {
            outputs.extend(self.terminal);
        }
        Watch {
            directory: self.directory,
            exec_id: self.order.exec_id,
            record: self.record,
            process: self.child.pidfd,
            link: told.is_ok().then_some(request.link),
            outputs,
            abandoned: self.order.detach || told.is_err(),
        }
    }
}
