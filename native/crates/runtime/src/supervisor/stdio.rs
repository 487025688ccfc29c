use std::io;
use std::os::fd::OwnedFd;

use longshore_isolation::Stdio;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::pipe::{PipeFlags, pipe_with};

/// The supervisor's ends of a process's pipes: non-blocking, while the process's own ends block as it expects.
#[derive(Debug)]
pub(crate) struct Pipes {
    /// `None`: stdin is /dev/null.
    pub(crate) stdin: Option<OwnedFd>,
    pub(crate) stdout: OwnedFd,
    pub(crate) stderr: OwnedFd,
}

pub(crate) fn make_pipes(open_stdin: bool) -> io::Result<(Stdio, Pipes)> {
    let (stdin, our_stdin) = if open_stdin {
        let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
        rustix::io::ioctl_fionbio(&write, true)?;
        (read, Some(write))
    } else {
        (open_null()?, None)
    };
    let (our_stdout, stdout) = output_pipe()?;
    let (our_stderr, stderr) = output_pipe()?;
    let pipes = Pipes {
        stdin: our_stdin,
        stdout: our_stdout,
        stderr: our_stderr,
    };
    Ok((
        Stdio::Streams {
            stdin,
            stdout,
            stderr,
        },
        pipes,
    ))
}

/// All three on /dev/null.
pub(crate) fn no_streams() -> io::Result<Stdio> {
    Ok(Stdio::Streams {
        stdin: open_null()?,
        stdout: open_null()?,
        stderr: open_null()?,
    })
}

fn output_pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&read, true)?;
    Ok((read, write))
}

fn open_null() -> io::Result<OwnedFd> {
    Ok(rustix::fs::openat(
        CWD,
        c"/dev/null",
        OFlags::RDWR | OFlags::CLOEXEC,
        Mode::empty(),
    )?)
}
