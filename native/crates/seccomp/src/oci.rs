use oci_spec::runtime::{
    Arch as OciArch, LinuxSeccomp, LinuxSeccompAction, LinuxSeccompArg, LinuxSeccompFilterFlag,
    LinuxSeccompOperator, LinuxSyscall,
};

use crate::abi::{Abi, Arch};
use crate::compile::compile;
use crate::error::{Error, Result};
use crate::filter::{FLAG_LOG, FLAG_SPEC_ALLOW, FLAG_TSYNC, Filter};
use crate::policy::{Action, Condition, Policy, Rule, Test};

/// The kernel's MAX_ERRNO.
const MAX_ERRNO: u32 = 4095;

/// Reads OCI `linux.seccomp`. Without architectures it is for the native one alone; those of other machines are passed
/// over. Without flags it gets SPEC_ALLOW, as with runc.
pub fn from_oci(seccomp: &LinuxSeccomp) -> Result<Filter> {
    compile(&policy(seccomp)?)
}

pub(crate) fn policy(seccomp: &LinuxSeccomp) -> Result<Policy> {
    if seccomp.listener_path().is_some() {
        return Err(unsupported("listenerPath"));
    }
    let default = action(seccomp.default_action(), seccomp.default_errno_ret())?;
    let mut rules = Vec::new();
    for syscall in seccomp.syscalls().iter().flatten() {
        rules.extend(rules_of(syscall)?);
    }
    Ok(Policy {
        default,
        abis: abis(seccomp.architectures().as_deref())?,
        rules,
        flags: flags(seccomp)?,
    })
}

fn rules_of(syscall: &LinuxSyscall) -> Result<Vec<Rule>> {
    let action = action(syscall.action(), syscall.errno_ret())?;
    let conditions: Vec<Condition> = syscall
        .args()
        .iter()
        .flatten()
        .map(condition)
        .collect::<Result<_>>()?;
    let rule = |conditions| Rule {
        names: syscall.names().clone(),
        conditions,
        action,
    };
    let mut arguments: Vec<u8> = conditions
        .iter()
        .map(|condition| condition.argument)
        .collect();
    arguments.sort_unstable();
    if arguments.windows(2).any(|pair| pair[0] == pair[1]) {
        // runc reads several conditions on one argument as alternatives, and profiles rely on it.
        return Ok(conditions
            .into_iter()
            .map(|condition| rule(vec![condition]))
            .collect());
    }
    Ok(vec![rule(conditions)])
}

fn condition(argument: &LinuxSeccompArg) -> Result<Condition> {
    let index = u8::try_from(argument.index())
        .ok()
        .filter(|index| *index < 6)
        .ok_or_else(|| Error::Invalid {
            what: format!("argument {} (there are six, from 0)", argument.index()),
        })?;
    let value = argument.value();
    let test = match argument.op() {
        LinuxSeccompOperator::ScmpCmpNe => Test::NotEqual(value),
        LinuxSeccompOperator::ScmpCmpLt => Test::Less(value),
        LinuxSeccompOperator::ScmpCmpLe => Test::LessOrEqual(value),
        LinuxSeccompOperator::ScmpCmpEq => Test::Equal(value),
        LinuxSeccompOperator::ScmpCmpGe => Test::GreaterOrEqual(value),
        LinuxSeccompOperator::ScmpCmpGt => Test::Greater(value),
        LinuxSeccompOperator::ScmpCmpMaskedEq => Test::MaskedEqual {
            mask: value,
            value: argument.value_two().unwrap_or(0),
        },
    };
    Ok(Condition {
        argument: index,
        test,
    })
}

fn action(action: LinuxSeccompAction, data: Option<u32>) -> Result<Action> {
    let errno = || {
        let errno = data.unwrap_or(libc::EPERM as u32);
        if errno <= MAX_ERRNO {
            return Ok(errno as u16);
        }
        Err(Error::Invalid {
            what: format!("errno {errno} (4,095 at most)"),
        })
    };
    match action {
        LinuxSeccompAction::ScmpActKill | LinuxSeccompAction::ScmpActKillThread => {
            Ok(Action::KILL_THREAD)
        }
        LinuxSeccompAction::ScmpActKillProcess => Ok(Action::KILL_PROCESS),
        LinuxSeccompAction::ScmpActTrap => Ok(Action::TRAP),
        LinuxSeccompAction::ScmpActErrno => Ok(Action::errno(errno()?)),
        LinuxSeccompAction::ScmpActTrace => Ok(Action::trace(errno()?)),
        LinuxSeccompAction::ScmpActLog => Ok(Action::LOG),
        LinuxSeccompAction::ScmpActAllow => Ok(Action::ALLOW),
        LinuxSeccompAction::ScmpActNotify => Err(unsupported("SCMP_ACT_NOTIFY")),
    }
}

fn abis(architectures: Option<&[OciArch]>) -> Result<Vec<Abi>> {
    let native = Arch::native().ok_or_else(|| unsupported("this machine's architecture"))?;
    let native_abi = native.abis()[0];
    let Some(listed) = architectures.filter(|list| !list.is_empty()) else {
        return Ok(vec![native_abi]);
    };
    let mut abis = vec![native_abi];
    for architecture in listed {
        let abi = match architecture {
            OciArch::ScmpArchNative => native_abi,
            OciArch::ScmpArchX86 => Abi::X86,
            OciArch::ScmpArchX86_64 => Abi::X86_64,
            OciArch::ScmpArchX32 => Abi::X32,
            OciArch::ScmpArchArm => Abi::Arm,
            OciArch::ScmpArchAarch64 => Abi::Aarch64,
            // No program of these could run here.
            _ => continue,
        };
        if native.abis().contains(&abi) && !abis.contains(&abi) {
            abis.push(abi);
        }
    }
    Ok(abis)
}

fn flags(seccomp: &LinuxSeccomp) -> Result<u32> {
    let Some(listed) = seccomp.flags() else {
        return Ok(FLAG_SPEC_ALLOW);
    };
    listed.iter().try_fold(0, |flags, flag| {
        let bit = match flag {
            LinuxSeccompFilterFlag::SeccompFilterFlagLog => FLAG_LOG,
            LinuxSeccompFilterFlag::SeccompFilterFlagTsync => FLAG_TSYNC,
            LinuxSeccompFilterFlag::SeccompFilterFlagSpecAllow => FLAG_SPEC_ALLOW,
            LinuxSeccompFilterFlag::SeccompFilterFlagWaitKillableRecv => {
                return Err(unsupported("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"));
            }
        };
        Ok(flags | bit)
    })
}

fn unsupported(what: &str) -> Error {
    Error::Unsupported {
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests;
