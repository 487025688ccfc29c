//! Containers that share namespaces with others, or with the host.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use serde_json::json;

use crate::agent::{Agent, new_id, until};
use crate::failures::failure_of;
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a container in another one's network has its address, hosts and name",
            network,
        ),
        trial(
            "a container among another one's processes ends without them",
            processes,
        ),
        trial("a container in another one's IPC shares its memory", memory),
        trial(
            "a link in the place of shared memory leads nobody elsewhere",
            memory_elsewhere,
        ),
        trial("who does not run shares nothing, and is named", not_running),
        trial(
            "a container among the host's processes leaves none behind",
            host_processes,
        ),
    ]
}

fn join(namespace: &str, container: &str) -> v1::NamespaceJoin {
    v1::NamespaceJoin {
        namespace: namespace.into(),
        container_id: container.into(),
    }
}

fn joining(agent: &Agent, script: &str, join: Vec<v1::NamespaceJoin>) -> v1::RunRequest {
    let mut spec = spec(&["sh", "-c", script]);
    spec["hostname"] = json!("mine");
    v1::RunRequest {
        join,
        identity: Some(v1::IdentityFiles {
            hostname: "mine".into(),
            ..Default::default()
        }),
        ..agent.request_of(new_id(), &spec)
    }
}

async fn network() {
    let agent = Agent::start().await;
    let other = v1::RunRequest {
        networks: vec![v1::NetworkAttachment {
            network: "bridge".into(),
            ..Default::default()
        }],
        ..agent.request(&["sleep", "1000"])
    };
    let other_id = other.id.clone();
    let answer = agent.runtime().run(other).await.unwrap().into_inner();
    let script = "ip addr show eth0; cat /etc/hosts /etc/hostname; hostname";
    let request = joining(&agent, script, vec![join("network", &other_id)]);
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let text = agent.log_text(&id).await;
    let address = &answer.addresses[0].address;
    assert!(text.contains(&format!("inet {address}")), "{text}");
    let plain = address.split('/').next().unwrap();
    assert!(text.contains(&format!("{plain}\tbox")), "{text}");
    assert!(text.ends_with("box\nbox\n"), "{text}");
    // A third one by way of the second shows the first one's files, too.
    let request = joining(&agent, "sleep 1000", vec![join("network", &other_id)]);
    let second = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let request = joining(&agent, "hostname", vec![join("network", &second)]);
    let third = request.id.clone();
    agent.run_to_exit(request).await;
    assert_eq!(agent.log_text(&third).await, "box\n");
    for id in [id, second, third, other_id] {
        agent.delete(&id).await;
    }
}

async fn processes() {
    let agent = Agent::start().await;
    let other = agent.request(&["sleep", "1000"]);
    let other_id = other.id.clone();
    let pid = agent.runtime().run(other).await.unwrap().into_inner().pid;
    let script = "cat /proc/1/cmdline; sleep 2000 & echo; exit 0";
    let request = joining(&agent, script, vec![join("pid", &other_id)]);
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let text = agent.log_text(&id).await;
    assert!(text.starts_with("sleep\u{0}1000"), "{text:?}");
    let neighbours = || names_of_processes_like("sleep\u{0}2000\u{0}", pid);
    until("what it left behind is killed", || neighbours() == 0).await;
    assert_eq!(names_of_processes_like("sleep\u{0}1000\u{0}", pid), 1);
    for id in [id, other_id] {
        agent.delete(&id).await;
    }
}

/// Runs a container that prepares its /dev/shm with an administrator's rights and stays, and then one that shares it;
/// returns what that one says, or why it was refused.
async fn look_at_memory(prepare: &str, look: &str) -> String {
    let agent = Agent::start().await;
    let script = format!("{prepare}; echo ready; exec sleep 1000");
    let mut others = spec(&["sh", "-c", &script]);
    for set in ["bounding", "permitted", "effective"] {
        let capabilities = others["process"]["capabilities"][set].as_array_mut();
        capabilities.unwrap().push(json!("CAP_SYS_ADMIN"));
    }
    let other = v1::RunRequest {
        seccomp_profile: "unconfined".into(),
        ..agent.request_of(new_id(), &others)
    };
    let other_id = other.id.clone();
    agent.runtime().run(other).await.unwrap();
    while !agent.log_text(&other_id).await.contains("ready") {
        tokio::task::yield_now().await;
    }
    let mut spec = spec(&["sh", "-c", look]);
    let mounts = spec["mounts"].as_array_mut().unwrap();
    mounts.retain(|it| it["destination"] != "/dev/shm");
    let request = v1::RunRequest {
        join: vec![join("ipc", &other_id)],
        ..agent.request_of(new_id(), &spec)
    };
    let id = request.id.clone();
    let text = match agent.runtime().run(request).await {
        Ok(_) => {
            agent.exit_of(&id).await;
            agent.log_text(&id).await
        }
        Err(refused) => failure_of(&refused).message,
    };
    agent.delete(&id).await;
    agent.delete(&other_id).await;
    text
}

async fn memory() {
    let look = "cat /dev/shm/x; grep ' /dev/shm ' /proc/self/mounts";
    let text = look_at_memory("echo ahoy > /dev/shm/x", look).await;
    assert!(text.starts_with("ahoy\n"), "{text}");
    assert!(text.contains("noexec"), "{text}");
}

async fn memory_elsewhere() {
    let prepare = "umount /dev/shm && rmdir /dev/shm && ln -s /proc/1/root /dev/shm || exit 1";
    let text = look_at_memory(prepare, "ls /dev/shm").await;
    assert!(text.contains("symbolic link"), "{text}");
}

/// Processes of that command line in the namespace of processes that `pid` is in.
fn names_of_processes_like(command: &str, pid: i32) -> usize {
    let namespace = |pid: &str| std::fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
    let wanted = namespace(&pid.to_string());
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let is_like = |name: &String| {
        let text = std::fs::read_to_string(format!("/proc/{name}/cmdline")).unwrap_or_default();
        text == command && namespace(name) == wanted
    };
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(is_like)
        .count()
}

async fn not_running() {
    let agent = Agent::start().await;
    let other = agent.request(&["true"]);
    let other_id = other.id.clone();
    agent.run_to_exit(other).await;
    for kind in ["pid", "network", "ipc", "uts"] {
        let request = joining(&agent, "true", vec![join(kind, &other_id)]);
        let refused = agent.runtime().run(request).await.unwrap_err();
        assert_eq!(refused.code(), tonic::Code::FailedPrecondition, "{kind}");
        assert!(failure_of(&refused).message.contains(&other_id), "{kind}");
    }
    let request = joining(&agent, "true", vec![join("pid", &"ab".repeat(32))]);
    let unknown = agent.runtime().run(request).await.unwrap_err();
    assert_eq!(unknown.code(), tonic::Code::NotFound);
    agent.delete(&other_id).await;
}

async fn host_processes() {
    let agent = Agent::start().await;
    let mut spec = spec(&["sh", "-c", "sleep 3000 & sleep 3000 & exit 3"]);
    let namespaces = spec["linux"]["namespaces"].as_array_mut().unwrap();
    namespaces.retain(|it| it["type"] != "pid");
    let own = std::process::id().cast_signed();
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    assert_eq!(agent.run_to_exit(request).await.code, 3);
    let left = || names_of_processes_like("sleep\u{0}3000\u{0}", own);
    until("no process is left", || left() == 0).await;
    agent.delete(&id).await;
    spec["process"]["args"] = json!(["sh", "-c", "sleep 3000 & sleep 3000"]);
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    agent.delete(&id).await;
    until("no process is left", || left() == 0).await;
}
