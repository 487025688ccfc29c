use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use longshore_runtime::{Failure, FailureClass, wire};
use tokio::io::Interest;

use crate::report;
use crate::watched::watch;

/// A zygote that dies at once is not started again in a tight loop.
const PAUSE_BEFORE_RESTART: Duration = Duration::from_millis(200);

/// Requests that may wait in the zygote's socket.
const SEND_BUFFER: usize = 1024 * 1024;

/// The agent's end of the zygote, which is started anew when it dies.
pub(crate) struct Zygote {
    socket: RwLock<Arc<OwnedFd>>,
}

/// A zygote process and our end of its socket. It ends when that is closed.
pub(crate) struct Spawned {
    child: Child,
    socket: OwnedFd,
}

/// Executes this same sealed program as a zygote, its socket as stdin: so the new process has one thread and
/// nothing of ours, whenever it is made.
pub(crate) fn spawn() -> io::Result<Spawned> {
    let (socket, theirs) = wire::pair()?;
    wire::set_send_buffer(&socket, SEND_BUFFER)?;
    let child = Command::new("/proc/self/exe")
        .arg0("longshore-zygote")
        .arg("zygote")
        .current_dir("/")
        .stdin(Stdio::from(theirs))
        .stdout(Stdio::null())
        .spawn()?;
    Ok(Spawned { child, socket })
}

impl Zygote {
    /// Takes the first one over, and watches over it and its successors.
    pub(crate) fn keep(first: Spawned) -> io::Result<Arc<Self>> {
        let zygote = Arc::new(Zygote {
            socket: RwLock::new(Arc::new(first.socket.try_clone()?)),
        });
        tokio::spawn(Arc::clone(&zygote).keep_alive(first));
        Ok(zygote)
    }

    /// Hands a request over; `request` sends it on the given socket without waiting.
    pub(crate) fn ask(&self, request: impl Fn(&OwnedFd) -> io::Result<()>) -> Result<(), Failure> {
        let socket = Arc::clone(&self.socket.read().unwrap_or_else(PoisonError::into_inner));
        request(&socket).map_err(|error| {
            let message = format!("the process that starts containers does not answer: {error}");
            Failure::new(FailureClass::Unavailable, "zygote", message).hint("try again")
        })
    }

    async fn keep_alive(self: Arc<Self>, mut current: Spawned) {
        loop {
            if let Err(error) = wait_for_end(&current.socket).await {
                report::error("zygote", format_args!("cannot be watched: {error}"));
            }
            let mut child = current.child;
            let ended = tokio::task::spawn_blocking(move || child.wait()).await;
            report::error("zygote", format_args!("ended: {ended:?}; starting it anew"));
            current = loop {
                match spawn() {
                    Ok(spawned) => break spawned,
                    Err(error) => report::error("zygote", format_args!("cannot start: {error}")),
                }
                tokio::time::sleep(PAUSE_BEFORE_RESTART).await;
            };
            match current.socket.try_clone() {
                Ok(socket) => {
                    *self.socket.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(socket);
                }
                Err(error) => report::error("zygote", format_args!("cannot be reached: {error}")),
            }
        }
    }
}

/// The zygote never sends; its socket becomes readable when it is gone.
async fn wait_for_end(socket: &OwnedFd) -> io::Result<()> {
    let watched = watch(socket.as_fd(), Interest::READABLE)?;
    drop(watched.readable().await?);
    Ok(())
}
