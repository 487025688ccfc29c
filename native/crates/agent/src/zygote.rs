use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use longshore_runtime::{Failure, FailureClass, wire};
use tokio::io::Interest;

use crate::report;
use crate::watched::watch;

/// A zygote that dies at once is not started again in a tight loop.
const PAUSE_BEFORE_RESTART: Duration = Duration::from_millis(200);

/// How long a request waits for the successor of a zygote that died under it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Requests that may wait in the zygote's socket.
const SEND_BUFFER: usize = 1024 * 1024;

/// The agent's end of the zygote, which is started anew when it dies.
pub(crate) struct Zygote {
    socket: Mutex<Arc<OwnedFd>>,
    replaced: Condvar,
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
            socket: Mutex::new(Arc::new(first.socket.try_clone()?)),
            replaced: Condvar::new(),
        });
        tokio::spawn(Arc::clone(&zygote).keep_alive(first));
        Ok(zygote)
    }

    /// Hands a request over; `request` sends it on the given socket without waiting. Where the zygote has just died,
    /// its successor is asked: the caller must be able to block.
    pub(crate) fn ask(&self, request: impl Fn(&OwnedFd) -> io::Result<()>) -> Result<(), Failure> {
        let socket = Arc::clone(&self.current());
        let asked = match request(&socket) {
            Err(error) if is_gone(&error) => request(&self.successor_of(&socket)),
            asked => asked,
        };
        asked.map_err(|error| {
            let message = format!("the process that starts containers does not answer: {error}");
            Failure::new(FailureClass::Unavailable, "zygote", message).hint("try again")
        })
    }

    fn current(&self) -> MutexGuard<'_, Arc<OwnedFd>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same again when no successor comes in time.
    fn successor_of(&self, dead: &Arc<OwnedFd>) -> Arc<OwnedFd> {
        let is_same = |socket: &mut Arc<OwnedFd>| Arc::ptr_eq(socket, dead);
        let waited = self
            .replaced
            .wait_timeout_while(self.current(), PATIENCE, is_same);
        Arc::clone(&waited.unwrap_or_else(PoisonError::into_inner).0)
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
                    *self.current() = Arc::new(socket);
                    self.replaced.notify_all();
                }
                Err(error) => report::error("zygote", format_args!("cannot be reached: {error}")),
            }
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset
    )
}

/// The zygote never sends; its socket becomes readable when it is gone.
async fn wait_for_end(socket: &OwnedFd) -> io::Result<()> {
    let watched = watch(socket.as_fd(), Interest::READABLE)?;
    drop(watched.readable().await?);
    Ok(())
}
