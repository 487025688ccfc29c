use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use longshore_runtime::link::TerminalSize;
use longshore_runtime::supervisor::set_terminal_size;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::watch as latest;

use crate::watched::watch;

/// Bytes of one output message.
const CHUNK: usize = 64 * 1024;

/// An exec's standard streams, in the agent's own hands.
pub(crate) struct ProcessStreams {
    pub(crate) input: ProcessInput,
    pub(crate) output: ProcessOutput,
}

pub(crate) struct ProcessInput {
    target: Option<AsyncFd<Arc<OwnedFd>>>,
    terminal: bool,
}

pub(crate) struct ProcessOutput {
    stdout: Option<AsyncFd<Arc<OwnedFd>>>,
    stderr: Option<AsyncFd<Arc<OwnedFd>>>,
}

pub(crate) enum Chunk {
    Stdout(Vec<u8>),
    Stderr(Vec<u8>),
    /// Everything that the process wrote has been read; code and signal.
    Exited(i32, i32),
}

impl ProcessStreams {
    /// Must be called within the async runtime.
    pub(crate) fn terminal(master: Arc<OwnedFd>) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&master, true)?;
        // Two registrations with epoll need two descriptors.
        let copy = Arc::new(master.try_clone()?);
        Ok(ProcessStreams {
            input: ProcessInput {
                target: Some(watch(copy, Interest::WRITABLE)?),
                terminal: true,
            },
            output: ProcessOutput {
                stdout: Some(watch(master, Interest::READABLE)?),
                stderr: None,
            },
        })
    }

    /// Must be called within the async runtime; the descriptors are non-blocking.
    pub(crate) fn pipes(
        stdin: Option<OwnedFd>,
        stdout: OwnedFd,
        stderr: OwnedFd,
    ) -> io::Result<Self> {
        let writing = |fd| watch(Arc::new(fd), Interest::WRITABLE);
        let reading = |fd| watch(Arc::new(fd), Interest::READABLE);
        Ok(ProcessStreams {
            input: ProcessInput {
                target: stdin.map(writing).transpose()?,
                terminal: false,
            },
            output: ProcessOutput {
                stdout: Some(reading(stdout)?),
                stderr: Some(reading(stderr)?),
            },
        })
    }
}

impl ProcessInput {
    /// Waits while the process does not read. Once it reads no more, bytes go nowhere.
    pub(crate) async fn write(&mut self, mut bytes: &[u8]) {
        while let (Some(target), false) = (&self.target, bytes.is_empty()) {
            let write = |fd: &Arc<OwnedFd>| Ok(rustix::io::write(fd, bytes)?);
            match target.async_io(Interest::WRITABLE, write).await {
                Ok(written) => bytes = &bytes[written..],
                Err(_) => self.target = None,
            }
        }
    }

    /// End of file for the process. A terminal stays: its end would be a hang-up.
    pub(crate) fn close(&mut self) {
        if !self.terminal {
            self.target = None;
        }
    }

    pub(crate) fn resize(&self, size: TerminalSize) {
        if let (true, Some(terminal)) = (self.terminal, &self.target) {
            // A terminal whose process has just exited has no size to change.
            let _ = set_terminal_size(terminal.get_ref(), size);
        }
    }
}

impl ProcessOutput {
    /// The next piece. What the process wrote before its exit is in the pipes by then, so an empty pipe after the
    /// exit is the end, whoever else may still hold it open.
    pub(crate) async fn next(&mut self, exit: &mut latest::Receiver<Option<(i32, i32)>>) -> Chunk {
        loop {
            let exited = *exit.borrow_and_update();
            if let Some((code, signal)) = exited {
                return self.rest().unwrap_or(Chunk::Exited(code, signal));
            }
            tokio::select! {
                bytes = read(&self.stdout) => match bytes {
                    Some(bytes) => return Chunk::Stdout(bytes),
                    None => self.stdout = None,
                },
                bytes = read(&self.stderr) => match bytes {
                    Some(bytes) => return Chunk::Stderr(bytes),
                    None => self.stderr = None,
                },
                changed = exit.changed() => if changed.is_err() {
                    // Whoever follows the exec tells its exit before it ends.
                    return Chunk::Exited(128 + libc::SIGKILL, libc::SIGKILL);
                },
            }
        }
    }

    fn rest(&mut self) -> Option<Chunk> {
        let now =
            |source: &Option<AsyncFd<Arc<OwnedFd>>>| read_now(source.as_ref()?.get_ref()).ok();
        let some = |bytes: &Vec<u8>| !bytes.is_empty();
        let stdout = now(&self.stdout).filter(some).map(Chunk::Stdout);
        stdout.or_else(|| now(&self.stderr).filter(some).map(Chunk::Stderr))
    }
}

/// `None` at the end; never ready without a source.
async fn read(source: &Option<AsyncFd<Arc<OwnedFd>>>) -> Option<Vec<u8>> {
    let Some(source) = source else {
        return std::future::pending().await;
    };
    // A pty's master answers EIO once the last slave is closed.
    let bytes = source.async_io(Interest::READABLE, read_now).await.ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

fn read_now(source: &Arc<OwnedFd>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; CHUNK];
    let length = rustix::io::retry_on_intr(|| rustix::io::read(source, &mut bytes))?;
    bytes.truncate(length);
    Ok(bytes)
}
