use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_sys::Errno;
use longshore_sys::rooted::Place;
use rustix::fs::{AtFlags, Dir, FileType, Gid, Mode, OFlags, Stat, Uid};

use crate::error::{Step, StepError};

/// Deeper than any directory that somebody would keep in memory.
const MAX_DEPTH: usize = 64;
const PIECE: usize = 1 << 20;

/// Fills a tmpfs with what lies in the directory of the image that it is about to hide.
pub(super) fn copy(from: &Place, to: impl AsFd) -> Result<(), StepError> {
    let directory = open_directory(from.fd.as_fd(), ".").step("tmpcopyup", "")?;
    copy_directory(directory, to.as_fd(), MAX_DEPTH).step("tmpcopyup", "")
}

fn copy_directory(from: OwnedFd, to: BorrowedFd<'_>, depth: usize) -> Result<(), Errno> {
    if depth == 0 {
        return Err(Errno::NAMETOOLONG);
    }
    for entry in Dir::read_from(&from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        let status = rustix::fs::statat(&from, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let kind = FileType::from_raw_mode(status.st_mode);
        match kind {
            FileType::Directory => {
                rustix::fs::mkdirat(to, name, Mode::RWXU)?;
                let copy = open_directory(to, name)?;
                copy_directory(open_directory(from.as_fd(), name)?, copy.as_fd(), depth - 1)?;
            }
            FileType::RegularFile => copy_file(from.as_fd(), to, name)?,
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(&from, name, Vec::new())?;
                rustix::fs::symlinkat(target.as_c_str(), to, name)?;
            }
            _ => rustix::fs::mknodat(to, name, kind, Mode::RUSR, status.st_rdev)?,
        }
        copy_rights(to, name, &status)?;
    }
    Ok(())
}

fn copy_file(from: BorrowedFd<'_>, to: BorrowedFd<'_>, name: &std::ffi::CStr) -> Result<(), Errno> {
    let nofollow = OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let source = rustix::fs::openat(from, name, OFlags::RDONLY | nofollow, Mode::empty())?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | nofollow;
    let copy = rustix::fs::openat(to, name, flags, Mode::RUSR | Mode::WUSR)?;
    while rustix::fs::sendfile(&copy, &source, None, PIECE)? > 0 {}
    Ok(())
}

fn copy_rights(to: BorrowedFd<'_>, name: &std::ffi::CStr, status: &Stat) -> Result<(), Errno> {
    let owner = (Uid::from_raw(status.st_uid), Gid::from_raw(status.st_gid));
    let nofollow = AtFlags::SYMLINK_NOFOLLOW;
    rustix::fs::chownat(to, name, Some(owner.0), Some(owner.1), nofollow)?;
    if FileType::from_raw_mode(status.st_mode).is_symlink() {
        return Ok(());
    }
    // After the change of the owner, which takes set-user-ID away.
    let mode = Mode::from_raw_mode(status.st_mode & 0o7777);
    rustix::fs::chmodat(to, name, mode, AtFlags::empty())
}

fn open_directory(at: BorrowedFd<'_>, name: impl rustix::path::Arg) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(at, name, flags, Mode::empty())
}
