//! Containers that run and end.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use libtest_mimic::Trial;
use longshore_protocol::v1;
use serde_json::json;

use crate::agent::{Agent, PATIENCE, new_id};
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a command runs and its exit code is told", exit_codes),
        trial("a killed container exits with 128 + the signal", killed),
        trial("a repeated run answers with the running one", repeated),
        trial(
            "what a container wrote is in its log and in its writable layer",
            log_and_layer,
        ),
        trial(
            "a container runs again the moment it has exited",
            at_once_again,
        ),
        trial(
            "a container without a network has its extra hosts",
            extra_hosts,
        ),
        trial(
            "each container without a network has a loopback of its own, which is up",
            own_loopback,
        ),
        trial("user and groups are resolved inside the rootfs", users),
    ]
}

async fn exit_codes() {
    let agent = Agent::start().await;
    for (script, code) in [("true", 0), ("exit 7", 7)] {
        let exit = agent
            .run_to_exit(agent.request(&["sh", "-c", script]))
            .await;
        assert_eq!((exit.code, exit.signal), (code, 0), "{script}");
    }
}

async fn killed() {
    let agent = Agent::start().await;
    let request = agent.request(&["sleep", "1000"]);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let signal = v1::SignalRequest {
        id: id.clone(),
        signal: libc::SIGKILL,
        exec_id: String::new(),
    };
    agent.runtime().signal(signal).await.unwrap();
    let exit = agent.exit_of(&id).await;
    assert_eq!((exit.code, exit.signal), (137, 9));
}

async fn repeated() {
    let agent = Agent::start().await;
    let request = agent.request(&["sleep", "1000"]);
    let first = agent
        .runtime()
        .run(request.clone())
        .await
        .unwrap()
        .into_inner();
    let second = agent
        .runtime()
        .run(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(first.started_now && !second.started_now);
    assert_eq!(first.pid, second.pid);
    agent.delete(&request.id).await;
    agent.delete(&request.id).await;
}

async fn log_and_layer() {
    let agent = Agent::start().await;
    let id = new_id();
    let first = spec(&["sh", "-c", "echo kept > /file; echo out; echo err >&2"]);
    agent
        .run_to_exit(agent.request_of(id.clone(), &first))
        .await;
    let again = agent.request_of(id.clone(), &spec(&["cat", "/file"]));
    agent.runtime().run(again).await.unwrap();
    let request = v1::LogsRequest {
        id: id.clone(),
        follow: true,
        tail: -1,
        stdout: true,
        stderr: true,
        ..Default::default()
    };
    let mut batches = agent.runtime().logs(request).await.unwrap().into_inner();
    let mut lines = Vec::new();
    while let Some(batch) = batches.message().await.unwrap() {
        lines.extend(batch.records.into_iter().map(|it| (it.stream, it.data)));
    }
    let (out, err) = (v1::LogStream::Stdout as i32, v1::LogStream::Stderr as i32);
    lines.sort();
    let expected = [
        (out, b"kept\n".to_vec()),
        (out, b"out\n".to_vec()),
        (err, b"err\n".to_vec()),
    ];
    assert_eq!(lines, expected);
}

async fn at_once_again() {
    let agent = Agent::start().await;
    let id = new_id();
    let mut seq = 0;
    for round in 0..20 {
        let script = format!("exit {round}");
        let request = agent.request_of(id.clone(), &spec(&["sh", "-c", &script]));
        agent.runtime().run(request).await.unwrap();
        let request = v1::EventsRequest { after_seq: seq };
        let mut events = agent.runtime().events(request).await.unwrap().into_inner();
        loop {
            let event = events.message().await.unwrap().unwrap();
            seq = event.seq;
            if let Some(v1::event::What::Exited(exit)) = event.what {
                assert_eq!(exit.code, round);
                break;
            }
        }
    }
}

async fn extra_hosts() {
    let agent = Agent::start().await;
    let mut request = agent.request(&["cat", "/etc/hosts"]);
    request.identity = Some(v1::IdentityFiles {
        extra_hosts: vec!["db:10.1.2.3".into()],
        ..Default::default()
    });
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let text = agent.log_text(&id).await;
    assert!(text.contains("10.1.2.3\tdb"), "{text}");
}

/// Whether its namespace was made ahead or not.
async fn own_loopback() {
    let agent = Agent::start().await;
    let network_of = |process: &str| fs::read_link(format!("/proc/{process}/ns/net")).unwrap();
    let mut networks = HashSet::from([network_of("self")]);
    for _ in 0..4 {
        let request = agent.request(&["sh", "-c", "ip -o addr; echo done; sleep 1000"]);
        let id = request.id.clone();
        let pid = agent.runtime().run(request).await.unwrap().into_inner().pid;
        assert!(networks.insert(network_of(&pid.to_string())));
        let log = log_with(&agent, &id, "done\n").await;
        let mut addresses = log.lines().filter(|line| *line != "done");
        assert!(addresses.all(|line| line.contains(" lo ")), "{log}");
        assert!(log.contains("127.0.0.1/8"), "{log}");
    }
    for container in agent
        .runtime()
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner()
        .containers
    {
        agent.delete(&container.id).await;
    }
}

/// The log, once that is in it.
async fn log_with(agent: &Agent, id: &str, text: &str) -> String {
    let read = async {
        loop {
            let log = agent.log_text(id).await;
            if log.contains(text) {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, read)
        .await
        .expect("the line is written")
}

async fn users() {
    let agent = Agent::start().await;
    let mut request = agent.request(&["id"]);
    request.user = "web".into();
    request.additional_groups = vec!["audio".into()];
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let text = agent.log_text(&id).await;
    assert!(
        text.contains("uid=1000(web) gid=1000(web)") && text.contains("29(audio)"),
        "{text}"
    );
    let mut numeric = spec(&["id", "-u"]);
    numeric["process"]["user"] = json!({ "uid": 33, "gid": 33 });
    let id = new_id();
    agent
        .run_to_exit(agent.request_of(id.clone(), &numeric))
        .await;
    assert_eq!(agent.log_text(&id).await, "33\n");
}
