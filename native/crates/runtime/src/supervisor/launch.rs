use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use longshore_cgroups::{Cgroup, Mode};
use longshore_isolation::plan::{CgroupHierarchy, CgroupView};
use longshore_isolation::sync::{ChildSync, ParentSync, Report};
use longshore_isolation::{
    ContainerPlan, ErrorClass, Handles, ProcessNamespace, Stdio, StepError, enter_container,
};
use longshore_logs::{LogPolicy, LogWriter};
use longshore_sys::clone::{CloneArgs, Cloned, Namespaces, clone3};
use longshore_sys::pidfd;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Pid;

use super::attachment::Attachment;
use super::control::listen_in;
use super::output::{Output, OutputStream};
use super::stdin::Stdin;
use super::stdio::{Pipes, make_pipes};
use super::streams::Streams;
use super::watch::Watch;
use crate::clock::now_unix_ns;
use crate::failure::{Failure, FailureClass, Result};
use crate::host_devices;
use crate::identity::ProcessIdentity;
use crate::link::{self, FromSupervisor, ToSupervisor};
use crate::plan::{Prepared, prepare};
use crate::store::{AssignedAddress, Bundle, ContainerDirectory, RunOrder, RunRecord};
use crate::wire;
use crate::zygote::{RunRequest, Warm};

/// A container whose command runs.
pub(super) struct Launched {
    order: RunOrder,
    directory: ContainerDirectory,
    cgroup: Cgroup,
    child: Child,
    pipes: Option<Pipes>,
    listener: OwnedFd,
    log: LogWriter,
    born: Born,
}

struct Child {
    pid: Pid,
    pidfd: OwnedFd,
    sync: ParentSync,
    /// `None` when it has ended already.
    mounts: Option<OwnedFd>,
    /// What it was given; `None` when it has made its own.
    network_namespace: Option<OwnedFd>,
}

/// What the way to exec brought.
struct Born {
    started_at_unix_ns: i64,
    addresses: Vec<AssignedAddress>,
    terminal: Option<OwnedFd>,
    warnings: Vec<String>,
}

/// Starts the container, or leaves nothing of it but its folder.
pub(super) fn launch(request: &mut RunRequest, warm: &Warm) -> Result<Launched> {
    let directory = ContainerDirectory::at(request.directory.clone());
    let bundle = read_bundle(&directory)?;
    let mut prepared = prepare(&bundle, &directory, &warm.seccomp)?;
    if bundle.order.host_devices {
        prepared.plan.devices.extend(host_devices::list()?);
    }
    prepared.plan.check_host()?;
    let path = bundle.order.cgroup_path();
    let cgroup = warm
        .cgroups
        .create(&path, &prepared.limits, &prepared.devices)?;
    prepared.plan.cgroup_view = cgroup_view(warm.cgroups.mode(), &cgroup);
    match launch_in(&cgroup, request, warm, &bundle.order, &directory, prepared) {
        Ok((child, pipes, listener, log, born)) => {
            let order = bundle.order;
            Ok(Launched {
                order,
                directory,
                cgroup,
                child,
                pipes,
                listener,
                log,
                born,
            })
        }
        Err(failure) => {
            // The failure that led here says more than one of these could.
            let _ = cgroup.kill_all();
            let _ = cgroup.remove();
            let _ = directory.forget_run();
            Err(failure)
        }
    }
}

/// Of the hierarchies that the container has joined: there its own limits are to be read.
fn cgroup_view(mode: Mode, cgroup: &Cgroup) -> CgroupView {
    if mode == Mode::V2 {
        return CgroupView::V2;
    }
    let hierarchies = cgroup.folders().map(|(name, directory)| CgroupHierarchy {
        name: name.to_owned(),
        directory: directory.to_owned(),
    });
    CgroupView::V1 {
        hierarchies: hierarchies.collect(),
    }
}

pub(crate) fn read_bundle(directory: &ContainerDirectory) -> Result<Bundle> {
    let path = directory.path().display();
    let bundle = directory
        .bundle()
        .map_err(|error| Failure::io("bundle", &path, &error))?;
    bundle.ok_or_else(|| {
        Failure::new(
            FailureClass::NotFound,
            "bundle",
            "the container's folder is gone",
        )
        .at(path)
    })
}

type Parts = (Child, Option<Pipes>, OwnedFd, LogWriter, Born);

fn launch_in(
    cgroup: &Cgroup,
    request: &mut RunRequest,
    warm: &Warm,
    order: &RunOrder,
    directory: &ContainerDirectory,
    prepared: Prepared,
) -> Result<Parts> {
    let (stdio, pipes) = if prepared.terminal {
        (Stdio::Terminal, None)
    } else {
        let (stdio, pipes) =
            make_pipes(order.open_stdin).map_err(|error| Failure::io("pipe", "", &error))?;
        (stdio, Some(pipes))
    };
    let users = prepared.plan.namespaces.users.as_ref();
    stdio
        .give_to(users)
        .map_err(|errno| Failure::io("pipe", "", &errno.into()))?;
    let wants_network = makes_plain_network(&prepared.plan);
    let handles = Handles {
        stdio,
        network_namespace: request.network_namespace.take().filter(|_| wants_network),
        shared: std::mem::take(&mut request.shared),
    };
    let child = clone_into(cgroup, &prepared.plan, handles)?;
    // From here on the child sets up its mounts on another processor, side by side with the following.
    let finished = equip_child(&prepared.plan, &child)
        .and_then(|()| finish(&child, request, warm, order, directory));
    match finished {
        Ok((listener, log, born)) => Ok((child, pipes, listener, log, born)),
        Err(failure) => {
            // It may have exited by itself already; either way it is reaped.
            let _ = pidfd::send_signal(&child.pidfd, libc::SIGKILL);
            let _ = pidfd::wait(&child.pidfd);
            Err(failure)
        }
    }
}

/// A network namespace that one of the host's own making can stand for: mapped users must own theirs.
fn makes_plain_network(plan: &ContainerPlan) -> bool {
    plan.namespaces.create.contains(Namespaces::NETWORK) && plan.namespaces.users.is_none()
}

fn equip_child(plan: &ContainerPlan, child: &Child) -> Result<()> {
    Ok(longshore_isolation::equip(plan, child.pid, &child.sync)?)
}

fn clone_into(cgroup: &Cgroup, plan: &ContainerPlan, handles: Handles) -> Result<Child> {
    let kernel = |errno| Failure::io("clone3", "", &std::io::Error::from(errno));
    let (parent_sync, child_sync) = longshore_isolation::sync::pair().map_err(kernel)?;
    let arguments = CloneArgs {
        namespaces: plan.namespaces_to_create(handles.network_namespace.is_some()),
        cgroup: cgroup.lifecycle_fd(),
        sibling: false,
    };
    let processes = ProcessNamespace::enter(plan, &handles)?;
    // SAFETY: a supervisor has one thread.
    match unsafe { clone3(&arguments) }.map_err(kernel)? {
        Cloned::Parent { pid, pidfd } => {
            processes.leave()?;
            Ok(Child {
                pid,
                pidfd,
                sync: parent_sync,
                mounts: File::open(format!("/proc/{pid}/ns/mnt"))
                    .ok()
                    .map(OwnedFd::from),
                network_namespace: handles.network_namespace,
            })
        }
        Cloned::Child => {
            drop((parent_sync, processes));
            become_container(cgroup, plan, handles, &child_sync)
        }
    }
}

fn become_container(
    cgroup: &Cgroup,
    plan: &ContainerPlan,
    handles: Handles,
    sync: &ChildSync,
) -> ! {
    let entered = cgroup
        .enter()
        .map_err(|error| StepError::refused(ErrorClass::Internal, "cgroup", "", error.to_string()));
    let Err(error) = entered.and_then(|()| enter_container(plan, handles, sync));
    sync.fail(&error)
}

/// The parent's part, up to exec.
fn finish(
    child: &Child,
    request: &RunRequest,
    warm: &Warm,
    order: &RunOrder,
    directory: &ContainerDirectory,
) -> Result<(OwnedFd, LogWriter, Born)> {
    if order.networked {
        announce(child, &request.link)?;
    }
    let folder = |error| Failure::io("record", directory.path().display(), &error);
    let started_at_unix_ns = now_unix_ns();
    let listener = listen_in(directory).map_err(folder)?;
    let record = RunRecord {
        boot_id: warm.boot_id.clone(),
        supervisor: own_identity().map_err(folder)?,
        init: ProcessIdentity::of(child.pid.as_raw_pid()).map_err(folder)?,
        started_at_unix_ns,
        cgroup: order.cgroup_path(),
    };
    directory.write_run(&record).map_err(folder)?;
    let policy = LogPolicy {
        max_size: order.log.max_size_bytes,
        max_files: order.log.max_files,
    };
    let log = LogWriter::open(&directory.log(), policy)
        .map_err(|error| Failure::io("log", &error.path, &error.source))?;
    let addresses = wait_for_agent(order.networked, &request.link)?;
    let (terminal, warnings) = release_child(&child.sync)?;
    Ok((
        listener,
        log,
        Born {
            started_at_unix_ns,
            addresses,
            terminal,
            warnings,
        },
    ))
}

fn own_identity() -> std::io::Result<ProcessIdentity> {
    ProcessIdentity::of(rustix::process::getpid().as_raw_pid())
}

/// Lends the agent the network namespace; it answers with `Proceed`.
fn announce(child: &Child, agent: &OwnedFd) -> Result<()> {
    let pid = child.pid.as_raw_pid();
    let path = format!("/proc/{pid}/ns/net");
    let failed = |error| Failure::io("network", &path, &error);
    let created = FromSupervisor::Created { pid };
    if let Some(given) = &child.network_namespace {
        // The child may not have joined it yet.
        return link::send(agent, &created, &[given.as_fd()]).map_err(failed);
    }
    let namespace = File::open(&path).map_err(failed)?;
    link::send(agent, &created, &[namespace.as_fd()]).map_err(failed)
}

/// An agent that has gone away before the container runs knows nothing of it: the start is undone.
fn wait_for_agent(networked: bool, agent: &OwnedFd) -> Result<Vec<AssignedAddress>> {
    let gone = || {
        Failure::new(
            FailureClass::Unavailable,
            "start",
            "the agent has gone away",
        )
    };
    if networked {
        let packet = wire::receive(agent).ok().flatten().ok_or_else(gone)?;
        return match link::message(&packet) {
            Ok(ToSupervisor::Proceed { addresses }) => Ok(addresses),
            _ => Err(gone()),
        };
    }
    let mut polled = [PollFd::new(agent, PollFlags::empty())];
    let now = rustix::event::Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    match poll(&mut polled, Some(&now)) {
        Ok(0) => Ok(Vec::new()),
        Ok(_) | Err(_) => Err(gone()),
    }
}

/// Lets the child exec, and says how that went.
fn release_child(sync: &ParentSync) -> Result<(Option<OwnedFd>, Vec<String>)> {
    // A child that is gone already has left its reason in the reports.
    let _ = sync.go();
    let mut terminal = None;
    let mut warnings = Vec::new();
    loop {
        match sync
            .receive()
            .map_err(|errno| Failure::io("start", "", &errno.into()))?
        {
            Report::Terminal(master) => terminal = Some(master),
            Report::Warning(text) => warnings.push(text),
            Report::Failed(error) => return Err(error.into()),
            Report::Executed => return Ok((terminal, warnings)),
        }
    }
}

impl Launched {
    /// Tells the agent, and takes those in who attached before the start.
    pub(super) fn into_watch(self, request: RunRequest) -> Watch {
        let started = FromSupervisor::Started {
            pid: self.child.pid.as_raw_pid(),
            at_unix_ns: self.born.started_at_unix_ns,
            warnings: self.born.warnings,
        };
        let told = link::send(&request.link, &started, &[self.child.pidfd.as_fd()]);
        let mut streams = streams(self.pipes, self.born.terminal, self.log);
        streams.stdin_once = self.order.stdin_once;
        for (wanted, socket) in request.attachments {
            // One that cannot be set up any more has gone away.
            streams
                .attachments
                .extend(Attachment::new(socket, wanted).ok());
        }
        // Without it the exit still says whether memory ran out.
        let oom = self.cgroup.watch_oom().ok().flatten();
        Watch {
            directory: self.directory,
            oom,
            cgroup: Some(self.cgroup),
            init: self.child.pidfd,
            mounts: self.child.mounts,
            started_at_unix_ns: self.born.started_at_unix_ns,
            addresses: self.born.addresses,
            link: told.is_ok().then_some(request.link),
            listener: Some(self.listener),
            streams,
            exited: None,
        }
    }
}

fn streams(pipes: Option<Pipes>, terminal: Option<OwnedFd>, log: LogWriter) -> Streams {
    if let Some(pipes) = pipes {
        let outputs = vec![
            Output::pipe(OutputStream::Stdout, pipes.stdout),
            Output::pipe(OutputStream::Stderr, pipes.stderr),
        ];
        let stdin = pipes.stdin.map_or_else(Stdin::closed, Stdin::pipe);
        return Streams::new(outputs, stdin, Some(log));
    }
    let Some(master) = terminal else {
        return Streams::new(Vec::new(), Stdin::closed(), Some(log));
    };
    // A master that stays blocking would still work for one stream at a time; it cannot fail on a pty.
    let _ = rustix::io::ioctl_fionbio(&master, true);
    let master = Rc::new(master);
    let outputs = vec![Output::terminal(Rc::clone(&master))];
    let mut streams = Streams::new(outputs, Stdin::terminal(Rc::clone(&master)), Some(log));
    streams.terminal = Some(master);
    streams
}
