//! SIGKILL of any process at any moment: no exit code and no line is lost, nothing is left over.

use std::fs;

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_runtime::identity::ProcessIdentity;
use serde_json::Value;

use crate::agent::{Agent, until};
use crate::execs::{begin, exec, exec_exit, sleeping};
use crate::streams::attach;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "an agent's death costs no line and no exit code",
            agent_dies_then_container_exits,
        ),
        trial("a new agent takes over what runs", take_over),
        trial(
            "execs outlive the agent, and their exits become events",
            execs_outlive,
        ),
        trial(
            "a container whose supervisor dies is ended and told",
            supervisor_dies,
        ),
        trial(
            "a supervisor that died without an agent is found out",
            supervisor_dies_unseen,
        ),
        trial(
            "after the zygote's death the next container starts",
            zygote_dies,
        ),
        trial(
            "numbers of events go on after a restart, each told once",
            event_numbers,
        ),
        trial("a shutdown leaves containers running", shutdown),
        trial(
            "a shutdown without containers takes the network off the machine",
            shutdown_without_containers,
        ),
    ]
}

fn record(agent: &Agent, id: &str) -> Value {
    let path = agent.container_folder(id).join("run.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn send(identity: &Value, signal: i32) {
    let identity: ProcessIdentity = serde_json::from_value(identity.clone()).unwrap();
    let pidfd = identity.open().unwrap().expect("it is alive");
    longshore_sys::pidfd::send_signal(&pidfd, signal).unwrap();
}

async fn agent_dies_then_container_exits() {
    let mut agent = Agent::start().await;
    let script = "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; \
                  read go; echo last; exit 42";
    let request = v1::RunRequest {
        open_stdin: true,
        ..agent.request(&["sh", "-c", script])
    };
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    agent.kill();
    // The container goes on: it waits for a line that the next agent brings, or has not come so far yet.
    agent.start_again().await;
    let writer = attach(&agent, &id, false).await;
    writer.write(b"go\n").await;
    assert_eq!(agent.exit_of(&id).await.code, 42);
    let expected: String = (0..2000).map(|number| format!("line {number}\n")).collect();
    assert_eq!(agent.log_text(&id).await, expected + "last\n");

    let script = "trap 'echo late; exit 43' USR1; echo ready; while true; do true; done";
    let request = agent.request(&["sh", "-c", script]);
    let mut attached = attach(&agent, &request.id, true).await;
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    attached.read_until("ready").await;
    agent.kill();
    send(&record(&agent, &id)["init"], libc::SIGUSR1);
    let exit_record = agent.container_folder(&id).join("exit.json");
    until("the exit is on record without an agent", || {
        exit_record.exists()
    })
    .await;
    agent.start_again().await;
    assert_eq!(agent.exit_of(&id).await.code, 43);
    assert_eq!(agent.log_text(&id).await, "ready\nlate\n");
}

async fn take_over() {
    let mut agent = Agent::start().await;
    let before = agent.traces();
    let request = agent.request(&["sleep", "1000"]);
    let id = request.id.clone();
    let first = agent
        .runtime()
        .run(request.clone())
        .await
        .unwrap()
        .into_inner();
    agent.kill();
    agent.start_again().await;
    let list = agent
        .runtime()
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner();
    let listed = list.containers.first().unwrap();
    assert_eq!(
        (listed.pid, listed.state()),
        (first.pid, v1::RunState::Running)
    );
    assert_eq!(listed.started_at_unix_ns, first.started_at_unix_ns);
    let again = agent.runtime().run(request).await.unwrap().into_inner();
    assert_eq!((again.pid, again.started_now), (first.pid, false));
    agent.delete(&id).await;
    until("nothing is left", || agent.traces() == before).await;
}

async fn execs_outlive() {
    let mut agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let script = "trap 'echo to nobody; exit 6' USR1; echo ready; while true; do true; done";
    let begin = begin(&id, &["sh", "-c", script]);
    let exec_id = begin.exec_id.clone();
    let mut running = exec(&agent, begin).await.unwrap();
    running.read_until("ready").await;
    let path = agent.container_folder(&id).join("execs").join(&exec_id);
    let record: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    agent.kill();
    drop(running);
    agent.start_again().await;
    send(&record["init"], libc::SIGUSR1);
    assert_eq!(exec_exit(&agent, &exec_id).await.code, 6);
    agent.delete(&id).await;
}

async fn supervisor_dies() {
    let agent = Agent::start().await;
    let before = agent.traces();
    let id = sleeping(&agent).await;
    send(&record(&agent, &id)["supervisor"], libc::SIGKILL);
    let exit = agent.exit_of(&id).await;
    assert_eq!((exit.code, exit.signal), (137, 9));
    agent.delete(&id).await;
    until("nothing is left", || agent.traces() == before).await;
}

async fn supervisor_dies_unseen() {
    let mut agent = Agent::start().await;
    let before = agent.traces();
    let id = sleeping(&agent).await;
    let record = record(&agent, &id);
    agent.kill();
    send(&record["supervisor"], libc::SIGKILL);
    agent.start_again().await;
    assert_eq!(agent.exit_of(&id).await.code, 137);
    let init: ProcessIdentity = serde_json::from_value(record["init"].clone()).unwrap();
    until("init is gone", || init.open().unwrap().is_none()).await;
    agent.delete(&id).await;
    until("nothing is left", || agent.traces() == before).await;
}

async fn zygote_dies() {
    let agent = Agent::start().await;
    let survivor = sleeping(&agent).await;
    let zygote = zygote_of(agent.pid());
    let identity = ProcessIdentity::of(zygote).unwrap();
    let pidfd = identity.open().unwrap().unwrap();
    longshore_sys::pidfd::send_signal(&pidfd, libc::SIGKILL).unwrap();
    until("another zygote", || {
        zygote_if_any(agent.pid()).is_some_and(|pid| pid != zygote)
    })
    .await;
    let exit = agent.run_to_exit(agent.request(&["true"])).await;
    assert_eq!(exit.code, 0);
    let list = agent
        .runtime()
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner();
    let state = |id: &str| {
        list.containers
            .iter()
            .find(|it| it.id == id)
            .unwrap()
            .state()
    };
    assert_eq!(state(&survivor), v1::RunState::Running);
    agent.delete(&survivor).await;
}

fn zygote_if_any(agent: u32) -> Option<i32> {
    let children = fs::read_to_string(format!("/proc/{agent}/task/{agent}/children")).ok()?;
    // A zygote that is started anew is a child of the thread that did it.
    let tasks = fs::read_dir(format!("/proc/{agent}/task")).ok()?.flatten();
    let all = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let all = all.fold(children, |all, more| all + " " + &more);
    all.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .find(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.starts_with(b"longshore-zygote")
        })
}

fn zygote_of(agent: u32) -> i32 {
    zygote_if_any(agent).expect("the agent has a zygote")
}

async fn event_numbers() {
    let mut agent = Agent::start().await;
    for _ in 0..3 {
        agent.run_to_exit(agent.request(&["true"])).await;
    }
    agent.kill();
    agent.start_again().await;
    agent.run_to_exit(agent.request(&["true"])).await;
    let request = v1::EventsRequest { after_seq: 2 };
    let mut events = agent.runtime().events(request).await.unwrap().into_inner();
    for expected in 3..=8 {
        assert_eq!(events.message().await.unwrap().unwrap().seq, expected);
    }
    let list = agent
        .runtime()
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(list.as_of_seq, 8);
}

async fn shutdown() {
    let mut agent = Agent::start().await;
    let id = sleeping(&agent).await;
    agent
        .system()
        .shutdown(v1::ShutdownRequest {})
        .await
        .unwrap();
    agent.wait();
    agent.start_again().await;
    let list = agent
        .runtime()
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        list.containers.first().unwrap().state(),
        v1::RunState::Running
    );
    agent.delete(&id).await;
}

/// The bridges, and the network's records from which anything else on the machine can be removed.
fn network_traces(agent: &Agent) -> (Vec<String>, usize) {
    let names = |folder: &std::path::Path| -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        names.collect()
    };
    let mut bridges = names("/sys/class/net".as_ref());
    bridges.retain(|name| name.starts_with("ls-"));
    let records = names(&agent.data_folder().join("agent/network")).len();
    (bridges, records)
}

async fn shutdown_without_containers() {
    let mut agent = Agent::start().await;
    let (bridges, _) = network_traces(&agent);
    let bridge = v1::NetworkAttachment {
        network: "bridge".into(),
        ..Default::default()
    };
    let request = v1::RunRequest {
        networks: vec![bridge],
        ..agent.request(&["true"])
    };
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let (with_ours, _) = network_traces(&agent);
    let ours: Vec<String> = with_ours
        .into_iter()
        .filter(|it| !bridges.contains(it))
        .collect();
    assert!(!ours.is_empty());
    agent.terminate();
    agent.wait();
    let (kept, records) = network_traces(&agent);
    assert!(
        ours.iter().all(|it| kept.contains(it)) && records > 0,
        "a stopped container is left"
    );
    agent.start_again().await;
    agent.delete(&id).await;
    agent.terminate();
    agent.wait();
    let (left, records) = network_traces(&agent);
    assert!(!ours.iter().any(|it| left.contains(it)), "{left:?}");
    assert_eq!(records, 0);
}
