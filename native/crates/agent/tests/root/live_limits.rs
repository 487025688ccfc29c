//! Limits that change while a container runs.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use longshore_protocol::v1;
use serde_json::{Value, json};
use tonic::Code;

use crate::agent::{Agent, new_id, until};
use crate::execs::sleeping;
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("limits of a running container change and go away", change),
        trial(
            "a container may get its first limit of a kind while it runs",
            first_of_its_kind,
        ),
        trial("of limits that cannot all be set none is", all_or_nothing),
        trial("limits of what does not run are refused", refused),
    ]
}

async fn update(agent: &Agent, id: &str, resources: &Value) -> Result<(), tonic::Status> {
    let request = v1::UpdateRequest {
        id: id.to_owned(),
        oci_resources: serde_json::to_vec(resources).unwrap(),
    };
    agent.runtime().update(request).await.map(drop)
}

/// The container's folder in the hierarchy that has the controller.
fn folder(controller: &str, id: &str) -> PathBuf {
    let v1 = Path::new("/sys/fs/cgroup").join(controller);
    let root = if v1.is_dir() {
        v1
    } else {
        PathBuf::from("/sys/fs/cgroup")
    };
    root.join("longshore").join(id)
}

fn value(controller: &str, id: &str, files: [&str; 2]) -> String {
    let folder = folder(controller, id);
    let read = |file: &&str| fs::read_to_string(folder.join(file)).ok();
    files.iter().find_map(read).unwrap().trim().to_owned()
}

fn memory(id: &str) -> String {
    value("memory", id, ["memory.limit_in_bytes", "memory.max"])
}

fn shares(id: &str) -> String {
    value("cpu", id, ["cpu.shares", "cpu.weight"])
}

fn pids(id: &str) -> String {
    value("pids", id, ["pids.max", "pids.max"])
}

async fn limited(agent: &Agent) -> String {
    let mut spec = spec(&["sleep", "1000"]);
    spec["linux"]["resources"] = json!({ "memory": { "limit": 32 << 20 }, "cpu": { "shares": 512 }, "pids": { "limit": 30 } });
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    id
}

async fn change() {
    let agent = Agent::start().await;
    let id = limited(&agent).await;
    update(&agent, &id, &json!({ "pids": { "limit": 40 } }))
        .await
        .unwrap();
    assert_eq!(
        (pids(&id), memory(&id)),
        ("40".into(), (32 << 20).to_string())
    );
    // Up, beyond the old total of memory and swap, and down again.
    let up = json!({ "memory": { "limit": 256 << 20, "swap": 256 << 20 } });
    update(&agent, &id, &up).await.unwrap();
    assert_eq!(memory(&id), (256 << 20).to_string());
    let down = json!({ "memory": { "limit": 64 << 20, "swap": 64 << 20 } });
    update(&agent, &id, &down).await.unwrap();
    assert_eq!(memory(&id), (64 << 20).to_string());
    let lifted = json!({ "pids": { "limit": -1 }, "memory": { "limit": -1 } });
    update(&agent, &id, &lifted).await.unwrap();
    assert_eq!(pids(&id), "max");
    assert_eq!(
        crate::stats::one(&agent, &id)
            .await
            .memory
            .unwrap()
            .limit_bytes,
        0
    );
    agent.delete(&id).await;
}

async fn first_of_its_kind() {
    let agent = Agent::start().await;
    let before = agent.traces();
    let id = sleeping(&agent).await;
    let resources = json!({ "pids": { "limit": 25 }, "cpu": { "cpus": "0" } });
    update(&agent, &id, &resources).await.unwrap();
    assert_eq!(pids(&id), "25");
    assert_eq!(value("cpuset", &id, ["cpuset.cpus", "cpuset.cpus"]), "0");
    let stats = crate::stats::one(&agent, &id).await;
    assert_eq!(
        (stats.pids.unwrap().limit, stats.pids.unwrap().current),
        (25, 1)
    );
    agent.delete(&id).await;
    until("nothing is left", || agent.traces().is_subset(&before)).await;
}

async fn all_or_nothing() {
    let agent = Agent::start().await;
    let id = limited(&agent).await;
    let (memory_before, shares_before, pids_before) = (memory(&id), shares(&id), pids(&id));
    // Memory and shares can be set; no machine has that processor.
    let resources = json!({
        "memory": { "limit": 48 << 20 },
        "cpu": { "shares": 2048, "cpus": "4000" },
        "pids": { "limit": 99 },
    });
    let failed = update(&agent, &id, &resources).await.unwrap_err();
    assert_eq!(failed.code(), Code::InvalidArgument, "{failed}");
    assert_eq!(
        (memory(&id), shares(&id), pids(&id)),
        (memory_before, shares_before, pids_before)
    );
    // More than memory and swap together may be.
    let failed = update(&agent, &id, &json!({ "memory": { "limit": 1 << 30 } })).await;
    assert_eq!(failed.unwrap_err().code(), Code::InvalidArgument);
    agent.delete(&id).await;
}

async fn refused() {
    let agent = Agent::start().await;
    let resources = json!({ "pids": { "limit": 25 } });
    let unknown = update(&agent, &new_id(), &resources).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let request = agent.request(&["true"]);
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let stopped = update(&agent, &id, &resources).await.unwrap_err();
    assert_eq!(stopped.code(), Code::FailedPrecondition);
    let malformed = update(&agent, &id, &json!([1])).await.unwrap_err();
    assert_eq!(malformed.code(), Code::InvalidArgument);
}
