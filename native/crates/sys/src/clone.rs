//! clone3(2), straight into namespaces and a cgroup.

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use bitflags::bitflags;
use rustix::process::Pid;
use serde::{Deserialize, Serialize};

use crate::{Result, check};

bitflags! {
    /// The kernel's `CLONE_NEW*` flags.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
    pub struct Namespaces: u64 {
        const TIME = 0x0000_0080;
        const MOUNT = 0x0002_0000;
        const CGROUP = 0x0200_0000;
        const UTS = 0x0400_0000;
        const IPC = 0x0800_0000;
        const USER = 0x1000_0000;
        const PID = 0x2000_0000;
        const NETWORK = 0x4000_0000;
    }
}

/// Of `linux/sched.h`; does not fit the int that libc declares it as.
const CLONE_INTO_CGROUP: u64 = 1 << 33;

/// What a new process is born into.
#[derive(Debug, Clone, Copy)]
pub struct CloneArgs<'fd> {
    /// Namespaces made new for the child.
    ///
    /// `CGROUP` makes a namespace whose root is the *caller's* cgroup, even together with `cgroup`: a child that
    /// shall see its own cgroup as the root must unshare after it was attached.
    pub namespaces: Namespaces,
    /// A cgroup v2 directory to be born in (Linux 5.7).
    pub cgroup: Option<BorrowedFd<'fd>>,
    /// Make the child a sibling: its parent, and the receiver of its SIGCHLD, is the caller's parent.
    pub sibling: bool,
}

impl CloneArgs<'_> {
    /// A child in the caller's own namespaces and cgroup.
    pub const PLAIN: CloneArgs<'static> = CloneArgs {
        namespaces: Namespaces::empty(),
        cgroup: None,
        sibling: false,
    };
}

/// Which side of the clone runs.
#[derive(Debug)]
pub enum Cloned {
    Child,
    Parent {
        /// As seen from the caller's pid namespace.
        pid: Pid,
        /// Readable when the child has exited.
        pidfd: OwnedFd,
    },
}

/// Makes a child process with a copy of the caller's memory (no `CLONE_VM`).
///
/// The raw system call does not run libc's `pthread_atfork` handlers.
///
/// # Safety
/// The calling process must be single-threaded: only then are all of libc's locks free in the child, and ordinary
/// code, malloc included, may run there.
pub unsafe fn clone3(args: &CloneArgs<'_>) -> Result<Cloned> {
    let mut pidfd: RawFd = -1;
    // SAFETY: clone_args is plain integers; all zeroes is its neutral value.
    let mut raw: libc::clone_args = unsafe { std::mem::zeroed() };
    raw.flags = args.namespaces.bits() | libc::CLONE_PIDFD as u64;
    raw.pidfd = (&raw mut pidfd) as u64;
    if let Some(cgroup) = args.cgroup {
        raw.flags |= CLONE_INTO_CGROUP;
        raw.cgroup = cgroup.as_raw_fd() as u64;
    }
    if args.sibling {
        // The exit signal of a sibling is the caller's own and must be 0 here.
        raw.flags |= libc::CLONE_PARENT as u64;
    } else {
        raw.exit_signal = libc::SIGCHLD as u64;
    }
    // SAFETY: the structure and the pidfd slot outlive the call; without CLONE_VM the child runs on its own copy of
    // this stack. Single-threadedness is the caller's promise.
    let returned = check(unsafe {
        libc::syscall(
            libc::SYS_clone3,
            &raw const raw,
            size_of::<libc::clone_args>(),
        )
    })?;
    let Some(pid) = Pid::from_raw(returned as i32) else {
        return Ok(Cloned::Child);
    };
    // SAFETY: the kernel has just stored a new descriptor that nobody else owns.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };
    Ok(Cloned::Parent { pid, pidfd })
}

/// fork(2) as libc makes it. Container seccomp profiles refuse clone3, whose arguments they cannot see; this they
/// allow. Answers the child's pid in the parent, None in the child.
///
/// # Safety
/// As [`clone3`].
pub unsafe fn fork() -> Result<Option<Pid>> {
    // SAFETY: single-threadedness is the caller's promise.
    let pid = check(unsafe { libc::fork() }.into())?;
    Ok(Pid::from_raw(pid as i32))
}

/// Leaves the given namespaces for new ones. `PID` and `TIME` take effect for children only.
///
/// # Errors
/// EINVAL when `USER` or `PID` is asked of a process with threads.
pub fn unshare(namespaces: Namespaces) -> Result<()> {
    // SAFETY: no CLONE_FILES, CLONE_FS or CLONE_SYSVSEM can be said here, so no borrowed descriptor changes meaning.
    check(unsafe { libc::syscall(libc::SYS_unshare, namespaces.bits()) }).map(drop)
}

/// Joins those namespaces of the process behind `pidfd`, all or none. `PID` and `TIME` take effect for children only.
///
/// # Errors
/// ESRCH when the process is gone; EPERM without CAP_SYS_ADMIN.
pub fn join(pidfd: BorrowedFd<'_>, namespaces: Namespaces) -> Result<()> {
    setns(pidfd, namespaces.bits() as libc::c_int)
}

/// Joins the namespace behind an open `/proc/<pid>/ns/<name>`, which must be of the one given kind.
pub fn join_one(namespace: BorrowedFd<'_>, kind: Namespaces) -> Result<()> {
    setns(namespace, kind.bits() as libc::c_int)
}

fn setns(fd: BorrowedFd<'_>, kind: libc::c_int) -> Result<()> {
    // SAFETY: setns takes plain integers.
    check(unsafe { libc::syscall(libc::SYS_setns, fd.as_raw_fd(), kind) }).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pidfd::{self, Exit};

    #[test]
    fn a_child_runs_and_its_exit_code_arrives_by_pidfd() {
        // The test harness has threads; the child only makes a system call.
        // SAFETY: the child calls nothing but _exit.
        match unsafe { clone3(&CloneArgs::PLAIN) }.unwrap() {
            // SAFETY: _exit ends the process at once.
            Cloned::Child => unsafe { libc::_exit(7) },
            Cloned::Parent { pidfd, .. } => {
                assert_eq!(pidfd::wait(&pidfd).unwrap(), Exit::Code(7));
            }
        }
    }
}
