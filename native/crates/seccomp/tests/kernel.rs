//! The default profile in the real kernel: a forked child loads it and makes system calls. Needs no root.

use std::io;

use longshore_seccomp::{Arch, Capabilities, Filter, KernelVersion, default_profile};

/// What a child that loaded the filter tells: the errno of the call, 0 for success. 255: the filter did not load.
fn errno_under(filter: &Filter, call: fn() -> libc::c_long) -> i32 {
    let program: Vec<_> = filter
        .program()
        .iter()
        .map(|it| longshore_sys::seccomp::Instruction {
            code: it.code,
            jt: it.jt,
            jf: it.jf,
            k: it.k,
        })
        .collect();
    // SAFETY: the child only makes system calls and ends.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0);
    if pid == 0 {
        // SAFETY: plain system calls with constant arguments.
        unsafe {
            let quiet = libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            if quiet != 0 || longshore_sys::seccomp::install(&program, filter.flags()).is_err() {
                libc::_exit(255);
            }
            let failed = call() < 0;
            libc::_exit(if failed {
                io::Error::last_os_error().raw_os_error().unwrap_or(254)
            } else {
                0
            });
        }
    }
    let mut status = 0;
    // SAFETY: `status` is a valid place, and the pid is our own child's.
    assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, 0) }, pid);
    assert!(
        libc::WIFEXITED(status),
        "the child ended with status {status:#x}"
    );
    libc::WEXITSTATUS(status)
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn profile(capabilities: u64) -> Result<Filter, Box<dyn std::error::Error>> {
    let arch = Arch::native().ok_or("there is no profile for this machine")?;
    Ok(default_profile(
        arch,
        Capabilities(capabilities),
        KernelVersion(6, 1),
    )?)
}

fn system_call(number: libc::c_long, arguments: [libc::c_long; 3]) -> libc::c_long {
    // SAFETY: the tests pass no pointers but null.
    unsafe { libc::syscall(number, arguments[0], arguments[1], arguments[2]) }
}

fn socket(family: i32) -> libc::c_long {
    system_call(
        libc::SYS_socket,
        [family.into(), libc::SOCK_SEQPACKET.into(), 0],
    )
}

#[test]
fn ordinary_calls_pass() -> Outcome {
    assert_eq!(
        errno_under(&profile(0)?, || system_call(libc::SYS_getpid, [0; 3])),
        0
    );
    Ok(())
}

#[test]
fn unshare_needs_the_capability() -> Outcome {
    let unshare = || system_call(libc::SYS_unshare, [libc::CLONE_NEWUSER.into(), 0, 0]);
    assert_eq!(errno_under(&profile(0)?, unshare), libc::EPERM);
    Ok(())
}

#[test]
fn clone3_is_unknown_without_the_capability() -> Outcome {
    // Without arguments it makes no process: EINVAL is the kernel's own answer.
    let clone3 = || system_call(libc::SYS_clone3, [0; 3]);
    assert_eq!(errno_under(&profile(0)?, clone3), libc::ENOSYS);
    assert_eq!(errno_under(&profile(1 << 21)?, clone3), libc::EINVAL);
    Ok(())
}

#[test]
fn the_kernels_crypto_has_no_socket() -> Outcome {
    assert_eq!(
        errno_under(&profile(0)?, || socket(libc::AF_ALG)),
        libc::EPERM
    );
    assert_eq!(errno_under(&profile(0)?, || socket(libc::AF_UNIX)), 0);
    Ok(())
}

#[test]
fn a_call_that_no_kernel_has_yet_is_unknown() -> Outcome {
    assert_eq!(
        errno_under(&profile(0)?, || system_call(4000, [0; 3])),
        libc::ENOSYS
    );
    Ok(())
}
