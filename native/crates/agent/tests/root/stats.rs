//! What containers use, and which processes they have.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use serde_json::json;
use tonic::Code;

use crate::agent::{Agent, PATIENCE, new_id};
use crate::execs::sleeping;
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a batch has what each running container uses", usage),
        trial("traffic is counted inside the container's network", traffic),
        trial("batches come again and again, and follow what runs", stream),
        trial(
            "the processes of a container are told as the host sees them",
            processes,
        ),
    ]
}

async fn batch(agent: &Agent, ids: &[&str]) -> v1::StatsBatch {
    let request = v1::StatsRequest {
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        interval_ms: 0,
    };
    let mut batches = agent.runtime().stats(request).await.unwrap().into_inner();
    let batch = batches.message().await.unwrap().unwrap();
    assert!(batches.message().await.unwrap().is_none());
    batch
}

pub(crate) async fn one(agent: &Agent, id: &str) -> v1::ContainerStats {
    let mut batch = batch(agent, &[id]).await;
    assert_eq!(batch.containers.len(), 1);
    batch.containers.remove(0)
}

async fn usage() {
    let agent = Agent::start().await;
    let mut limited = spec(&[
        "sh",
        "-c",
        "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; cat",
    ]);
    limited["linux"]["resources"] =
        json!({ "memory": { "limit": 64 << 20 }, "pids": { "limit": 20 } });
    let request = v1::RunRequest {
        open_stdin: true,
        ..agent.request_of(new_id(), &limited)
    };
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let other = sleeping(&agent).await;
    let exited = agent.request(&["true"]);
    let gone = exited.id.clone();
    agent.run_to_exit(exited).await;

    let all = batch(&agent, &[]).await;
    let ids: Vec<_> = all.containers.iter().map(|it| it.id.clone()).collect();
    assert!(ids.contains(&id) && ids.contains(&other) && !ids.contains(&gone));
    assert!(all.host_cpu_ns > 0 && all.online_cpus > 0 && all.host_memory_bytes > 64 << 20);
    assert!(
        batch(&agent, &[&gone, &new_id()])
            .await
            .containers
            .is_empty()
    );

    let stats = one(&agent, &id).await;
    let (cpu, memory) = (stats.cpu.unwrap(), stats.memory.unwrap());
    assert!(
        cpu.usage_ns > 0 && cpu.usage_ns < all.host_cpu_ns,
        "{cpu:?}"
    );
    assert_eq!(memory.limit_bytes, 64 << 20);
    assert!(
        memory.usage_bytes > 0 && memory.max_usage_bytes >= memory.usage_bytes,
        "{memory:?}"
    );
    let pids = stats.pids.unwrap();
    assert_eq!(pids.limit, 20);
    assert!((1..=2).contains(&pids.current), "{pids:?}");
    for id in [id, other] {
        agent.delete(&id).await;
    }
}

async fn traffic() {
    let agent = Agent::start().await;
    let bridge = v1::NetworkAttachment {
        network: "bridge".into(),
        ..Default::default()
    };
    let request = v1::RunRequest {
        networks: vec![bridge],
        ..agent.request(&["sleep", "1000"])
    };
    let id = request.id.clone();
    let answer = agent.runtime().run(request).await.unwrap().into_inner();
    let address = answer.addresses[0]
        .address
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    let interface = || async { one(&agent, &id).await.interfaces };
    let before = interface().await;
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].interface, "eth0");
    // Refused there: a packet in, a packet out.
    let refused = tokio::net::TcpStream::connect((address.as_str(), 9)).await;
    assert!(refused.is_err());
    let after = interface().await;
    assert!(
        after[0].received_bytes > before[0].received_bytes,
        "{after:?}"
    );
    assert!(after[0].sent_packets > before[0].sent_packets, "{after:?}");
    agent.delete(&id).await;
}

async fn stream() {
    let agent = Agent::start().await;
    let request = v1::StatsRequest {
        ids: Vec::new(),
        interval_ms: 1,
    };
    let mut batches = agent.runtime().stats(request).await.unwrap().into_inner();
    let first = batches.message().await.unwrap().unwrap();
    assert!(first.containers.is_empty());
    let id = sleeping(&agent).await;
    let appears = async {
        while batches
            .message()
            .await
            .unwrap()
            .unwrap()
            .containers
            .is_empty()
        {}
    };
    tokio::time::timeout(PATIENCE, appears)
        .await
        .expect("it is told");
    agent.delete(&id).await;
    let goes = async {
        while !batches
            .message()
            .await
            .unwrap()
            .unwrap()
            .containers
            .is_empty()
        {}
    };
    tokio::time::timeout(PATIENCE, goes)
        .await
        .expect("it is told no more");
}

async fn processes() {
    let agent = Agent::start().await;
    let mut request = agent.request(&["sh", "-c", "sleep 1000 & exec sleep 2000"]);
    request.user = "web".into();
    let id = request.id.clone();
    let pid = agent.runtime().run(request).await.unwrap().into_inner().pid;
    let table = || async {
        let request = v1::ProcessesRequest { id: id.clone() };
        let answer = agent.runtime().processes(request).await.unwrap();
        answer.into_inner().processes
    };
    let both = async {
        loop {
            let table = table().await;
            if table.len() == 2 && table.iter().all(|it| it.name == "sleep") {
                return table;
            }
        }
    };
    let table = tokio::time::timeout(PATIENCE, both)
        .await
        .expect("two processes");
    let init = table.iter().find(|it| it.pid == pid).unwrap();
    let child = table.iter().find(|it| it.pid != pid).unwrap();
    assert_eq!(init.args, ["sleep", "2000"]);
    assert_eq!(child.args, ["sleep", "1000"]);
    assert_eq!((init.pid_inside, child.parent_pid), (1, pid));
    assert!(child.pid_inside > 1);
    assert_eq!((init.uid, init.gid, init.tty.as_str()), (1000, 1000, ""));
    assert!(init.resident_bytes > 0 && init.virtual_bytes >= init.resident_bytes);
    assert_eq!((init.threads, init.state.as_str()), (1, "S"));
    agent.delete(&id).await;
    let gone = agent
        .runtime()
        .processes(v1::ProcessesRequest { id: id.clone() })
        .await;
    assert_eq!(gone.unwrap_err().code(), Code::NotFound);
}
