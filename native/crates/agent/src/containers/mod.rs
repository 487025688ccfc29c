//! The containers that this agent knows, and what can be done with them.
//!
//! State comes from the processes themselves: a running container is one whose supervisor holds a link to this
//! agent. Everything here is found again after a crash ([`recovery`]).

mod aftermath;
mod attach;
mod container;
mod delete;
mod exec;
mod files;
mod identity_files;
mod links;
mod list;
mod logs;
mod naming;
mod networking;
mod pause;
mod probe;
mod processes;
mod recovery;
mod signal;
mod spares;
mod start;
mod stats;
mod table;
mod update;
mod usage;
mod volume_mounts;

use std::path::Path;
use std::sync::Arc;

use longshore_cgroups::CgroupHost;
use longshore_network::NetworkHost;
use longshore_runtime::Failure;
use longshore_runtime::store::ContainerStore;
use longshore_snapshots::SnapshotStore;
use longshore_volumes::VolumeStore;
use tokio::sync::{Mutex as AsyncMutex, Notify};

pub(crate) use attach::{AttachRequest, Attachment, Output};
use exec::Execs;
pub(crate) use exec::{ExecStart, RunningExec};
pub(crate) use files::{FilesOf, FutureRoot, Incoming, LayerOrder, Sources};
pub(crate) use list::{ListedContainer, ListedState};
pub(crate) use logs::Line;
use naming::Naming;
pub(crate) use processes::{ProcessInfo, ProcessTable};
pub(crate) use start::{StartRequest, Started};
pub(crate) use stats::{ContainerSample, InterfaceUsage, Sample};
use table::Table;

use crate::events::Events;
use crate::report;
use crate::zygote::Zygote;

/// Network namespaces made ahead: as many containers as a person's script starts at once. Each takes the kernel some
/// 100 KiB.
const READY_NETWORKS: usize = 8;

/// What containers are made with; shared by all services.
pub(crate) struct Containers {
    store: ContainerStore,
    events: Arc<Events>,
    zygote: Arc<Zygote>,
    networks: Arc<NetworkHost>,
    naming: Naming,
    snapshots: Arc<SnapshotStore>,
    volumes: Arc<VolumeStore>,
    cgroups: CgroupHost,
    table: Table,
    execs: Execs,
    trash: Notify,
    spares: Notify,
    /// Held by whoever reads statistics.
    sampling: AsyncMutex<()>,
}

/// The parts of the machine that containers need.
pub(crate) struct Parts {
    pub(crate) events: Arc<Events>,
    pub(crate) zygote: Arc<Zygote>,
    pub(crate) networks: Arc<NetworkHost>,
    pub(crate) snapshots: Arc<SnapshotStore>,
    pub(crate) volumes: Arc<VolumeStore>,
    pub(crate) cgroups: CgroupHost,
}

impl Containers {
    /// Finds what runs already in `root`, which is `<data>/agent`, and finishes what a crash left half-done.
    pub(crate) async fn open(root: &Path, parts: Parts) -> Result<Arc<Self>, Failure> {
        let store = ContainerStore::open(root)
            .map_err(|error| Failure::io("store", root.display(), &error))?;
        let containers = Arc::new(Containers {
            store,
            events: parts.events,
            zygote: parts.zygote,
            naming: Naming::start(Arc::clone(&parts.networks))?,
            networks: parts.networks,
            snapshots: parts.snapshots,
            volumes: parts.volumes,
            cgroups: parts.cgroups,
            table: Table::default(),
            execs: Execs::default(),
            trash: Notify::new(),
            spares: Notify::new(),
            sampling: AsyncMutex::default(),
        });
        containers.keep_trash_empty();
        containers.recover().await?;
        containers.keep_spares();
        containers.networks.keep_ready(READY_NETWORKS);
        Ok(containers)
    }

    pub(crate) fn events(&self) -> &Arc<Events> {
        &self.events
    }

    pub(crate) fn networks(&self) -> &NetworkHost {
        &self.networks
    }

    /// With no container left, running or not, the agent's end leaves nothing of its network on the machine.
    pub(crate) fn remove_unused_network(&self) {
        let stored = self.store.list();
        // What cannot be listed may be there, and run.
        let is_empty = stored.is_ok_and(|stored| stored.is_empty());
        if !is_empty || !self.table.lock().is_empty() {
            return;
        }
        if let Err(error) = self.networks.teardown() {
            report::error("network", format_args!("cannot be removed: {error}"));
        }
    }

    pub(crate) fn cgroup_host(&self) -> &CgroupHost {
        &self.cgroups
    }
}
