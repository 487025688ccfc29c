//! Further processes in a running container.
//!
//! Joining happens in two processes, because a process in the container's pid namespace is in reach of everybody who
//! has CAP_SYS_PTRACE there. The first stays outside: it enters the cgroup, closes every descriptor of its parent's,
//! and joins the namespaces, which puts only its children into the pid namespace. The second is born inside, with
//! nothing in its hands but its streams (CVE-2016-9962, CVE-2024-21626), as a child of the first one's parent.

use std::convert::Infallible;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use longshore_sys::clone::{CloneArgs, Cloned, Namespaces, clone3};
use longshore_sys::{descriptors, pidfd};
use rustix::fs::{Mode, OFlags};
use rustix::process::Pid;
use serde::{Deserialize, Serialize};

use crate::container::join_container;
use crate::error::{Step, StepError};
use crate::plan::{ProcessPlan, UserMappings};
use crate::process::{self, Command};
use crate::stdio::Stdio;
use crate::sync::{self, ChildSync, ParentSync};
use crate::user_namespace;

/// A further process in a running container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecPlan {
    pub process: ProcessPlan,
    /// Those that the container does not share with the host.
    pub namespaces: Namespaces,
    /// The container's.
    pub users: Option<UserMappings>,
}

/// A process that is on its way to exec, a child of the caller.
#[derive(Debug)]
pub struct ExecProcess {
    /// As the caller sees it.
    pub pid: Pid,
    pub pidfd: OwnedFd,
    pub sync: ParentSync,
}

/// Starts a process in the container whose init is behind `container`.
///
/// It is born in `cgroup` (version 2), or calls `enter_cgroup` while it is still outside the container. Then it
/// waits for [`ParentSync::go`]; its reports end with [`sync::Report::Executed`] or [`sync::Report::Failed`].
///
/// # Errors
/// FAILED_PRECONDITION when the container does not run any more.
///
/// # Safety
/// The calling process must be single-threaded.
pub unsafe fn spawn_exec(
    plan: &ExecPlan,
    container: BorrowedFd<'_>,
    stdio: Stdio,
    cgroup: Option<BorrowedFd<'_>>,
    enter_cgroup: impl FnOnce() -> Result<(), StepError>,
) -> Result<ExecProcess, StepError> {
    stdio.give_to(plan.users.as_ref()).step("stdio", "")?;
    let (parent_sync, child_sync) = sync::pair().step("exec", "")?;
    let arguments = CloneArgs {
        cgroup,
        ..CloneArgs::PLAIN
    };
    // SAFETY: single-threadedness is the caller's promise.
    match unsafe { clone3(&arguments) }.step("clone3", "")? {
        Cloned::Child => {
            drop(parent_sync);
            let result =
                enter_cgroup().and_then(|()| go_inside(plan, container, stdio, &child_sync));
            match result {
                Ok(never) => match never {},
                Err(error) => child_sync.fail(&error),
            }
        }
        Cloned::Parent { pidfd: outside, .. } => {
            drop((child_sync, stdio));
            let born = parent_sync.wait_for_birth();
            pidfd::wait(&outside).step("exec", "")?;
            let (pid, pidfd) = born?;
            Ok(ExecProcess {
                pid,
                pidfd,
                sync: parent_sync,
            })
        }
    }
}

/// The process outside.
fn go_inside(
    plan: &ExecPlan,
    container: BorrowedFd<'_>,
    stdio: Stdio,
    sync: &ChildSync,
) -> Result<Infallible, StepError> {
    process::set_oom_score_adj(plan.process.oom_score_adj)?;
    process::apparmor::set_on_exec(plan.process.apparmor_profile.as_deref())?;
    process::refuse_tracing()?;
    let wants_terminal = matches!(stdio, Stdio::Terminal);
    process::take_streams(stdio)?;
    close_all_but(container, sync)?;
    join_container(container, plan.namespaces)?;
    let arguments = CloneArgs {
        sibling: true,
        ..CloneArgs::PLAIN
    };
    // SAFETY: a child of a single-threaded process has one thread.
    match unsafe { clone3(&arguments) }.step("clone3", "")? {
        Cloned::Child => enter(plan, container, wants_terminal, sync),
        Cloned::Parent { pid, pidfd } => {
            sync.announce_birth(pid, pidfd.as_fd())?;
            process::exit(0)
        }
    }
}

fn close_all_but(container: BorrowedFd<'_>, sync: &ChildSync) -> Result<(), StepError> {
    let keep = [container.as_raw_fd(), sync.as_fd().as_raw_fd()];
    // SAFETY: this process ends by exec or _exit and never runs the code, or the destructors, of those that own the
    // closed descriptors.
    unsafe { descriptors::close_all_except(3, &keep) }.step("close_range", "")
}

/// The process inside.
fn enter(
    plan: &ExecPlan,
    container: BorrowedFd<'_>,
    wants_terminal: bool,
    sync: &ChildSync,
) -> Result<Infallible, StepError> {
    // The way in is behind us.
    // SAFETY: as in `close_all_but`.
    unsafe { libc::close(container.as_raw_fd()) };
    rustix::process::setsid().step("setsid", "")?;
    if plan.users.is_some() {
        user_namespace::become_root()?;
    }
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::open("/", flags, Mode::empty()).step("exec", "/")?;
    sync.wait_for_go()?;
    let command = Command::resolve(
        &plan.process,
        root.as_fd(),
        process::MissingDirectory::Refuse,
    )?;
    if wants_terminal {
        let devpts = process::devpts_of(root.as_fd())?;
        process::set_terminal(&plan.process, devpts.as_fd(), None, sync)?;
    }
    command.run(sync, false)
}
