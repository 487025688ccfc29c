use std::convert::Infallible;
use std::os::fd::{AsFd, OwnedFd};

use longshore_sys::clone::{self, Namespaces};
use longshore_sys::{loopback, mount};
use rustix::fs::{CWD, Mode, OFlags};

use crate::error::{ErrorClass, Step, StepError};
use crate::plan::ContainerPlan;
use crate::process::{self, Command, MissingDirectory};
use crate::rootfs::Rootfs;
use crate::stdio::{Handles, Stdio};
use crate::sync::ChildSync;

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
    process::refuse_tracing()?;
    process::set_oom_score_adj(plan.process.oom_score_adj)?;
    enter_namespaces(plan, handles.network_namespace.as_ref())?;
    let wants_terminal = matches!(handles.stdio, Stdio::Terminal);
    process::take_streams(handles.stdio)?;

    let mut rootfs = Rootfs::mount(plan)?;
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
    command.run(sync, plan.init)
}

fn enter_namespaces(plan: &ContainerPlan, network: Option<&OwnedFd>) -> Result<(), StepError> {
    for joined in &plan.namespaces.join {
        let path = &joined.path.display();
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let namespace =
            rustix::fs::openat(CWD, &joined.path, flags, Mode::empty()).step("namespace", path)?;
        clone::join_one(namespace.as_fd(), joined.kind).step("setns", path)?;
    }
    if let Some(network) = network {
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

/// A plan that cannot be right, whatever the host.
pub(crate) fn invalid(step: &'static str, path: &str, message: &str) -> StepError {
    StepError::refused(ErrorClass::InvalidArgument, step, path, message)
}
