//! Further processes in a running container.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::exec_input::What as Input;
use longshore_protocol::v1::process_output::What;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use crate::agent::{Agent, PATIENCE, new_id};
use crate::failures::failure_of;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("an exec's output and exit code are told", output),
        trial("an exec reads its stdin to the end", stdin),
        trial("an exec has a terminal of the size it is given", terminal),
        trial(
            "a command that is not there is a failure of the call",
            no_command,
        ),
        trial("a cancelled call leaves its process running", cancelled),
        trial(
            "closing an exec's terminal hangs up on its process",
            hang_up,
        ),
        trial("a detached exec ends as an event", detached),
        trial("a signal reaches an exec and not its container", signalled),
        trial("an exec takes user, directory and environment", settings),
        trial(
            "an exec ends although its children keep its pipes",
            background_children,
        ),
    ]
}

pub(crate) struct Exec {
    pub(crate) input: mpsc::Sender<v1::ExecInput>,
    pub(crate) output: Streaming<v1::ProcessOutput>,
}

pub(crate) fn begin(id: &str, args: &[&str]) -> v1::ExecBegin {
    v1::ExecBegin {
        container_id: id.to_owned(),
        exec_id: new_id(),
        args: args.iter().map(|&word| word.to_owned()).collect(),
        ..Default::default()
    }
}

pub(crate) async fn exec(agent: &Agent, begin: v1::ExecBegin) -> Result<Exec, Status> {
    let (input, inputs) = mpsc::channel(4);
    input
        .send(v1::ExecInput {
            what: Some(Input::Begin(begin)),
        })
        .await
        .unwrap();
    let mut output = agent
        .runtime()
        .exec(ReceiverStream::new(inputs))
        .await?
        .into_inner();
    let first = output.message().await?.unwrap().what.unwrap();
    assert!(matches!(first, What::Started(_)), "{first:?}");
    Ok(Exec { input, output })
}

impl Exec {
    pub(crate) async fn send(&self, what: Input) {
        self.input
            .send(v1::ExecInput { what: Some(what) })
            .await
            .unwrap();
    }

    /// Output up to and including this text.
    pub(crate) async fn read_until(&mut self, text: &str) {
        let mut seen = String::new();
        while !seen.contains(text) {
            match self.output.message().await.unwrap().unwrap().what.unwrap() {
                What::Stdout(bytes) => seen.push_str(&String::from_utf8(bytes).unwrap()),
                other => panic!("{other:?} after {seen:?}"),
            }
        }
    }

    /// stdout, stderr and the exit.
    pub(crate) async fn read_to_end(&mut self) -> (String, String, v1::ProcessExited) {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        loop {
            match self.output.message().await.unwrap().unwrap().what.unwrap() {
                What::Stdout(bytes) => stdout.extend(bytes),
                What::Stderr(bytes) => stderr.extend(bytes),
                What::Exited(exit) => {
                    let text = |bytes| String::from_utf8(bytes).unwrap();
                    return (text(stdout), text(stderr), exit);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

pub(crate) async fn sleeping(agent: &Agent) -> String {
    let request = agent.request(&["sleep", "1000"]);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    id
}

pub(crate) async fn exec_exit(agent: &Agent, exec_id: &str) -> v1::ExecExited {
    let request = v1::EventsRequest { after_seq: 0 };
    let mut events = agent.runtime().events(request).await.unwrap().into_inner();
    let find = async {
        loop {
            let event = events.message().await.unwrap().unwrap();
            match event.what {
                Some(v1::event::What::ExecExited(exit)) if exit.exec_id == exec_id => return exit,
                _ => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, find)
        .await
        .expect("the exec exits")
}

async fn output() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let script = "echo out; echo err >&2; exit 9";
    let begin = begin(&id, &["sh", "-c", script]);
    let exec_id = begin.exec_id.clone();
    let (stdout, stderr, exit) = exec(&agent, begin).await.unwrap().read_to_end().await;
    assert_eq!(
        (stdout.as_str(), stderr.as_str(), exit.code),
        ("out\n", "err\n", 9)
    );
    assert_eq!(exec_exit(&agent, &exec_id).await.code, 9);
    assert_eq!(agent.log_text(&id).await, "");
}

async fn stdin() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = v1::ExecBegin {
        open_stdin: true,
        ..begin(&id, &["md5sum"])
    };
    let mut running = exec(&agent, begin).await.unwrap();
    for _ in 0..1000 {
        running.send(Input::Stdin(vec![b'x'; 10_000])).await;
    }
    running.input = mpsc::channel(1).0;
    let (stdout, _, exit) = running.read_to_end().await;
    // md5 of ten million times "x".
    assert_eq!(stdout, "34801b928f5b34fb90c56312d79408f5  -\n");
    assert_eq!(exit.code, 0);
}

async fn terminal() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = v1::ExecBegin {
        terminal: true,
        open_stdin: true,
        size: Some(v1::TerminalSize {
            columns: 101,
            rows: 11,
        }),
        ..begin(&id, &["sh", "-c", "stty size; read line; stty size"])
    };
    let exec_id = begin.exec_id.clone();
    let mut running = exec(&agent, begin).await.unwrap();
    let size = Some(v1::TerminalSize {
        columns: 102,
        rows: 12,
    });
    let resize = v1::ResizeRequest {
        container_id: id,
        exec_id,
        size,
    };
    running.read_until("11 101").await;
    agent.runtime().resize(resize).await.unwrap();
    running.send(Input::Stdin(b"\n".to_vec())).await;
    let (stdout, _, exit) = running.read_to_end().await;
    assert!(stdout.contains("12 102"), "{stdout:?}");
    assert_eq!(exit.code, 0);
}

async fn no_command() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let missing = exec(&agent, begin(&id, &["no-such-command"]))
        .await
        .err()
        .unwrap();
    assert_eq!(failure_of(&missing).step, "exec");
    let unknown = exec(&agent, begin(&new_id(), &["true"]))
        .await
        .err()
        .unwrap();
    assert_eq!(unknown.code(), tonic::Code::NotFound);
}

async fn cancelled() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    // Writes more than a pipe holds, so it would hang if nobody read on.
    let script = "read line; head -c 1000000 /dev/zero; echo done > /done";
    let begin = v1::ExecBegin {
        open_stdin: true,
        ..begin(&id, &["sh", "-c", script])
    };
    let exec_id = begin.exec_id.clone();
    let running = exec(&agent, begin).await.unwrap();
    drop(running);
    assert_eq!(exec_exit(&agent, &exec_id).await.code, 0);
    let check = crate::execs::begin(&id, &["cat", "/done"]);
    assert_eq!(
        exec(&agent, check).await.unwrap().read_to_end().await.0,
        "done\n"
    );
}

async fn hang_up() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = v1::ExecBegin {
        terminal: true,
        ..begin(&id, &["sleep", "1000"])
    };
    let exec_id = begin.exec_id.clone();
    drop(exec(&agent, begin).await.unwrap());
    assert_eq!(exec_exit(&agent, &exec_id).await.signal, libc::SIGHUP);
}

async fn detached() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = v1::ExecBegin {
        detach: true,
        ..begin(&id, &["sh", "-c", "exit 4"])
    };
    let exec_id = begin.exec_id.clone();
    let mut running = exec(&agent, begin).await.unwrap();
    assert!(running.output.message().await.unwrap().is_none());
    assert_eq!(exec_exit(&agent, &exec_id).await.code, 4);
}

async fn signalled() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = begin(&id, &["sleep", "1000"]);
    let exec_id = begin.exec_id.clone();
    let mut running = exec(&agent, begin).await.unwrap();
    let signal = v1::SignalRequest {
        id: id.clone(),
        signal: libc::SIGKILL,
        exec_id,
    };
    agent.runtime().signal(signal.clone()).await.unwrap();
    let (_, _, exit) = running.read_to_end().await;
    assert_eq!((exit.code, exit.signal), (137, 9));
    let failure = failure_of(&agent.runtime().signal(signal).await.unwrap_err());
    assert_eq!(failure.error_class(), v1::ErrorClass::NotFound);
    let begin = self::begin(&id, &["true"]);
    let (_, _, exit) = exec(&agent, begin).await.unwrap().read_to_end().await;
    assert_eq!(exit.code, 0);
}

async fn settings() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = v1::ExecBegin {
        user: "web".into(),
        cwd: "/home".into(),
        env: vec!["GREETING=hi".into()],
        ..begin(&id, &["sh", "-c", "echo $(id -un) $(pwd) $GREETING $PATH"])
    };
    let (stdout, ..) = exec(&agent, begin).await.unwrap().read_to_end().await;
    assert_eq!(stdout, "web /home hi /bin\n");
}

async fn background_children() {
    let agent = Agent::start().await;
    let id = sleeping(&agent).await;
    let begin = begin(&id, &["sh", "-c", "sleep 1000 & echo first"]);
    let (stdout, _, exit) = exec(&agent, begin).await.unwrap().read_to_end().await;
    assert_eq!((stdout.as_str(), exit.code), ("first\n", 0));
}
