//! A real agent on folders of its own, and a client of it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use longshore_protocol::v1;
use longshore_protocol::v1::files_client::FilesClient;
use longshore_protocol::v1::runtime_client::RuntimeClient;
use longshore_protocol::v1::snapshots_client::SnapshotsClient;
use longshore_protocol::v1::system_client::SystemClient;
use longshore_runtime::Id;
use longshore_snapshots::ChainId;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint};

use crate::image;
use crate::spec::spec;

/// For what must happen; nothing waits so long unless it is broken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Agent {
    folder: TempDir,
    process: Child,
    pub(crate) chain_id: ChainId,
    channel: Channel,
}

impl Agent {
    pub(crate) async fn start() -> Agent {
        let folder = tempfile::Builder::new()
            .prefix("longshore-agent-")
            .tempdir()
            .unwrap();
        let chain_id = image::unpack(&folder.path().join("data/agent/layers"));
        let (process, channel) = launch(folder.path()).await;
        Agent {
            folder,
            process,
            chain_id,
            channel,
        }
    }

    /// SIGKILL, as when it crashes.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM, as a service manager ends it.
    pub(crate) fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Until it has ended by itself.
    pub(crate) fn wait(&mut self) {
        assert!(self.process.wait().unwrap().success());
    }

    /// A successor on the same data.
    pub(crate) async fn start_again(&mut self) {
        (self.process, self.channel) = launch(self.folder.path()).await;
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn runtime(&self) -> RuntimeClient<Channel> {
        RuntimeClient::new(self.channel.clone()).max_decoding_message_size(64 << 20)
    }

    pub(crate) fn files(&self) -> FilesClient<Channel> {
        FilesClient::new(self.channel.clone())
    }

    pub(crate) fn snapshots(&self) -> SnapshotsClient<Channel> {
        SnapshotsClient::new(self.channel.clone())
    }

    pub(crate) fn system(&self) -> SystemClient<Channel> {
        SystemClient::new(self.channel.clone())
    }

    pub(crate) fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn container_folder(&self, id: &str) -> PathBuf {
        self.data_folder().join("agent/containers").join(id)
    }

    /// A request that runs the command without a network.
    pub(crate) fn request(&self, args: &[&str]) -> v1::RunRequest {
        self.request_of(new_id(), &spec(args))
    }

    pub(crate) fn request_of(&self, id: String, spec: &Value) -> v1::RunRequest {
        v1::RunRequest {
            id,
            oci_spec: serde_json::to_vec(spec).unwrap(),
            rootfs: Some(v1::Rootfs {
                chain_ids: vec![self.chain_id.to_string()],
                read_only: false,
            }),
            log: Some(v1::LogPolicy {
                max_size_bytes: 0,
                max_files: 1,
            }),
            seccomp_profile: "default".into(),
            identity: Some(v1::IdentityFiles {
                hostname: "box".into(),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    /// Runs it and waits for its exit.
    pub(crate) async fn run_to_exit(&self, request: v1::RunRequest) -> v1::Exited {
        let id = request.id.clone();
        self.runtime().run(request).await.unwrap();
        self.exit_of(&id).await
    }

    pub(crate) async fn exit_of(&self, id: &str) -> v1::Exited {
        let request = v1::EventsRequest { after_seq: 0 };
        let mut events = self.runtime().events(request).await.unwrap().into_inner();
        let find = async {
            loop {
                let event = events.message().await.unwrap().unwrap();
                if let (true, Some(v1::event::What::Exited(exit))) = (event.id == id, event.what) {
                    return exit;
                }
            }
        };
        tokio::time::timeout(PATIENCE, find)
            .await
            .expect("the container exits")
    }

    pub(crate) async fn delete(&self, id: &str) {
        let request = v1::DeleteRequest {
            id: id.to_owned(),
            force: true,
        };
        self.runtime().delete(request).await.unwrap();
    }

    /// Everything that the container wrote, both streams.
    pub(crate) async fn log_text(&self, id: &str) -> String {
        let request = v1::LogsRequest {
            id: id.to_owned(),
            tail: -1,
            stdout: true,
            stderr: true,
            ..Default::default()
        };
        let mut batches = self.runtime().logs(request).await.unwrap().into_inner();
        let mut text = Vec::new();
        while let Some(batch) = batches.message().await.unwrap() {
            batch
                .records
                .into_iter()
                .for_each(|record| text.extend(record.data));
        }
        String::from_utf8(text).unwrap()
    }

    /// What a run leaves on the machine if it leaves anything. Others on the machine come and go meanwhile: only what
    /// can be this agent's counts.
    pub(crate) fn traces(&self) -> BTreeSet<String> {
        let mut traces = BTreeSet::new();
        let folder = self.folder.path().to_str().unwrap();
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        traces.extend(
            mounts
                .lines()
                .filter(|line| line.contains(folder))
                .map(mount_of),
        );
        traces.extend(cgroups(Path::new("/sys/fs/cgroup")));
        // The ports of namespaces that are made ahead are on no bridge yet.
        let is_port = |link: &str| {
            link.starts_with("lv")
                && Path::new("/sys/class/net")
                    .join(link)
                    .join("master")
                    .exists()
        };
        let is_ours = |link: &String| link.starts_with("ls-") || is_port(link);
        traces.extend(names("/sys/class/net").into_iter().filter(is_ours));
        traces.extend(names(self.data_folder().join("agent/containers")));
        traces.extend(names(self.data_folder().join("agent/trash")));
        traces.extend(children_of_supervisors(self.folder.path()));
        traces
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // Containers that a test has left running must not outlive it; nor must its bridge.
        let killed = self.process.kill().and_then(|()| self.process.wait());
        let cgroups = longshore_cgroups::CgroupHost::detect().unwrap();
        for id in names(self.data_folder().join("agent/containers")) {
            let record = self.container_folder(&id).join("run.json");
            if let Ok(record) = fs::read(record) {
                let record: Value = serde_json::from_slice(&record).unwrap_or_default();
                kill_recorded(&record["supervisor"]);
                kill_recorded(&record["init"]);
            }
            let path = longshore_runtime::supervisor::cgroup_path(&Id::parse(&id).unwrap());
            if let Ok(cgroup) = longshore_cgroups::Cgroup::open(&cgroups, &path) {
                cgroup.kill_all().and_then(|()| cgroup.remove()).unwrap();
            }
        }
        let data = self.data_folder();
        let state = data.join("agent/network");
        if !names(&state).is_empty() {
            let instance = data.to_str().unwrap();
            let report = |error: &longshore_network::Error| eprintln!("{error}");
            let networks = longshore_network::NetworkHost::open(&state, instance, report).unwrap();
            networks.teardown().unwrap();
        }
        killed.unwrap();
    }
}

/// Only the very process on record.
fn kill_recorded(identity: &Value) {
    use longshore_runtime::identity::ProcessIdentity;
    let Ok(identity) = serde_json::from_value::<ProcessIdentity>(identity.clone()) else {
        return;
    };
    if let Ok(Some(pidfd)) = identity.open() {
        let _ = longshore_sys::pidfd::send_signal(&pidfd, libc::SIGKILL);
    }
}

async fn launch(folder: &Path) -> (Child, Channel) {
    let run = folder.join("run");
    // Cargo names the binary for tests; a benchmark is told.
    let binary = option_env!("CARGO_BIN_EXE_longshore-agent").map(str::to_owned);
    let binary = binary
        .or_else(|| std::env::args().nth(1))
        .expect("the agent's binary");
    let mut command = Command::new(binary);
    command.arg("serve").arg("--foreground");
    command
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--run")
        .arg(&run);
    // Ctrl-C at the tests is not for the agent.
    let process = command
        .process_group(0)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let socket = run.join("agent.sock");
    let connect = async {
        loop {
            let socket = socket.clone();
            let connector = tower::service_fn(move |_| {
                let socket = socket.clone();
                async move { UnixStream::connect(socket).await.map(TokioIo::new) }
            });
            let endpoint = Endpoint::from_static("http://agent")
                .initial_stream_window_size(1 << 20)
                .initial_connection_window_size(8 << 20);
            match endpoint.connect_with_connector(connector).await {
                Ok(channel) => return channel,
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    let channel = tokio::time::timeout(PATIENCE, connect)
        .await
        .expect("the agent serves");
    (process, channel)
}

pub(crate) fn new_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{}{number:032x}", ids_begin_with())
}

/// Tests of other processes make containers as well.
fn ids_begin_with() -> String {
    format!("{:032x}", std::process::id())
}

/// Waits for what has no event of its own.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let wait = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(
        tokio::time::timeout(PATIENCE, wait).await.is_ok(),
        "not seen: {what}"
    );
}

fn mount_of(line: &str) -> String {
    let fields: Vec<&str> = line.split(' ').collect();
    format!("mount {}", fields[4])
}

fn cgroups(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for hierarchy in fs::read_dir(root).into_iter().flatten().flatten() {
        let ours = hierarchy.path().join("longshore");
        found.extend(
            names(&ours)
                .into_iter()
                .filter(|name| name.starts_with(&ids_begin_with()))
                .map(|name| format!("{}/{name}", ours.display())),
        );
    }
    found
}

fn names(folder: impl AsRef<Path>) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// Processes that hold something open below the folder, other than the agent itself.
fn children_of_supervisors(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for pid in names("/proc")
        .into_iter()
        .filter(|name| name.parse::<u32>().is_ok())
    {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        let uses = |fd: &String| {
            let target = fs::read_link(format!("/proc/{pid}/fd/{fd}")).unwrap_or_default();
            target.starts_with(folder) && target.to_string_lossy().contains("/containers/")
        };
        if names(format!("/proc/{pid}/fd")).iter().any(uses) {
            found.push(format!("process {pid} {}", name.trim_end()));
        }
    }
    found
}
