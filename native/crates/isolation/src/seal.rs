//! The agent's own program file, out of every container's reach (CVE-2019-5736).
//!
//! A process on its way into a container still runs the agent's program, and /proc/<pid>/exe is a way to that file. So
//! the agent runs from a file that cannot be written by anybody: a read-only overlay of the file's directory, which
//! costs no memory, or else a sealed copy in memory. One for all containers.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use longshore_sys::exec::{CStringList, execve_fd};
use longshore_sys::mount::{FileSystemContext, MountAttributes};
use longshore_sys::{Errno, rooted};
use rustix::fs::{CWD, MemfdFlags, Mode, OFlags, SealFlags, StatVfsMountFlags};

use crate::error::{ErrorClass, Step, StepError};

/// Holds the pid of the process that has sealed itself: exec keeps the pid, and nobody else has it.
const MARKER: &str = "LONGSHORE_SEALED";
/// Of `linux/magic.h`.
const OVERLAYFS_SUPER_MAGIC: rustix::fs::FsWord = 0x794c_7630;
const OWN_PROGRAM: &str = "/proc/self/exe";

/// Makes sure that the calling program runs from a file that no container can ever write to, and comes back.
///
/// Must be the first thing that the agent's main does, before any thread: when needed, the program is executed anew
/// with the same arguments and environment.
///
/// # Errors
/// When neither of the two ways works here.
pub fn seal_self() -> Result<(), StepError> {
    if std::env::var(MARKER).is_ok_and(|pid| pid == std::process::id().to_string()) {
        if is_sealed().step("seal", OWN_PROGRAM)? {
            return Ok(());
        }
        let message = "the agent's program could not be sealed against being overwritten";
        return Err(StepError::refused(
            ErrorClass::Internal,
            "seal",
            OWN_PROGRAM,
            message,
        ));
    }
    // Needs overlay's lowerdir+ (Linux 6.8) and a file system that may be a layer.
    let sealed = match on_read_only_overlay() {
        Ok(sealed) => sealed,
        Err(_) => in_memory().step("seal", OWN_PROGRAM)?,
    };
    Err(execute(&sealed))
}

fn execute(program: &OwnedFd) -> StepError {
    let arguments: Vec<_> = std::env::args_os().collect();
    let arguments: Vec<&[u8]> = arguments.iter().map(|it| it.as_bytes()).collect();
    let mut environment: Vec<Vec<u8>> = std::env::vars_os()
        .filter(|(name, _)| name != MARKER)
        .map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat())
        .collect();
    environment.push(format!("{MARKER}={}", std::process::id()).into_bytes());
    match (CStringList::new(&arguments), CStringList::new(&environment)) {
        (Ok(arguments), Ok(environment)) => {
            let errno = execve_fd(program.as_fd(), &arguments, &environment);
            StepError::kernel("seal", OWN_PROGRAM, errno)
        }
        _ => StepError::kernel("seal", OWN_PROGRAM, Errno::INVAL),
    }
}

/// A superblock without an upper layer: even CAP_SYS_ADMIN in a container cannot make it writable.
fn on_read_only_overlay() -> Result<OwnedFd, Errno> {
    let path = rustix::fs::readlink(OWN_PROGRAM, Vec::new())?;
    let path = Path::new(std::ffi::OsStr::from_bytes(path.as_bytes()));
    let (directory, name) = path.parent().zip(path.file_name()).ok_or(Errno::NOENT)?;
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let directory = rustix::fs::openat(CWD, directory, flags, Mode::empty())?;
    // An overlay needs a second layer when none is writable.
    let empty = FileSystemContext::open(c"tmpfs")?.mount(MountAttributes::READ_ONLY)?;
    let overlay = FileSystemContext::open(c"overlay")?;
    for layer in [&directory, &empty] {
        overlay.set_string("lowerdir+", format!("/proc/self/fd/{}", layer.as_raw_fd()))?;
    }
    let mounted = overlay.mount(MountAttributes::READ_ONLY | MountAttributes::NO_SUID)?;
    let program = rooted::open_beneath_no_symlinks(&mounted, name, OFlags::PATH, Mode::empty())?;
    let (ours, sealed) = (rustix::fs::stat(OWN_PROGRAM)?, rustix::fs::fstat(&program)?);
    // Somebody may have replaced the file since it was started.
    if (ours.st_ino, ours.st_size) != (sealed.st_ino, sealed.st_size) {
        return Err(Errno::STALE);
    }
    Ok(program)
}

fn in_memory() -> Result<OwnedFd, Errno> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Kernels before 6.3 do not know EXEC, later ones may demand it.
    let memory = match rustix::fs::memfd_create(c"longshore-agent", flags | MemfdFlags::EXEC) {
        Err(Errno::INVAL) => rustix::fs::memfd_create(c"longshore-agent", flags),
        made => made,
    }?;
    let program = rustix::fs::open(OWN_PROGRAM, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let mut left =
        usize::try_from(rustix::fs::fstat(&program)?.st_size).map_err(|_| Errno::FBIG)?;
    while left > 0 {
        match rustix::fs::sendfile(&memory, &program, None, left)? {
            0 => return Err(Errno::IO),
            copied => left = left.saturating_sub(copied),
        }
    }
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    rustix::fs::fcntl_add_seals(&memory, seals)?;
    Ok(memory)
}

fn is_sealed() -> Result<bool, Errno> {
    let program = rustix::fs::open(OWN_PROGRAM, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    if rustix::fs::fcntl_get_seals(&program).is_ok_and(|it| it.contains(SealFlags::WRITE)) {
        return Ok(true);
    }
    let is_overlay = rustix::fs::fstatfs(&program)?.f_type == OVERLAYFS_SUPER_MAGIC;
    let flags = rustix::fs::fstatvfs(&program)?.f_flag;
    Ok(is_overlay && flags.contains(StatVfsMountFlags::RDONLY))
}
