use std::convert::Infallible;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use longshore_sys::clone::{self, Namespaces};
use longshore_sys::mount::{self, AttributeChange};
use longshore_sys::{Errno, loopback};
use rustix::fs::{CWD, Mode, OFlags};

use crate::error::{ErrorClass, Step, StepError};
use crate::plan::{ContainerPlan, JoinedNamespace, MountPlan};
use crate::process::{self, Command, MissingDirectory};
use crate::rootfs::{HostTrees, Rootfs};
use crate::shared_memory;
use crate::stdio::{Handles, SharedNamespaces, Stdio};
use crate::sync::ChildSync;
use crate::user_namespace;

/// Runs in the child that clone3 made with [`ContainerPlan::namespaces_to_create`], and becomes the container's
/// command.
///
/// Its cgroups and its network need not be ready: everything that depends on them comes after the parent's "go", and
/// most of the work before. On failure the caller ends the process with [`ChildSync::fail`]; nothing needs cleaning
/// up, for all mounts go with the process's namespace.
///
/// # Errors
/// The first step that failed.
pub fn enter_container(
    plan: &ContainerPlan,
    handles: Handles,
    sync: &ChildSync,
) -> Result<Infallible, StepError> {
    rustix::process::setsid().step("setsid", "")?;
    // Modes are said in full below; the command gets its own umask.
    rustix::process::umask(Mode::empty());
    // While the files of /proc/self are still this user's.
    process::set_oom_score_adj(plan.process.oom_score_adj)?;
    process::apparmor::set_on_exec(plan.process.apparmor_profile.as_deref())?;
    process::refuse_tracing()?;
    let given = become_mapped_root(plan, sync)?;
    let shared_memory = shared_memory(plan, &handles)?;
    enter_namespaces(plan, &handles)?;
    let wants_terminal = matches!(handles.stdio, Stdio::Terminal);
    process::take_streams(handles.stdio)?;

    let mut rootfs = Rootfs::mount(plan, given)?;
    if let Some(tree) = shared_memory {
        rootfs.add_shared_memory(&tree)?;
    }
    let command = Command::resolve(&plan.process, rootfs.root(), MissingDirectory::Create)?;
    sync.wait_for_go()?;
    if plan.namespaces.own_cgroup {
        clone::unshare(Namespaces::CGROUP).step("unshare", "cgroup")?;
    }
    rootfs.finish(plan)?;

    if wants_terminal {
        process::set_terminal(&plan.process, rootfs.devpts()?, rootfs.dev(), sync)?;
    }
    rootfs.make_read_only(plan)?;
    mount::pivot_into(rootfs.root()).step("pivot_root", plan.root.merged.display())?;
    drop(rootfs);
    set_root_propagation(plan)?;
    command.run(sync, plan.init)
}

fn become_mapped_root(
    plan: &ContainerPlan,
    sync: &ChildSync,
) -> Result<Option<HostTrees>, StepError> {
    if plan.namespaces.users.is_none() {
        return Ok(None);
    }
    let given = sync.receive_trees()?;
    user_namespace::become_root()?;
    clone::unshare(Namespaces::IPC).step("unshare", "ipc")?;
    Ok(Some(given))
}

/// What comes with another container's IPC namespace, unless the plan has a mount of its own there.
fn shared_memory(plan: &ContainerPlan, handles: &Handles) -> Result<Option<OwnedFd>, StepError> {
    let is_own = |mount: &MountPlan| mount.destination == Path::new(shared_memory::PATH);
    let shares_ipc = |it: &&SharedNamespaces| it.namespaces.contains(Namespaces::IPC);
    match handles.shared.iter().find(shares_ipc) {
        Some(shared) if !plan.mounts.iter().any(is_own) => {
            shared_memory::copy_of(shared.container.as_fd())
        }
        _ => Ok(None),
    }
}

/// All but the namespace of processes, which the parent has seen to.
fn enter_namespaces(plan: &ContainerPlan, handles: &Handles) -> Result<(), StepError> {
    let others = |it: &&JoinedNamespace| it.kind != Namespaces::PID;
    plan.namespaces
        .join
        .iter()
        .filter(others)
        .try_for_each(join_path)?;
    for shared in &handles.shared {
        let namespaces = shared.namespaces - Namespaces::PID;
        if !namespaces.is_empty() {
            join_container(shared.container.as_fd(), namespaces)?;
        }
    }
    if let Some(network) = &handles.network_namespace {
        clone::join_one(network.as_fd(), Namespaces::NETWORK).step("setns", "network")?;
    } else if plan.namespaces.create.contains(Namespaces::NETWORK) {
        loopback::bring_up().step("loopback", "lo")?;
    }
    if let Some(name) = &plan.hostname {
        rustix::system::sethostname(name.as_bytes()).step("hostname", name)?;
    }
    if let Some(name) = &plan.domainname {
        rustix::system::setdomainname(name.as_bytes()).step("domainname", name)?;
    }
    Ok(())
}

fn join_path(joined: &JoinedNamespace) -> Result<(), StepError> {
    let path = &joined.path.display();
    // A pipe in its place must not hold anybody up.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let namespace =
        rustix::fs::openat(CWD, &joined.path, flags, Mode::empty()).step("namespace", path)?;
    clone::join_one(namespace.as_fd(), joined.kind).step("setns", path)
}

pub(crate) fn join_container(
    container: BorrowedFd<'_>,
    namespaces: Namespaces,
) -> Result<(), StepError> {
    clone::join(container, namespaces).map_err(|errno| {
        let error = StepError::kernel("setns", "", errno);
        if errno != Errno::SRCH {
            return error;
        }
        error
            .with_class(ErrorClass::FailedPrecondition)
            .with_message("the container does not run")
    })
}

fn set_root_propagation(plan: &ContainerPlan) -> Result<(), StepError> {
    let Some((propagation, recursive)) = plan.root_propagation else {
        return Ok(());
    };
    let change = AttributeChange {
        propagation: Some(propagation),
        recursive,
        ..AttributeChange::default()
    };
    mount::change_attributes_at(c"/", &change).step("mount", "/")
}

/// The namespace of processes that a container shares, entered by its parent: only children are born into it.
#[derive(Debug)]
pub struct ProcessNamespace {
    own: Option<OwnedFd>,
}

impl ProcessNamespace {
    /// From here to [`leave`](ProcessNamespace::leave) the caller's children are born where the plan says.
    ///
    /// # Errors
    /// FAILED_PRECONDITION when the other container does not run any more.
    pub fn enter(plan: &ContainerPlan, handles: &Handles) -> Result<ProcessNamespace, StepError> {
        let given = |it: &&JoinedNamespace| it.kind == Namespaces::PID;
        let path = plan.namespaces.join.iter().find(given);
        let shared = |it: &&SharedNamespaces| it.namespaces.contains(Namespaces::PID);
        let container = handles.shared.iter().find(shared);
        if path.is_none() && container.is_none() {
            return Ok(ProcessNamespace { own: None });
        }
        // The child is in reach of its neighbours from its first instant.
        process::refuse_tracing()?;
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let own = rustix::fs::open("/proc/self/ns/pid", flags, Mode::empty());
        let own = own.step("namespace", "/proc/self/ns/pid")?;
        path.map_or(Ok(()), join_path)?;
        container.map_or(Ok(()), |it| {
            join_container(it.container.as_fd(), Namespaces::PID)
        })?;
        Ok(ProcessNamespace { own: Some(own) })
    }

    /// # Errors
    /// The errno of setns(2).
    pub fn leave(self) -> Result<(), StepError> {
        let Some(own) = self.own else {
            return Ok(());
        };
        clone::join_one(own.as_fd(), Namespaces::PID).step("setns", "/proc/self/ns/pid")
    }
}

/// A plan that cannot be right, whatever the host.
pub(crate) fn invalid(step: &'static str, path: &str, message: &str) -> StepError {
    StepError::refused(ErrorClass::InvalidArgument, step, path, message)
}
