//! Pseudo-terminals of one given devpts instance.

use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::pty::OpenptFlags;

use crate::{Errno, Result};

/// Of `linux/major.h`: the multiplexer node of a devpts instance.
const PTMX: (u32, u32) = (5, 2);

/// Both ends of a pseudo-terminal, close-on-exec.
#[derive(Debug)]
pub struct Pty {
    pub master: OwnedFd,
    pub slave: OwnedFd,
}

/// Opens a new pty of the devpts instance whose root directory is `devpts`.
///
/// The slave comes from the master by TIOCGPTPEER: nothing that is mounted or linked over `/dev/pts/N` can stand in
/// for it (CVE-2025-52565).
///
/// # Errors
/// ENOTTY when `ptmx` is no multiplexer, EXDEV when something is mounted over it.
pub fn open_in(devpts: impl AsFd) -> Result<Pty> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    let master = rustix::fs::openat2(devpts, c"ptmx", flags, Mode::empty(), resolve)?;
    let device = rustix::fs::fstat(&master)?.st_rdev;
    if (rustix::fs::major(device), rustix::fs::minor(device)) != PTMX {
        return Err(Errno::NOTTY);
    }
    rustix::pty::unlockpt(&master)?;
    let slave = rustix::pty::ioctl_tiocgptpeer(
        &master,
        OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC,
    )?;
    Ok(Pty { master, slave })
}
