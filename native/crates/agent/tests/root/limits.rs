//! Limits and networks of containers.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::event::What;
use serde_json::json;

use crate::agent::{Agent, PATIENCE, new_id, until};
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a container that runs out of memory is told, and its exit says so",
            out_of_memory,
        ),
        trial(
            "a container reads its own limits, and cannot change them",
            own_limits,
        ),
        trial(
            "a container on the bridge has the address it was given",
            bridge,
        ),
        trial(
            "deletion leaves nothing of a container on the bridge",
            bridge_leaves_nothing,
        ),
        trial("hello and usage tell what this machine is", hello),
    ]
}

async fn out_of_memory() {
    let agent = Agent::start().await;
    let mut spec = spec(&["tail", "/dev/zero"]);
    let limit = 32 << 20;
    spec["linux"]["resources"] = json!({ "memory": { "limit": limit } });
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    let exit = agent.run_to_exit(request).await;
    assert_eq!((exit.code, exit.signal, exit.oom_killed), (137, 9, true));
    assert_eq!(exit.memory_limit_bytes, limit);
    assert!(
        exit.memory_peak_bytes > limit / 2,
        "{}",
        exit.memory_peak_bytes
    );
    let request = v1::EventsRequest { after_seq: 0 };
    let mut events = agent.runtime().events(request).await.unwrap().into_inner();
    let mut kinds = Vec::new();
    let collect = async {
        while !matches!(kinds.last(), Some(What::Exited(_))) {
            let event = events.message().await.unwrap().unwrap();
            assert_eq!(event.id, id);
            kinds.extend(event.what);
        }
    };
    tokio::time::timeout(PATIENCE, collect)
        .await
        .expect("the exit is told");
    assert!(matches!(kinds[0], What::Started(_)), "{kinds:?}");
    assert!(
        kinds.iter().any(|kind| matches!(kind, What::Oom(_))),
        "{kinds:?}"
    );
}

async fn own_limits() {
    let agent = Agent::start().await;
    let script = "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max 2>/dev/null; \
                  echo 1 > memory/cgroup.procs || echo 1 > cgroup.procs || echo refused";
    let mut spec = spec(&["sh", "-c", script]);
    let limit = 48 << 20;
    spec["linux"]["resources"] = json!({ "memory": { "limit": limit } });
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let text = agent.log_text(&id).await;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&limit.to_string().as_str()), "{text}");
    assert!(lines.contains(&"refused"), "{text}");
}

fn on_bridge(agent: &Agent, args: &[&str]) -> v1::RunRequest {
    let bridge = v1::NetworkAttachment {
        network: "bridge".into(),
        ..Default::default()
    };
    v1::RunRequest {
        networks: vec![bridge],
        ..agent.request(args)
    }
}

async fn bridge() {
    let mut agent = Agent::start().await;
    let request = on_bridge(
        &agent,
        &["sh", "-c", "ip addr show eth0; cat /etc/hosts; sleep 1000"],
    );
    let id = request.id.clone();
    let answer = agent.runtime().run(request).await.unwrap().into_inner();
    let [address] = answer.addresses.as_slice() else {
        panic!("{:?}", answer.addresses)
    };
    let plain = address.address.split('/').next().unwrap().to_owned();
    let mut text = String::new();
    for _ in 0..1000 {
        text = agent.log_text(&id).await;
        if text.contains("box") {
            break;
        }
    }
    assert!(
        text.contains(&format!("inet {}", address.address)),
        "{text}"
    );
    assert!(text.contains(&format!("{plain}\tbox")), "{text}");
    agent.kill();
    agent.start_again().await;
    let listed = async {
        loop {
            let list = agent
                .runtime()
                .list(v1::ListRequest {})
                .await
                .unwrap()
                .into_inner();
            let found = &list.containers[0].addresses;
            if !found.is_empty() {
                return found.clone();
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, listed)
        .await
        .expect("the addresses are known");
    assert_eq!(found, answer.addresses);
    agent.delete(&id).await;
}

async fn bridge_leaves_nothing() {
    let agent = Agent::start().await;
    // The first one makes the bridge, which stays.
    let first = on_bridge(&agent, &["true"]);
    let id = first.id.clone();
    agent.run_to_exit(first).await;
    agent.delete(&id).await;
    until("the first one's link is gone", || {
        !agent.traces().iter().any(|it| it.contains(&id))
    })
    .await;
    let before = agent.traces();
    let mut ids = Vec::new();
    for args in [
        &["true"][..],
        &["sleep", "1000"][..],
        &["no-such-command"][..],
    ] {
        let request = on_bridge(&agent, args);
        ids.push(request.id.clone());
        // The last one fails.
        let _ = agent.runtime().run(request).await;
    }
    for id in &ids {
        agent.delete(id).await;
    }
    until("nothing is left", || agent.traces().is_subset(&before)).await;
}

async fn hello() {
    let agent = Agent::start().await;
    let request = v1::HelloRequest {
        protocol_version: 1,
        client_version: "test".into(),
    };
    let hello = agent.system().hello(request).await.unwrap().into_inner();
    assert_eq!(hello.pid as u32, agent.pid());
    assert!(hello.cgroup_controllers.contains(&"memory".to_owned()));
    let request = v1::HelloRequest {
        protocol_version: 99,
        client_version: "test".into(),
    };
    let refused = agent.system().hello(request).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition);
    let usage = agent
        .system()
        .usage(v1::UsageRequest {})
        .await
        .unwrap()
        .into_inner();
    assert!(usage.memory_used_bytes > 0 && usage.memory_used_bytes < usage.memory_total_bytes);
    assert!(usage.cpu_busy_ms > 0 && usage.disk_total_bytes > 0);
}
