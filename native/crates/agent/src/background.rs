use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use longshore_sys::clone::{CloneArgs, Cloned, clone3};
use longshore_sys::descriptors::set_standard_streams;

/// Tells the waiting caller that the agent serves.
pub(crate) struct Ready {
    pipe: Option<File>,
}

impl Ready {
    /// For an agent that stays in the foreground.
    pub(crate) fn nobody_waits() -> Self {
        Ready { pipe: None }
    }

    pub(crate) fn tell(self) {
        if let Some(mut pipe) = self.pipe {
            // A caller that has gone away needs no answer.
            let _ = pipe.write_all(b"r");
        }
    }
}

/// Goes on in a process of its own, with a log instead of a terminal. The calling process waits until that one
/// serves, and then exits: 0, or 1 when it failed (the log says why).
///
/// Must be called in a single-threaded process.
pub(crate) fn detach(log: &Path) -> io::Result<Ready> {
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(log)?;
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    // SAFETY: the caller's promise: this process has one thread.
    match unsafe { clone3(&CloneArgs::PLAIN) }? {
        Cloned::Parent { .. } => {
            drop(write);
            let ready = File::from(read).read_exact(&mut [0]).is_ok();
            std::process::exit(i32::from(!ready));
        }
        Cloned::Child => {
            rustix::process::setsid()?;
            rustix::process::chdir("/")?;
            let null = OwnedFd::from(File::open("/dev/null")?);
            let copy = log.try_clone()?;
            set_standard_streams(null, log.into(), copy.into())?;
            Ok(Ready {
                pipe: Some(File::from(write)),
            })
        }
    }
}
