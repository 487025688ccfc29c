//! Loading of a ready seccomp filter.

use crate::{Errno, Result, check};

/// One instruction of classic BPF, the kernel's `struct sock_filter`.
pub type Instruction = libc::sock_filter;

/// The kernel's BPF_MAXINSNS.
pub const MAX_INSTRUCTIONS: usize = 4096;

/// Puts the calling thread, and every process it makes, under a filter, for good.
///
/// `flags` are the kernel's `SECCOMP_FILTER_FLAG_*`.
///
/// # Errors
/// EACCES without no_new_privs and without CAP_SYS_ADMIN in the user namespace; EINVAL for a program that is empty,
/// longer than [`MAX_INSTRUCTIONS`], or refused by the kernel's checker.
pub fn install(program: &[Instruction], flags: u32) -> Result<()> {
    if program.is_empty() || program.len() > MAX_INSTRUCTIONS {
        return Err(Errno::INVAL);
    }
    let raw = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_ptr().cast_mut(),
    };
    // SAFETY: the kernel only reads the program, which outlives the call.
    check(unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            flags,
            &raw const raw,
        )
    })
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_program() {
        assert_eq!(install(&[], 0).unwrap_err(), Errno::INVAL);
        let nothing = Instruction {
            code: 0,
            jt: 0,
            jf: 0,
            k: 0,
        };
        assert_eq!(
            install(&[nothing; MAX_INSTRUCTIONS + 1], 0).unwrap_err(),
            Errno::INVAL
        );
    }
}
