use longshore_sys::Errno;
use rustix::process::{Resource, Rlimit as KernelLimit, getrlimit, setrlimit};
use rustix::thread::CapabilitySet;

use crate::error::{ErrorClass, Step, StepError};
use crate::plan::{ProcessPlan, Rlimit, RlimitResource};

pub(super) fn apply(plan: &ProcessPlan) -> Result<(), StepError> {
    let is_demanded = |limit: &&Rlimit| {
        plan.rlimits
            .iter()
            .any(|demand| demand.resource == limit.resource)
    };
    for limit in plan
        .default_rlimits
        .iter()
        .filter(|limit| !is_demanded(limit))
    {
        apply_default(limit)?;
    }
    for limit in &plan.rlimits {
        set(limit)?;
    }
    Ok(())
}

/// Refuses limits that this host cannot give.
pub(crate) fn check(limits: &[Rlimit]) -> Result<(), StepError> {
    if limits.is_empty() {
        return Ok(());
    }
    let own = rustix::thread::capabilities(None).step("capabilities", "")?;
    if own.effective.contains(CapabilitySet::SYS_RESOURCE) {
        return Ok(());
    }
    let is_above = |limit: &&Rlimit| {
        let host = getrlimit(resource_of(limit.resource)).maximum;
        host.is_some_and(|host| limit.hard > host)
    };
    match limits.iter().find(is_above) {
        Some(limit) => Err(refusal(limit, Errno::PERM)),
        None => Ok(()),
    }
}

/// Nobody has asked for it: nothing to tell when the host gives less.
fn apply_default(limit: &Rlimit) -> Result<(), StepError> {
    match set(limit) {
        Err(error) if error.errno == libc::EPERM => {}
        result => return result,
    }
    let host = getrlimit(resource_of(limit.resource))
        .maximum
        .unwrap_or(u64::MAX);
    let cut = Rlimit {
        hard: limit.hard.min(host),
        soft: limit.soft.min(host),
        ..*limit
    };
    set(&cut)
}

fn set(limit: &Rlimit) -> Result<(), StepError> {
    let finite = |value: u64| (value != u64::MAX).then_some(value);
    let kernels = KernelLimit {
        current: finite(limit.soft),
        maximum: finite(limit.hard),
    };
    setrlimit(resource_of(limit.resource), kernels).map_err(|errno| refusal(limit, errno))
}

fn refusal(limit: &Rlimit, errno: Errno) -> StepError {
    let error = StepError::kernel("rlimit", name_of(limit), errno);
    if errno != Errno::PERM {
        return error;
    }
    let host = getrlimit(resource_of(limit.resource)).maximum;
    let host = host.map_or("unlimited".to_owned(), |it| it.to_string());
    let message = format!(
        "process.rlimits {}: {} is above this host's hard limit, {host}",
        name_of(limit),
        limit.hard
    );
    error
        .with_class(ErrorClass::FailedPrecondition)
        .with_message(message)
        .with_hint("Ask for less, or raise the agent's own limit.")
}

fn name_of(limit: &Rlimit) -> String {
    format!("RLIMIT_{:?}", limit.resource).to_uppercase()
}

fn resource_of(resource: RlimitResource) -> Resource {
    match resource {
        RlimitResource::As => Resource::As,
        RlimitResource::Core => Resource::Core,
        RlimitResource::Cpu => Resource::Cpu,
        RlimitResource::Data => Resource::Data,
        RlimitResource::Fsize => Resource::Fsize,
        RlimitResource::Locks => Resource::Locks,
        RlimitResource::Memlock => Resource::Memlock,
        RlimitResource::Msgqueue => Resource::Msgqueue,
        RlimitResource::Nice => Resource::Nice,
        RlimitResource::Nofile => Resource::Nofile,
        RlimitResource::Nproc => Resource::Nproc,
        RlimitResource::Rss => Resource::Rss,
        RlimitResource::Rtprio => Resource::Rtprio,
        RlimitResource::Rttime => Resource::Rttime,
        RlimitResource::Sigpending => Resource::Sigpending,
        RlimitResource::Stack => Resource::Stack,
    }
}
