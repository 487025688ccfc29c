//! Containers that stand still.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::event::What;
use tonic::Code;

use crate::agent::{Agent, PATIENCE, new_id, until};
use crate::execs::{begin, exec, sleeping};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a paused container does nothing until it is resumed",
            stands_still,
        ),
        trial(
            "pausing and resuming may be repeated, and each is told once",
            idempotent,
        ),
        trial("what does not run cannot be paused", not_running),
        trial("a pause outlives the agent, and is told", survives),
        trial(
            "signals wait for a paused container's resumption",
            signal_waits,
        ),
        trial("a paused container can be deleted by force", deleted),
        trial("an exec into a paused container is refused", no_exec),
    ]
}

async fn pause(agent: &Agent, id: &str) -> Result<(), tonic::Status> {
    let request = v1::PauseRequest { id: id.to_owned() };
    agent.runtime().pause(request).await.map(drop)
}

async fn resume(agent: &Agent, id: &str) -> Result<(), tonic::Status> {
    let request = v1::ResumeRequest { id: id.to_owned() };
    agent.runtime().resume(request).await.map(drop)
}

async fn is_paused(agent: &Agent, id: &str) -> bool {
    let list = agent.runtime().list(v1::ListRequest {}).await.unwrap();
    let containers = list.into_inner().containers;
    containers.iter().find(|it| it.id == id).unwrap().paused
}

/// The kinds of all events of a container so far.
async fn told(agent: &Agent, id: &str) -> Vec<What> {
    let list = agent.runtime().list(v1::ListRequest {}).await.unwrap();
    let last = list.into_inner().as_of_seq;
    let request = v1::EventsRequest { after_seq: 0 };
    let mut events = agent.runtime().events(request).await.unwrap().into_inner();
    let mut kinds = Vec::new();
    loop {
        let event = events.message().await.unwrap().unwrap();
        if event.id == id {
            kinds.extend(event.what);
        }
        if event.seq >= last {
            return kinds;
        }
    }
}

async fn run(agent: &Agent, script: &str) -> String {
    let request = agent.request(&["sh", "-c", script]);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    id
}

async fn wait_for_line(agent: &Agent, id: &str, line: &str) {
    let wait = async { while !agent.log_text(id).await.contains(line) {} };
    tokio::time::timeout(PATIENCE, wait).await.expect(line);
}

async fn stands_still() {
    let agent = Agent::start().await;
    let id = run(&agent, "echo ready; while true; do true; done").await;
    wait_for_line(&agent, &id, "ready").await;
    pause(&agent, &id).await.unwrap();
    assert!(is_paused(&agent, &id).await);
    let used = || async { crate::stats::one(&agent, &id).await.cpu.unwrap().usage_ns };
    let before = used().await;
    // A busy loop that runs would have used more by the time of a second look.
    let after = used().await;
    assert_eq!(before, after);
    resume(&agent, &id).await.unwrap();
    assert!(!is_paused(&agent, &id).await);
    let wait = async { while used().await == after {} };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .expect("it goes on");
    agent.delete(&id).await;
}

async fn idempotent() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    resume(&agent, &id).await.unwrap();
    pause(&agent, &id).await.unwrap();
    pause(&agent, &id).await.unwrap();
    resume(&agent, &id).await.unwrap();
    resume(&agent, &id).await.unwrap();
    let kinds = told(&agent, &id).await;
    assert!(
        matches!(
            kinds[..],
            [What::Started(_), What::Paused(_), What::Resumed(_)]
        ),
        "{kinds:?}"
    );
    agent.delete(&id).await;
}

async fn not_running() {
    let agent = Agent::start().await;
    let unknown = pause(&agent, &new_id()).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let malformed = pause(&agent, "../x").await.unwrap_err();
    assert_eq!(malformed.code(), Code::InvalidArgument);
    let request = agent.request(&["true"]);
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    for refused in [pause(&agent, &id).await, resume(&agent, &id).await] {
        assert_eq!(refused.unwrap_err().code(), Code::FailedPrecondition);
    }
}

async fn survives() {
    let mut agent = Agent::start().await;
    let id = sleeping(&agent).await;
    pause(&agent, &id).await.unwrap();
    agent.kill();
    agent.start_again().await;
    assert!(is_paused(&agent, &id).await);
    let paused = |kinds: &[What]| {
        kinds
            .iter()
            .filter(|it| matches!(it, What::Paused(_)))
            .count()
    };
    assert_eq!(paused(&told(&agent, &id).await), 1);
    agent.kill();
    // As when the agent dies between the kernel's step and the event.
    thaw_behind_its_back(&id);
    agent.start_again().await;
    assert!(!is_paused(&agent, &id).await);
    let kinds = told(&agent, &id).await;
    assert!(matches!(kinds.last(), Some(What::Resumed(_))), "{kinds:?}");
    agent.delete(&id).await;
}

fn thaw_behind_its_back(id: &str) {
    let id = longshore_runtime::Id::parse(id).unwrap();
    let path = longshore_runtime::supervisor::cgroup_path(&id);
    let host = longshore_cgroups::CgroupHost::detect().unwrap();
    host.freezer(&path).unwrap().thaw().unwrap();
}

async fn signal_waits() {
    let agent = Agent::start().await;
    let id = run(
        &agent,
        "trap 'exit 9' USR1; echo ready; while true; do sleep 0.01; done",
    )
    .await;
    wait_for_line(&agent, &id, "ready").await;
    pause(&agent, &id).await.unwrap();
    let request = v1::SignalRequest {
        id: id.clone(),
        signal: libc::SIGUSR1,
        ..Default::default()
    };
    agent.runtime().signal(request).await.unwrap();
    assert!(is_paused(&agent, &id).await);
    resume(&agent, &id).await.unwrap();
    assert_eq!(agent.exit_of(&id).await.code, 9);
}

async fn deleted() {
    let agent = Agent::start().await;
    let before = agent.traces();
    let id = sleeping(&agent).await;
    pause(&agent, &id).await.unwrap();
    let request = v1::DeleteRequest {
        id: id.clone(),
        force: false,
    };
    let refused = agent.runtime().delete(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    agent.delete(&id).await;
    until("nothing is left", || agent.traces().is_subset(&before)).await;
}

async fn no_exec() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    pause(&agent, &id).await.unwrap();
    let refused = exec(&agent, begin(&id, &["true"])).await.err().unwrap();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("paused"), "{refused}");
    agent.delete(&id).await;
}
