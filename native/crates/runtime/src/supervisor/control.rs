use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, accept_with, bind, connect, listen,
    socket_with, sockopt,
};

use crate::store::ContainerDirectory;

/// Connections that may wait while the supervisor is busy.
const BACKLOG: i32 = 32;

/// A supervisor's own socket, in its container's folder, mode 0600.
pub(super) fn listen_in(directory: &ContainerDirectory) -> io::Result<OwnedFd> {
    let folder = open_folder(directory.path())?;
    let socket = new_socket()?;
    let address = address_in(&folder, directory.control_socket_name())?;
    match rustix::fs::unlinkat(&folder, directory.control_socket_name(), AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(errno) => return Err(errno.into()),
    }
    // The folder is 0700: nobody else can connect between bind and chmod.
    bind(&socket, &address)?;
    rustix::fs::chmodat(
        &folder,
        directory.control_socket_name(),
        Mode::RUSR | Mode::WUSR,
        AtFlags::empty(),
    )?;
    listen(&socket, BACKLOG)?;
    rustix::io::ioctl_fionbio(&socket, true)?;
    Ok(socket)
}

/// The next connection; only root's is taken.
pub(super) fn accept_from(listener: &OwnedFd) -> Option<OwnedFd> {
    let socket = accept_with(listener, SocketFlags::CLOEXEC).ok()?;
    let peer = sockopt::socket_peercred(&socket).ok()?;
    peer.uid.is_root().then_some(socket)
}

/// The agent's side: connects to a container's supervisor, and says which process that is.
pub fn connect_to(directory: &ContainerDirectory) -> io::Result<(OwnedFd, i32)> {
    let folder = open_folder(directory.path())?;
    let socket = new_socket()?;
    connect(
        &socket,
        &address_in(&folder, directory.control_socket_name())?,
    )?;
    let supervisor = sockopt::socket_peercred(&socket)?.pid.as_raw_pid();
    Ok((socket, supervisor))
}

fn new_socket() -> io::Result<OwnedFd> {
    Ok(socket_with(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?)
}

fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(CWD, path, flags, Mode::empty())?)
}

/// A socket address holds 108 bytes; a container's folder with its id of 64 is easily longer.
fn address_in(folder: &OwnedFd, name: &str) -> io::Result<SocketAddrUnix> {
    Ok(SocketAddrUnix::new(format!(
        "/proc/self/fd/{}/{name}",
        folder.as_raw_fd()
    ))?)
}
