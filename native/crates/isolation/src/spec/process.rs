use oci_spec::runtime::{
    Capability, LinuxCapabilities, PosixRlimit, PosixRlimitType, Process, User,
};

use super::SpecError;
use super::linux::require_absolute;
use crate::capabilities::number;
use crate::plan::{Capabilities, ProcessPlan, Rlimit, RlimitResource, TerminalSize, UserPlan};

/// As runc; the most that execve(2) takes for one string is 128 KiB.
const DEFAULT_UMASK: u32 = 0o022;

pub(super) fn plan(process: Option<&Process>) -> Result<ProcessPlan, SpecError> {
    let process = process.ok_or_else(|| SpecError::invalid("process", "is missing"))?;
    refuse_unsupported(process)?;
    require_absolute("process.cwd", process.cwd())?;
    let args = process.args().clone().unwrap_or_default();
    if args.first().is_none_or(String::is_empty) {
        return Err(SpecError::invalid("process.args", "names no command"));
    }
    let env = process.env().clone().unwrap_or_default();
    refuse_nul("process.args", &args)?;
    refuse_nul("process.env", &env)?;
    Ok(ProcessPlan {
        args,
        env,
        cwd: process.cwd().to_string_lossy().into_owned(),
        user: user(process.user()),
        capabilities: process
            .capabilities()
            .as_ref()
            .map(capabilities)
            .unwrap_or_default(),
        no_new_privileges: process.no_new_privileges().unwrap_or(false),
        seccomp: None,
        apparmor_profile: apparmor_profile(process)?,
        rlimits: process
            .rlimits()
            .iter()
            .flatten()
            .map(rlimit)
            .collect::<Result<_, _>>()?,
        default_rlimits: Vec::new(),
        oom_score_adj: process.oom_score_adj(),
        umask: process.user().umask().unwrap_or(DEFAULT_UMASK) & 0o777,
        terminal_size: process.console_size().as_ref().map(|size| TerminalSize {
            columns: u16::try_from(size.width()).unwrap_or(u16::MAX),
            rows: u16::try_from(size.height()).unwrap_or(u16::MAX),
        }),
    })
}

fn refuse_unsupported(process: &Process) -> Result<(), SpecError> {
    let is_confined = |label: &Option<String>| {
        label
            .as_deref()
            .is_some_and(|label| !label.is_empty() && label != "unconfined")
    };
    let filled = [
        ("process.selinuxLabel", is_confined(process.selinux_label())),
        ("process.ioPriority", process.io_priority().is_some()),
        ("process.scheduler", process.scheduler().is_some()),
        (
            "process.execCPUAffinity",
            process.exec_cpu_affinity().is_some(),
        ),
    ];
    match filled.iter().find(|(_, filled)| *filled) {
        Some((field, _)) => Err(SpecError::unsupported(field)),
        None => Ok(()),
    }
}

/// None for what the agent itself is under.
fn apparmor_profile(process: &Process) -> Result<Option<String>, SpecError> {
    let profile = process.apparmor_profile().as_deref().unwrap_or_default();
    if profile.contains(char::is_control) {
        let reason = "has a control character";
        return Err(SpecError::invalid("process.apparmorProfile", reason));
    }
    Ok((!profile.is_empty()).then(|| profile.to_owned()))
}

fn refuse_nul(field: &str, strings: &[String]) -> Result<(), SpecError> {
    if strings.iter().any(|it| it.contains('\0')) {
        return Err(SpecError::invalid(field, "holds a NUL byte"));
    }
    Ok(())
}

fn user(user: &User) -> UserPlan {
    UserPlan::Numeric {
        uid: user.uid(),
        gid: user.gid(),
        additional_gids: user.additional_gids().clone().unwrap_or_default(),
    }
}

fn capabilities(sets: &LinuxCapabilities) -> Capabilities {
    let bits = |set: &Option<std::collections::HashSet<Capability>>| {
        let numbers = set
            .iter()
            .flatten()
            .filter_map(|it| number(&it.to_string()));
        numbers.fold(0, |bits, number| bits | 1 << number)
    };
    let bounding = bits(sets.bounding());
    let permitted = bits(sets.permitted());
    Capabilities {
        bounding,
        permitted,
        effective: bits(sets.effective()) & permitted,
        ambient: bits(sets.ambient()) & permitted,
    }
}

fn rlimit(limit: &PosixRlimit) -> Result<Rlimit, SpecError> {
    if limit.soft() > limit.hard() {
        let reason = format!("{}: the soft limit is above the hard limit", limit.typ());
        return Err(SpecError::invalid("process.rlimits", reason));
    }
    Ok(Rlimit {
        resource: resource_of(limit.typ()),
        soft: limit.soft(),
        hard: limit.hard(),
    })
}

fn resource_of(typ: PosixRlimitType) -> RlimitResource {
    match typ {
        PosixRlimitType::RlimitAs => RlimitResource::As,
        PosixRlimitType::RlimitCore => RlimitResource::Core,
        PosixRlimitType::RlimitCpu => RlimitResource::Cpu,
        PosixRlimitType::RlimitData => RlimitResource::Data,
        PosixRlimitType::RlimitFsize => RlimitResource::Fsize,
        PosixRlimitType::RlimitLocks => RlimitResource::Locks,
        PosixRlimitType::RlimitMemlock => RlimitResource::Memlock,
        PosixRlimitType::RlimitMsgqueue => RlimitResource::Msgqueue,
        PosixRlimitType::RlimitNice => RlimitResource::Nice,
        PosixRlimitType::RlimitNofile => RlimitResource::Nofile,
        PosixRlimitType::RlimitNproc => RlimitResource::Nproc,
        PosixRlimitType::RlimitRss => RlimitResource::Rss,
        PosixRlimitType::RlimitRtprio => RlimitResource::Rtprio,
        PosixRlimitType::RlimitRttime => RlimitResource::Rttime,
        PosixRlimitType::RlimitSigpending => RlimitResource::Sigpending,
        PosixRlimitType::RlimitStack => RlimitResource::Stack,
    }
}
