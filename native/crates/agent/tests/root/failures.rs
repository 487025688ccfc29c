//! Starts that must fail: with the exact step, and with nothing left behind.

use libtest_mimic::Trial;
use longshore_protocol::{FAILURE_METADATA_KEY, v1};
use prost::Message;
use serde_json::json;
use tonic::Status;

use crate::agent::{Agent, new_id, until};
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial(
        "a failed start says the step and leaves nothing",
        failed_starts,
    )]
}

pub(crate) fn failure_of(status: &Status) -> v1::Failure {
    let value = status
        .metadata()
        .get_bin(FAILURE_METADATA_KEY)
        .expect("a failure in the metadata");
    v1::Failure::decode(value.to_bytes().unwrap()).unwrap()
}

async fn failed_starts() {
    use v1::ErrorClass::{InvalidArgument, NotFound, PermissionDenied};
    let agent = Agent::start().await;
    let before = agent.traces();
    let simple = |args: &[&str]| agent.request_of(new_id(), &spec(args));
    let mut no_layer = simple(&["true"]);
    no_layer.rootfs = Some(v1::Rootfs {
        chain_ids: vec![format!("sha256:{}", "1".repeat(64))],
        read_only: false,
    });
    let mut no_user = simple(&["true"]);
    no_user.user = "nobody-knows".into();
    let mut file_as_cwd = spec(&["true"]);
    file_as_cwd["process"]["cwd"] = json!("/etc/passwd");
    let mut bad_path = simple(&["true"]);
    bad_path.id = "../../../etc".into();
    let cases = [
        (
            "no such command",
            simple(&["no-such-command"]),
            "exec",
            NotFound,
        ),
        (
            "not executable",
            simple(&["/bin/not-executable"]),
            "exec",
            PermissionDenied,
        ),
        (
            "a file as directory",
            agent.request_of(new_id(), &file_as_cwd),
            "cwd",
            InvalidArgument,
        ),
        ("unknown user", no_user, "user", InvalidArgument),
        ("missing layer", no_layer, "chain-id", NotFound),
        ("an id that is a path", bad_path, "id", InvalidArgument),
    ];
    for (what, request, step, class) in cases {
        let status = agent.runtime().run(request).await.expect_err(what);
        let failure = failure_of(&status);
        assert_eq!(
            (failure.step.as_str(), failure.error_class()),
            (step, class),
            "{what}"
        );
    }
    until("nothing is left", || agent.traces() == before).await;
    let list = agent
        .runtime()
        .list(v1::ListRequest {})
        .await
        .unwrap()
        .into_inner();
    assert!(list.containers.is_empty());
}
