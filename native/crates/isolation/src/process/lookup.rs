use std::ffi::CString;

use longshore_sys::Errno;
use longshore_sys::exec::{CStringList, execve};
use rustix::fs::{Access, AtFlags, CWD, FileType};

use crate::error::{EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, ErrorClass, Step, StepError, describe};

/// Docker's, for images whose environment has none.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Executes `args` with its first string looked up in the `PATH` of `environment`, as a shell does, but for relative
/// entries of `PATH`, which are skipped. Returns only with the reason why that is impossible.
pub(super) fn execute(args: &[String], environment: &[String]) -> StepError {
    try_all(args, environment).unwrap_or_else(|error| error)
}

/// Ok is the failure of the best candidate; Err that nothing could be tried.
fn try_all(args: &[String], environment: &[String]) -> Result<StepError, StepError> {
    let name = args.first().map_or("", String::as_str);
    let arguments = CStringList::new(args).step("exec", name)?;
    let variables = CStringList::new(environment).step("exec", name)?;
    if name.contains('/') {
        let path = CString::new(name).map_err(|_| StepError::kernel("exec", name, Errno::INVAL))?;
        let errno = execve(&path, &arguments, &variables);
        return Ok(failure(name, name, errno));
    }
    let mut denied = None;
    for directory in path_of(environment)
        .split(':')
        .filter(|it| it.starts_with('/'))
    {
        let candidate = format!("{directory}/{name}");
        let path = CString::new(candidate.as_str())
            .map_err(|_| StepError::kernel("exec", name, Errno::INVAL))?;
        match execve(&path, &arguments, &variables) {
            // A name that is there and does not run may still be found further on, but is worth telling.
            Errno::NOENT if !exists(&candidate) => {}
            Errno::NOTDIR => {}
            Errno::ACCESS => denied = denied.or(Some(candidate)),
            errno => return Ok(failure(name, &candidate, errno)),
        }
    }
    Ok(match denied {
        Some(candidate) => failure(name, &candidate, Errno::ACCESS),
        None => not_found(name, "executable file not found in $PATH"),
    })
}

fn path_of(environment: &[String]) -> &str {
    environment
        .iter()
        .find_map(|it| it.strip_prefix("PATH="))
        .unwrap_or(DEFAULT_PATH)
}

fn exists(path: &str) -> bool {
    rustix::fs::accessat(CWD, path, Access::EXISTS, AtFlags::empty()).is_ok()
}

fn is_directory(path: &str) -> bool {
    rustix::fs::stat(path).is_ok_and(|it| FileType::from_raw_mode(it.st_mode).is_dir())
}

fn not_found(name: &str, reason: &str) -> StepError {
    StepError::kernel("exec", name, Errno::NOENT)
        .with_message(format!("{name:?}: {reason}"))
        .with_exit_code(EXIT_NOT_FOUND)
}

fn failure(name: &str, path: &str, errno: Errno) -> StepError {
    let words = describe(errno);
    let not_executable = |reason: &str| {
        StepError::kernel("exec", path, errno)
            .with_message(format!("{name:?}: {reason}"))
            .with_exit_code(EXIT_NOT_EXECUTABLE)
    };
    match errno {
        Errno::NOENT if exists(path) => not_found(name, &words)
            .with_hint("The file is there, but the interpreter or loader it names is missing."),
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP => not_found(name, &words),
        Errno::ACCESS if is_directory(path) => not_executable("is a directory"),
        Errno::ACCESS | Errno::PERM => not_executable(&words)
            .with_hint("The file must have an execute permission for the container's user."),
        Errno::NOEXEC => not_executable(&words)
            .with_class(ErrorClass::FailedPrecondition)
            .with_hint("It is made for another architecture, or is a script without a #! line."),
        _ => not_executable(&words),
    }
}
