//! Attaching: every byte in order, before the start and after.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::attach_input::What as Input;
use longshore_protocol::v1::process_output::What;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use crate::agent::{Agent, new_id};
use crate::spec::spec;
use crate::trial;

const BULK: usize = 64 << 20;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("64 MB through stdin and stdout arrive unchanged", bulk),
        trial("an attachment before the start loses no byte", before_start),
        trial(
            "an attachment whose container never starts is told so",
            never_started,
        ),
        trial(
            "stdin_once closes stdin with its first writer, else it stays open",
            stdin_once,
        ),
        trial("without open_stdin the container reads nothing", no_stdin),
        trial("several attachments see the same output", several),
        trial("a terminal has the size it is given", terminal_size),
        trial(
            "a reader that does not read holds up the container, not its end",
            slow_reader,
        ),
    ]
}

pub(crate) struct Attached {
    pub(crate) input: mpsc::Sender<v1::AttachInput>,
    pub(crate) output: Streaming<v1::ProcessOutput>,
}

pub(crate) async fn attach(agent: &Agent, id: &str, before_start: bool) -> Attached {
    let (input, inputs) = mpsc::channel(4);
    let begin = v1::AttachBegin {
        container_id: id.to_owned(),
        stdin: true,
        stdout: true,
        stderr: true,
        before_start,
    };
    input
        .send(v1::AttachInput {
            what: Some(Input::Begin(begin)),
        })
        .await
        .unwrap();
    let output = agent
        .runtime()
        .attach(ReceiverStream::new(inputs))
        .await
        .unwrap()
        .into_inner();
    let mut attached = Attached { input, output };
    assert!(matches!(attached.next().await, What::Attached(_)));
    attached
}

impl Attached {
    async fn next(&mut self) -> What {
        self.output.message().await.unwrap().unwrap().what.unwrap()
    }

    pub(crate) async fn write(&self, bytes: &[u8]) {
        let what = Some(Input::Stdin(bytes.to_vec()));
        self.input.send(v1::AttachInput { what }).await.unwrap();
    }

    /// Output up to and including this text.
    pub(crate) async fn read_until(&mut self, text: &str) -> String {
        let mut read = String::new();
        while !read.contains(text) {
            match self.next().await {
                What::Stdout(bytes) => read.push_str(&String::from_utf8(bytes).unwrap()),
                other => panic!("{other:?} after {read:?}"),
            }
        }
        read
    }

    /// stdout, stderr and the exit.
    async fn read_to_end(mut self) -> (Vec<u8>, Vec<u8>, v1::ProcessExited) {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        loop {
            match self.next().await {
                What::Stdout(bytes) => stdout.extend(bytes),
                What::Stderr(bytes) => stderr.extend(bytes),
                What::Exited(exit) => {
                    assert!(self.output.message().await.unwrap().is_none());
                    return (stdout, stderr, exit);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

fn interactive(agent: &Agent, args: &[&str]) -> v1::RunRequest {
    v1::RunRequest {
        open_stdin: true,
        stdin_once: true,
        ..agent.request(args)
    }
}

/// Bytes without a pattern that a repetition would hide.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..length / 8).flat_map(|_| next()).collect()
}

async fn bulk() {
    let agent = Agent::start().await;
    let request = interactive(&agent, &["cat"]);
    let mut attached = attach(&agent, &request.id, true).await;
    agent.runtime().run(request).await.unwrap();
    let sent = noise(BULK);
    let input = attached.input.clone();
    attached.input = mpsc::channel(1).0;
    let copy = sent.clone();
    let writing = tokio::spawn(async move {
        for chunk in copy.chunks(48 * 1024 + 1) {
            let what = Some(Input::Stdin(chunk.to_vec()));
            input.send(v1::AttachInput { what }).await.unwrap();
        }
    });
    let (stdout, _, exit) = attached.read_to_end().await;
    writing.await.unwrap();
    assert_eq!(exit.code, 0);
    assert!(stdout == sent, "{} of {} bytes", stdout.len(), sent.len());
}

async fn before_start() {
    let agent = Agent::start().await;
    for _ in 0..10 {
        let request = agent.request(&["sh", "-c", "echo first; echo second >&2; exit 3"]);
        let attached = attach(&agent, &request.id, true).await;
        agent.runtime().run(request).await.unwrap();
        let (stdout, stderr, exit) = attached.read_to_end().await;
        assert_eq!(
            (stdout.as_slice(), stderr.as_slice()),
            (&b"first\n"[..], &b"second\n"[..])
        );
        assert_eq!(exit.code, 3);
    }
}

async fn never_started() {
    let agent = Agent::start().await;
    let request = agent.request(&["no-such-command"]);
    let mut attached = attach(&agent, &request.id, true).await;
    agent.runtime().run(request).await.unwrap_err();
    let status = attached.output.message().await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Unavailable);
}

async fn stdin_once() {
    let agent = Agent::start().await;
    let request = interactive(&agent, &["cat"]);
    let mut first = attach(&agent, &request.id, true).await;
    agent.runtime().run(request).await.unwrap();
    first.write(b"text").await;
    first.read_until("text").await;
    drop(first.input);
    let exit = loop {
        if let What::Exited(exit) = first.output.message().await.unwrap().unwrap().what.unwrap() {
            break exit;
        }
    };
    assert_eq!(exit.code, 0);

    let request = v1::RunRequest {
        stdin_once: false,
        ..interactive(&agent, &["cat"])
    };
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    for round in ["one", "two"] {
        let mut attached = attach(&agent, &id, false).await;
        attached.write(round.as_bytes()).await;
        attached.read_until(round).await;
    }
    agent.delete(&id).await;
}

async fn no_stdin() {
    let agent = Agent::start().await;
    let request = agent.request(&["cat"]);
    let attached = attach(&agent, &request.id, true).await;
    attached.write(b"text").await;
    agent.runtime().run(request).await.unwrap();
    let (stdout, _, exit) = attached.read_to_end().await;
    assert!(stdout.is_empty());
    assert_eq!(exit.code, 0);
}

async fn several() {
    let agent = Agent::start().await;
    let request = interactive(&agent, &["cat"]);
    let id = request.id.clone();
    let mut first = attach(&agent, &id, true).await;
    agent.runtime().run(request).await.unwrap();
    let mut second = attach(&agent, &id, false).await;
    first.write(b"for both").await;
    first.read_until("for both").await;
    second.read_until("for both").await;
    agent.delete(&id).await;
}

async fn terminal_size() {
    let agent = Agent::start().await;
    let mut spec = spec(&["sh", "-c", "read line; stty size"]);
    spec["process"]["terminal"] = json!(true);
    let request = v1::RunRequest {
        open_stdin: true,
        ..agent.request_of(new_id(), &spec)
    };
    let id = request.id.clone();
    let mut attached = attach(&agent, &id, true).await;
    agent.runtime().run(request).await.unwrap();
    let size = Some(v1::TerminalSize {
        columns: 123,
        rows: 45,
    });
    let resize = v1::ResizeRequest {
        container_id: id,
        exec_id: String::new(),
        size,
    };
    agent.runtime().resize(resize).await.unwrap();
    attached.write(b"go\n").await;
    attached.read_until("45 123").await;
}

async fn slow_reader() {
    let agent = Agent::start().await;
    // More than all buffers on the way hold.
    let request = agent.request(&["sh", "-c", "head -c 33554432 /dev/zero; exit 5"]);
    let id = request.id.clone();
    let attached = attach(&agent, &id, true).await;
    agent.runtime().run(request).await.unwrap();
    let signal = v1::SignalRequest {
        id: id.clone(),
        signal: libc::SIGKILL,
        exec_id: String::new(),
    };
    agent.runtime().signal(signal).await.unwrap();
    assert_eq!(agent.exit_of(&id).await.code, 137);
    let (stdout, _, exit) = attached.read_to_end().await;
    assert!(stdout.len() < 33_554_432);
    assert_eq!(exit.code, 137);
}
