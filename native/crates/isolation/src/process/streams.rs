use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_sys::rooted::{self, Missing};
use longshore_sys::{Errno, descriptors, mount, pty};
use rustix::fs::{FileType, Mode, OFlags, Uid};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::termios::Winsize;

use crate::container::invalid;
use crate::error::{Step, StepError};
use crate::plan::{ProcessPlan, TerminalSize};
use crate::stdio::Stdio;
use crate::sync::ChildSync;
use crate::users::ResolvedUser;

/// Of `linux/magic.h`.
const DEVPTS_SUPER_MAGIC: rustix::fs::FsWord = 0x1cd1;
const SLAVE_MAJOR: u32 = 136;

/// Makes the parent's choice the standard streams. A terminal comes later, out of the container's devpts; until then
/// they are /dev/null, so that no descriptor opened meanwhile gets a number from 0 to 2.
pub(crate) fn take_streams(stdio: Stdio) -> Result<(), StepError> {
    let (stdin, stdout, stderr) = match stdio {
        Stdio::Streams {
            stdin,
            stdout,
            stderr,
        } => (stdin, stdout, stderr),
        Stdio::Terminal => (open_null()?, open_null()?, open_null()?),
    };
    descriptors::set_standard_streams(stdin, stdout, stderr).step("stdio", "")
}

fn open_null() -> Result<OwnedFd, StepError> {
    let flags = OFlags::RDWR | OFlags::CLOEXEC;
    rustix::fs::open("/dev/null", flags, Mode::empty()).step("stdio", "/dev/null")
}

/// Makes a new pty of `devpts` the standard streams and the controlling terminal; its master goes to the parent.
///
/// It also becomes `/dev/console` where `dev`, the directory of the device nodes, is given.
pub(crate) fn set_terminal(
    plan: &ProcessPlan,
    devpts: BorrowedFd<'_>,
    dev: Option<BorrowedFd<'_>>,
    sync: &ChildSync,
) -> Result<(), StepError> {
    let pty = pty::open_in(devpts).step("terminal", "/dev/pts/ptmx")?;
    if let Some(TerminalSize { columns, rows }) = plan.terminal_size {
        let size = Winsize {
            ws_col: columns,
            ws_row: rows,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        rustix::termios::tcsetwinsize(&pty.master, size).step("terminal", "")?;
    }
    if let Some(dev) = dev {
        bind_console(dev, &pty.slave)?;
    }
    sync.send_terminal(pty.master.as_fd())?;
    drop(pty.master);
    let copy = || fcntl_dupfd_cloexec(&pty.slave, 3).step("terminal", "");
    let (stdin, stdout) = (copy()?, copy()?);
    descriptors::set_standard_streams(stdin, stdout, pty.slave).step("stdio", "")?;
    rustix::process::ioctl_tiocsctty(rustix::stdio::stdin()).step("terminal", "controlling")
}

/// Binds the slave itself, by descriptor: no path that something else could stand at (CVE-2025-52565).
fn bind_console(dev: BorrowedFd<'_>, slave: &OwnedFd) -> Result<(), StepError> {
    let place = rooted::open_or_create(dev, "console", Missing::File, Mode::empty())
        .step("terminal", "/dev/console")?;
    let tree = mount::clone_tree(slave, false).step("terminal", "/dev/console")?;
    mount::attach(&tree, &place.fd).step("terminal", "/dev/console")
}

/// The devpts instance of a running container, seen from inside.
pub(crate) fn devpts_of(root: BorrowedFd<'_>) -> Result<OwnedFd, StepError> {
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let devpts = rooted::open_in_root_no_symlinks(root, "/dev/pts", flags, Mode::empty())
        .step("terminal", "/dev/pts")?;
    let status = rustix::fs::fstatfs(&devpts).step("terminal", "/dev/pts")?;
    if status.f_type != DEVPTS_SUPER_MAGIC {
        return Err(invalid(
            "terminal",
            "/dev/pts",
            "/dev/pts in the container is no devpts",
        ));
    }
    Ok(devpts)
}

/// Gives pipes and the terminal to the command's user, who may want to open them anew through /dev/stdout. Files and
/// devices of the host (/dev/null above all) keep their owner.
pub(super) fn own(user: &ResolvedUser) -> Result<(), StepError> {
    if user.uid == 0 {
        return Ok(());
    }
    let streams = [
        rustix::stdio::stdin(),
        rustix::stdio::stdout(),
        rustix::stdio::stderr(),
    ];
    for stream in streams {
        let status = rustix::fs::fstat(stream).step("stdio", "")?;
        let kind = FileType::from_raw_mode(status.st_mode);
        let is_slave = kind.is_char_device() && rustix::fs::major(status.st_rdev) == SLAVE_MAJOR;
        if !(kind.is_fifo() || is_slave) || status.st_uid == user.uid {
            continue;
        }
        match rustix::fs::fchown(stream, Some(Uid::from_raw(user.uid)), None) {
            Ok(()) | Err(Errno::PERM | Errno::ROFS) => {}
            Err(errno) => return Err(StepError::kernel("stdio", "", errno)),
        }
    }
    Ok(())
}
