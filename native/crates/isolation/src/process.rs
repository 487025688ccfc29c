//! The last steps before exec, the same for containers and execs: user, streams, rights, command.

pub(crate) mod apparmor;
mod command;
mod environment;
mod lookup;
mod reaper;
pub(crate) mod rlimits;
mod streams;
mod working_directory;

use std::path::Path;

use longshore_sys::Errno;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::process::DumpableBehavior;

use crate::error::{ErrorClass, Step, StepError};

pub(crate) use command::Command;
pub(crate) use streams::{devpts_of, set_terminal, take_streams};
pub(crate) use working_directory::MissingDirectory;

/// Makes the kernel refuse tracing, and /proc/<pid>/{exe,fd,mem}, to everybody without CAP_SYS_PTRACE, until exec.
pub(crate) fn refuse_tracing() -> Result<(), StepError> {
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).step("prctl", "dumpable")
}

/// Must run while /proc is still the host's: the container's may be hidden or read-only.
pub(crate) fn set_oom_score_adj(value: Option<i32>) -> Result<(), StepError> {
    let Some(value) = value else {
        return Ok(());
    };
    let path = Path::new("/proc/self/oom_score_adj");
    let file = rustix::fs::openat(CWD, path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())
        .step("oom_score_adj", path.display())?;
    match rustix::io::write(&file, value.to_string().as_bytes()) {
        Ok(_) => Ok(()),
        // 0 is what every spec says when nobody asked for anything; an agent that was itself given a higher score, and
        // not the right to lower it, still starts containers.
        Err(Errno::ACCESS) if value == 0 => Ok(()),
        Err(Errno::ACCESS) => {
            let message = format!(
                "process.oomScoreAdj: this host does not let the agent lower it to {value}"
            );
            Err(StepError::kernel("oom_score_adj", value, Errno::ACCESS)
                .with_class(ErrorClass::FailedPrecondition)
                .with_message(message)
                .with_hint("Ask for a higher value, or give the agent CAP_SYS_RESOURCE."))
        }
        Err(errno) => Err(StepError::kernel("oom_score_adj", value, errno)),
    }
}

/// Ends the process without running anybody's destructors: the descriptors they would close belong to the parent.
pub(crate) fn exit(code: i32) -> ! {
    // SAFETY: _exit only ends the process.
    unsafe { libc::_exit(code) }
}
