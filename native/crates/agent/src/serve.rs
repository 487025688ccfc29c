use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use longshore_cgroups::CgroupHost;
use longshore_network::{DEFAULT_INSTANCE, NetworkHost};
use longshore_protocol::v1::builds_server::BuildsServer;
use longshore_protocol::v1::files_server::FilesServer;
use longshore_protocol::v1::networks_server::NetworksServer;
use longshore_protocol::v1::runtime_server::RuntimeServer;
use longshore_protocol::v1::snapshots_server::SnapshotsServer;
use longshore_protocol::v1::system_server::SystemServer;
use longshore_protocol::v1::volumes_server::VolumesServer;
use longshore_runtime::Failure;
use longshore_snapshots::SnapshotStore;
use longshore_volumes::VolumeStore;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tonic::transport::Server;

use crate::AnyError;
use crate::arguments::ServeArguments;
use crate::background::{self, Ready};
use crate::containers::{Containers, Parts};
use crate::data_folder::DataFolder;
use crate::events::Events;
use crate::failure::{of_network, of_snapshots, of_volumes};
use crate::listener::Listener;
use crate::loopback::Loopback;
use crate::report;
use crate::services::{
    BuildsService, FilesService, NetworksService, RuntimeService, SnapshotsService, SystemService,
    VolumesService,
};
use crate::zygote::{self, Zygote};

/// Work is short and mostly waits for the kernel.
const WORKERS: usize = 2;

/// An OCI spec with a long seccomp profile and many mounts is some 100 KB; 64 KiB of arguments and environment and
/// pieces of stdin come on top.
const MAX_REQUEST_BYTES: usize = 8 * 1024 * 1024;

/// Calls of one client that may be under way: each attachment and each followed log is one.
const MAX_STREAMS: u32 = 4096;

/// Flow control: what a stream, and all of a connection's together, may have under way.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 8 * 1024 * 1024;

/// How long calls under way have to answer once the agent is told to end.
const GRACE: Duration = Duration::from_millis(300);

/// The data folder whose agent gets the plain names of links.
const DEFAULT_DATA: &str = "/var/lib/longshore";

/// Serves until it is told to end. Must be called in a single-threaded process.
pub(crate) fn serve(arguments: &ServeArguments) -> Result<(), AnyError> {
    let data = DataFolder::open(&arguments.data)?;
    let ready = if arguments.foreground {
        Ready::nobody_waits()
    } else {
        background::detach(&data.path().join("agent.log"))?
    };
    let zygote = zygote::spawn()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    let served = runtime.block_on(serve_async(arguments, &data, zygote, ready));
    // Threads that wait for the kernel must not hold up the end; everything on disk is whole at any time.
    runtime.shutdown_background();
    served
}

async fn serve_async(
    arguments: &ServeArguments,
    data: &DataFolder,
    zygote: zygote::Spawned,
    ready: Ready,
) -> Result<(), AnyError> {
    let root = data.path();
    let snapshots = SnapshotStore::open(&root.join("layers")).map_err(|e| of_snapshots(&e))?;
    let snapshots = Arc::new(snapshots);
    let volumes = VolumeStore::open(&root.join("volumes")).map_err(|e| of_volumes(&e))?;
    let volumes = Arc::new(volumes);
    let networks = open_networks(arguments, root)?;
    if let Some(loopback) = Loopback::bind().await? {
        loopback.serve(&networks)?;
    }
    let parts = Parts {
        events: Events::open(&root.join("events"))?,
        zygote: Zygote::keep(zygote)?,
        networks: Arc::clone(&networks),
        snapshots: Arc::clone(&snapshots),
        volumes: Arc::clone(&volumes),
        cgroups: CgroupHost::detect().map_err(Failure::from)?,
    };
    let containers = Containers::open(root, parts).await?;
    let files = FilesService::new(Arc::clone(&containers), Arc::clone(&volumes));
    let builds = BuildsService::new(Arc::clone(&containers), Arc::clone(&volumes));
    let volumes = VolumesService::new(volumes, Arc::clone(&snapshots));
    let snapshots = SnapshotsService::new(snapshots, containers.clone());
    let end = Arc::new(Notify::new());
    let system = SystemService::new(Arc::clone(&containers), root, Arc::clone(&end));
    let listener = Listener::bind(&arguments.run, arguments.owner)?;
    let told = Told::listen(&end);
    let server = Server::builder()
        .max_concurrent_streams(MAX_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .add_service(
            RuntimeServer::new(RuntimeService::new(Arc::clone(&containers)))
                .max_decoding_message_size(MAX_REQUEST_BYTES),
        )
        .add_service(FilesServer::new(files).max_decoding_message_size(MAX_REQUEST_BYTES))
        .add_service(BuildsServer::new(builds).max_decoding_message_size(MAX_REQUEST_BYTES))
        .add_service(VolumesServer::new(volumes).max_decoding_message_size(MAX_REQUEST_BYTES))
        .add_service(SnapshotsServer::new(snapshots))
        .add_service(NetworksServer::new(NetworksService::new(
            networks,
            Arc::clone(&containers),
        )))
        .add_service(SystemServer::new(system))
        .serve_with_incoming_shutdown(listener.connections(), told.wait());
    report::info(
        "main",
        format_args!("serving in {}", arguments.run.display()),
    );
    ready.tell();
    let served = tokio::select! {
        served = server => served.map_err(AnyError::from),
        () = grace(&told) => Ok(()),
    };
    containers.remove_unused_network();
    served
}

fn open_networks(arguments: &ServeArguments, root: &Path) -> Result<Arc<NetworkHost>, Failure> {
    let instance = match arguments.data.to_str() {
        Some(DEFAULT_DATA) => DEFAULT_INSTANCE.to_owned(),
        _ => arguments.data.display().to_string(),
    };
    let networks = NetworkHost::open(&root.join("network"), &instance, |error| {
        report::error("network", error);
    });
    networks.map(Arc::new).map_err(|error| of_network(&error))
}

/// Whether the agent has been told to end, by a call or by a signal. Containers run on.
#[derive(Clone)]
struct Told(watch::Receiver<bool>);

impl Told {
    fn listen(call: &Arc<Notify>) -> Self {
        let (sender, receiver) = watch::channel(false);
        let call = Arc::clone(call);
        tokio::spawn(async move {
            told_to_end(&call).await;
            sender.send_replace(true);
        });
        Told(receiver)
    }

    fn wait(&self) -> impl Future<Output = ()> + use<> {
        let mut receiver = self.0.clone();
        async move {
            // The sender goes only after it has told.
            let _ = receiver.wait_for(|told| *told).await;
        }
    }
}

/// Calls under way may answer; standing streams do not end by themselves.
async fn grace(told: &Told) {
    told.wait().await;
    tokio::time::sleep(GRACE).await;
}

async fn told_to_end(call: &Notify) {
    let (terminate, interrupt) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    );
    let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) else {
        return call.notified().await;
    };
    tokio::select! {
        () = call.notified() => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
