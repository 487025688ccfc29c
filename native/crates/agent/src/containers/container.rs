use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use longshore_runtime::link::Streams;
use longshore_runtime::store::{ExitRecord, usual_cgroup_path};
use longshore_runtime::{Failure, Id};
use longshore_snapshots::{ChainId, LayerPin};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore, watch};

use crate::channel::Channel;
use crate::failure;

const MAX_INSPECTIONS: usize = 16;

/// One container, from the first call that names it to its deletion.
pub(crate) struct Container {
    pub(crate) id: Id,
    /// Whatever changes the container goes one after another: runs, deletions, pauses, other limits, and writes to
    /// the files of a stopped one. Nothing else waits for it, so a start that hangs holds up only such calls to
    /// this same container.
    pub(super) operation: AsyncMutex<()>,
    /// Held while a run lasts and until its network is given back.
    pub(super) aftermath: Arc<AsyncMutex<()>>,
    /// Held while a run lasts and until its root is unmounted, which may take the kernel a while: no other overlay may
    /// have the same writable layer before that.
    pub(super) mounted: Arc<AsyncMutex<()>>,
    /// Looks at its processes and files under way. What they wait for may never come (a dead network file system, a
    /// stuck process): only so many threads of the agent can be lost to one container.
    pub(super) inspecting: Arc<Semaphore>,
    inner: Mutex<Inner>,
    changed: watch::Sender<()>,
}

struct Inner {
    state: RunState,
    waiting: Vec<Waiting>,
    layers: Option<Layers>,
    cgroup_path: String,
}

#[derive(Clone)]
pub(crate) enum RunState {
    /// Named by an attachment or a start under way; has never run.
    New,
    Running(Arc<Running>),
    Exited(ExitRecord),
}

pub(crate) struct Running {
    pub(crate) pid: i32,
    /// Pidfd of init.
    pub(crate) init: OwnedFd,
    pub(crate) started_at_unix_ns: i64,
    pub(crate) link: Arc<Channel>,
    /// What the kernel says: set after each freezing and thawing, and read again by a new agent.
    pub(super) paused: AtomicBool,
}

/// What a run keeps from others until it is over.
pub(super) struct RunHolds {
    pub(super) aftermath: OwnedMutexGuard<()>,
    pub(super) mounted: OwnedMutexGuard<()>,
}

/// Someone who attached before the start: the supervisor's end of their socket.
pub(super) struct Waiting {
    pub(super) streams: Streams,
    pub(super) socket: OwnedFd,
}

/// The layers of a container that exists; pinned unless they were missing at the agent's start.
pub(super) struct Layers {
    pub(super) chain_ids: Vec<ChainId>,
    pub(super) _pin: Option<LayerPin>,
}

impl Container {
    pub(super) fn new(id: Id) -> Self {
        let cgroup_path = usual_cgroup_path(&id);
        Container {
            id,
            operation: AsyncMutex::default(),
            aftermath: Arc::default(),
            mounted: Arc::default(),
            inspecting: Arc::new(Semaphore::new(MAX_INSPECTIONS)),
            inner: Mutex::new(Inner {
                state: RunState::New,
                waiting: Vec::new(),
                layers: None,
                cgroup_path,
            }),
            changed: watch::Sender::new(()),
        }
    }

    /// Waits for what is left of the run before.
    pub(super) async fn hold_for_run(&self) -> RunHolds {
        RunHolds {
            aftermath: Arc::clone(&self.aftermath).lock_owned().await,
            mounted: Arc::clone(&self.mounted).lock_owned().await,
        }
    }

    pub(crate) fn state(&self) -> RunState {
        self.lock().state.clone()
    }

    /// The run, or why there is none.
    pub(crate) fn running(&self) -> Result<Arc<Running>, Failure> {
        match self.state() {
            RunState::Running(running) => Ok(running),
            RunState::New => Err(failure::unknown_container(&self.id)),
            RunState::Exited(_) => Err(failure::not_running(&self.id)),
        }
    }

    pub(super) fn set_state(&self, state: RunState) {
        self.lock().state = state;
        self.changed.send_replace(());
    }

    /// Returns once it does not run.
    pub(super) async fn wait_until_stopped(&self) {
        let mut changed = self.changed.subscribe();
        while matches!(self.state(), RunState::Running(_)) {
            // The sender lives as long as self.
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    pub(super) fn add_waiting(&self, waiting: Waiting) {
        self.lock().waiting.push(waiting);
    }

    pub(super) fn take_waiting(&self) -> Vec<Waiting> {
        std::mem::take(&mut self.lock().waiting)
    }

    pub(super) fn waiting_count(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Relative to the hierarchies' roots.
    pub(super) fn cgroup_path(&self) -> String {
        self.lock().cgroup_path.clone()
    }

    pub(super) fn set_cgroup_path(&self, path: String) {
        self.lock().cgroup_path = path;
    }

    pub(super) fn set_layers(&self, layers: Layers) {
        self.lock().layers = Some(layers);
    }

    /// Whether there is something of it on disk.
    pub(super) fn has_layers(&self) -> bool {
        self.lock().layers.is_some()
    }

    pub(super) fn clear_layers(&self) {
        self.lock().layers = None;
    }

    pub(super) fn uses_layer(&self, chain_id: &ChainId) -> bool {
        self.lock()
            .layers
            .as_ref()
            .is_some_and(|layers| layers.chain_ids.contains(chain_id))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code panics while it holds the lock.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::SeqCst)
    }
}
