//! execve(2) by path and by descriptor, and the argument lists for it.

use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, BorrowedFd};

use crate::{Errno, Result};

/// A NULL-terminated list of C strings, as execve wants it.
#[derive(Debug)]
pub struct CStringList {
    pointers: Vec<*const libc::c_char>,
    /// Keeps alive what the pointers point to.
    _strings: Vec<CString>,
}

impl CStringList {
    /// # Errors
    /// EINVAL when a string holds a NUL byte.
    pub fn new<S: AsRef<[u8]>>(strings: &[S]) -> Result<CStringList> {
        let strings = strings
            .iter()
            .map(|string| CString::new(string.as_ref()))
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|_| Errno::INVAL)?;
        let mut pointers: Vec<_> = strings.iter().map(|string| string.as_ptr()).collect();
        pointers.push(std::ptr::null());
        Ok(CStringList {
            pointers,
            _strings: strings,
        })
    }
}

/// Replaces the process; returns only when the kernel refuses.
pub fn execve(path: &CStr, arguments: &CStringList, environment: &CStringList) -> Errno {
    // SAFETY: the path and both lists are NUL- and NULL-terminated and outlive the call.
    unsafe {
        libc::execve(
            path.as_ptr(),
            arguments.pointers.as_ptr(),
            environment.pointers.as_ptr(),
        )
    };
    last_errno()
}

/// Replaces the process by the file behind `file`; returns only when the kernel refuses.
pub fn execve_fd(
    file: BorrowedFd<'_>,
    arguments: &CStringList,
    environment: &CStringList,
) -> Errno {
    // SAFETY: as in `execve`; the empty path with AT_EMPTY_PATH names the descriptor itself.
    unsafe {
        libc::syscall(
            libc::SYS_execveat,
            file.as_raw_fd(),
            c"".as_ptr(),
            arguments.pointers.as_ptr(),
            environment.pointers.as_ptr(),
            libc::AT_EMPTY_PATH,
        )
    };
    last_errno()
}

fn last_errno() -> Errno {
    let errno = std::io::Error::last_os_error().raw_os_error();
    Errno::from_raw_os_error(errno.unwrap_or(libc::EIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_string_with_a_nul_byte() {
        assert_eq!(CStringList::new(&[b"a\0b"]).unwrap_err(), Errno::INVAL);
    }

    #[test]
    fn a_missing_file_answers_the_kernels_errno() {
        let none = CStringList::new::<&[u8]>(&[]).unwrap();
        assert_eq!(execve(c"/does/not/exist", &none, &none), Errno::NOENT);
    }
}
