//! What containers cost at the agent, through gRPC, beside runc when it is there. Needs root and busybox.
//!
//! `cargo build --release -p longshore-agent && cargo run --release -p longshore-agent --example bench -- AGENT [PART...]`
//!
//! Parts are run, bridge, exec, memory and runc; all of them when none is named.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/root/agent.rs"]
#[allow(dead_code)]
mod agent;
#[path = "../tests/root/image.rs"]
mod image;
#[path = "../tests/root/spec.rs"]
mod spec;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use agent::Agent;
use longshore_protocol::v1;
use longshore_protocol::v1::event::What;
use tokio_stream::StreamExt;

const ROUNDS: usize = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let parts: Vec<String> = std::env::args().skip(2).collect();
    let wants = |part: &str| parts.is_empty() || parts.iter().any(|it| it == part);
    let agent = Agent::start().await;
    if wants("run") {
        run_and_delete(&agent, "no network", &[]).await;
    }
    if wants("bridge") {
        run_and_delete(&agent, "bridge", &[bridge()]).await;
    }
    if wants("exec") {
        exec(&agent).await;
    }
    if wants("memory") {
        memory(&agent).await;
    }
    if let (true, Some(busybox)) = (wants("runc"), image::busybox()) {
        runc(&busybox);
    }
}

fn bridge() -> v1::NetworkAttachment {
    v1::NetworkAttachment {
        network: "bridge".into(),
        ..Default::default()
    }
}

/// Prints the middle and the ninth decile of some times in milliseconds.
fn print(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[(times.len() as f64 * part) as usize];
    println!(
        "{name:<34} median {:7.3} ms   p90 {:7.3} ms",
        at(0.5),
        at(0.9)
    );
}

fn elapsed(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

async fn run_and_delete(agent: &Agent, name: &str, networks: &[v1::NetworkAttachment]) {
    let mut runtime = agent.runtime();
    let as_of = runtime
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner()
        .as_of_seq;
    let request = v1::EventsRequest { after_seq: as_of };
    let mut events = runtime.events(request).await.unwrap().into_inner();
    let (mut started, mut exited, mut deleted) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut request = agent.request(&["true"]);
        request.networks = networks.to_vec();
        let id = request.id.clone();
        let begin = Instant::now();
        runtime.run(request).await.unwrap();
        started.push(elapsed(begin));
        loop {
            let event = events.next().await.unwrap().unwrap();
            if matches!(event.what, Some(What::Exited(_))) {
                break;
            }
        }
        exited.push(elapsed(begin));
        let begin = Instant::now();
        runtime
            .delete(v1::DeleteRequest { id, force: false })
            .await
            .unwrap();
        deleted.push(elapsed(begin));
    }
    print(&format!("{name}: run answers"), started);
    print(&format!("{name}: run to exit"), exited);
    print(&format!("{name}: delete answers"), deleted);
}

async fn exec(agent: &Agent) {
    let request = agent.request(&["sleep", "1000"]);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begin = v1::ExecBegin {
            container_id: id.clone(),
            exec_id: agent::new_id(),
            args: vec!["true".into()],
            ..Default::default()
        };
        let what = Some(v1::exec_input::What::Begin(begin));
        let start = Instant::now();
        let input = tokio_stream::once(v1::ExecInput { what });
        let mut output = agent.runtime().exec(input).await.unwrap().into_inner();
        while output.message().await.unwrap().is_some() {}
        times.push(elapsed(start));
    }
    print("exec of true", times);
    agent.delete(&id).await;
}

async fn memory(agent: &Agent) {
    const CONTAINERS: usize = 20;
    let mut ids = Vec::new();
    for _ in 0..CONTAINERS {
        let request = agent.request(&["sleep", "1000"]);
        ids.push(request.id.clone());
        agent.runtime().run(request).await.unwrap();
    }
    let record = |id: &String| {
        let text = std::fs::read(agent.container_folder(id).join("run.json")).unwrap();
        let record: serde_json::Value = serde_json::from_slice(&text).unwrap();
        record["supervisor"]["pid"].as_u64().unwrap()
    };
    let total: u64 = ids.iter().map(|id| pss_kib(record(id))).sum();
    println!(
        "a supervisor of {CONTAINERS}: {} KiB PSS",
        total / CONTAINERS as u64
    );
    println!("the agent: {} KiB PSS", pss_kib(agent.pid().into()));
    for id in &ids {
        agent.delete(id).await;
    }
}

fn pss_kib(pid: u64) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .unwrap();
    line.split_ascii_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// The same command and spec on a root file system that is ready.
fn runc(busybox: &Path) {
    let Ok(true) = Command::new("runc")
        .arg("--version")
        .output()
        .map(|it| it.status.success())
    else {
        return println!("runc: not installed");
    };
    let bundle = tempfile::tempdir().unwrap();
    let bin = bundle.path().join("rootfs/bin");
    for folder in ["proc", "sys", "dev", "bin"] {
        std::fs::create_dir_all(bundle.path().join("rootfs").join(folder)).unwrap();
    }
    std::fs::copy(busybox, bin.join("true")).unwrap();
    let spec = serde_json::to_vec(&spec::spec(&["true"])).unwrap();
    std::fs::write(bundle.path().join("config.json"), spec).unwrap();
    let run = |number: usize| {
        let begin = Instant::now();
        let name = format!("longshore-bench-{}-{number}", std::process::id());
        let status = Command::new("runc")
            .arg("run")
            .arg(name)
            .current_dir(&bundle)
            .status();
        assert!(status.unwrap().success());
        elapsed(begin)
    };
    print(
        "runc run of a ready bundle",
        (0..ROUNDS / 4).map(run).collect(),
    );
}
