//! Loading of a ready seccomp filter.

use crate::{Errno, Result, check};

/// The kernel's BPF_MAXINSNS.
pub const MAX_INSTRUCTIONS: usize = 4096;

/// Size of one `struct sock_filter`.
const INSTRUCTION_BYTES: usize = size_of::<libc::sock_filter>();

/// Puts the calling thread, and every process it makes, under a filter, for good.
///
/// `program` is an array of the kernel's `struct sock_filter` in native byte order; `flags` are the kernel's
/// `SECCOMP_FILTER_FLAG_*`. Needs no_new_privs, or CAP_SYS_ADMIN in the user namespace (else EACCES).
///
/// # Errors
/// EINVAL for a program that is empty, too long, not of whole instructions, or refused by the kernel's checker.
pub fn install(program: &[u8], flags: u32) -> Result<()> {
    let (instructions, rest) = program.as_chunks::<INSTRUCTION_BYTES>();
    if instructions.is_empty() || instructions.len() > MAX_INSTRUCTIONS || !rest.is_empty() {
        return Err(Errno::INVAL);
    }
    let mut filter: Vec<libc::sock_filter> = instructions.iter().map(decode).collect();
    let raw = libc::sock_fprog {
        len: filter.len() as u16,
        filter: filter.as_mut_ptr(),
    };
    // SAFETY: the program structure and its instructions outlive the call; the kernel copies them.
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

fn decode(bytes: &[u8; INSTRUCTION_BYTES]) -> libc::sock_filter {
    let [code_0, code_1, jt, jf, k_0, k_1, k_2, k_3] = *bytes;
    libc::sock_filter {
        code: u16::from_ne_bytes([code_0, code_1]),
        jt,
        jf,
        k: u32::from_ne_bytes([k_0, k_1, k_2, k_3]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_program() {
        assert_eq!(install(&[], 0).unwrap_err(), Errno::INVAL);
        assert_eq!(install(&[0; 9], 0).unwrap_err(), Errno::INVAL);
    }
}
