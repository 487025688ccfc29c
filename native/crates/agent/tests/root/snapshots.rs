//! Layers over the socket.

use std::fs;
use std::io::Write;

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::unpack_input::What as Input;
use longshore_protocol::v1::unpack_progress::What as Progress;
use longshore_snapshots::{ChainId, Digest};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use crate::agent::Agent;
use crate::{image, trial};

const PLAIN: &str = "application/vnd.oci.image.layer.v1.tar";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a layer unpacks while its shared file grows", growing_file),
        trial("a layer comes as data", as_data),
        trial("a layer that is here is not unpacked again", existing),
        trial("damaged bytes are refused and leave nothing", damaged),
        trial("a call that ends early leaves nothing", ended_early),
        trial("a cancelled call leaves nothing", cancelled),
        trial("a used layer is not removed", used),
        trial("requests that mean nothing are refused", meaningless),
    ]
}

/// A layer of 3 MB on top of the agent's own.
struct Layer {
    bytes: Vec<u8>,
    begin: v1::UnpackBegin,
}

impl Layer {
    fn new(agent: &Agent) -> Layer {
        let mut bytes = Vec::new();
        image::add(&mut bytes, "file", b'0', 0o644, &vec![b'x'; 3_000_000], "");
        bytes.resize(bytes.len() + 1024, 0);
        let digest = Digest::of(&bytes);
        let begin = v1::UnpackBegin {
            chain_id: ChainId::of(Some(&agent.chain_id), &digest).to_string(),
            parent_chain_id: agent.chain_id.to_string(),
            diff_id: digest.to_string(),
            digest: digest.to_string(),
            size: bytes.len() as u64,
            media_type: PLAIN.into(),
            path: String::new(),
        };
        Layer { bytes, begin }
    }
}

/// A call under way.
struct Call {
    inputs: mpsc::Sender<v1::UnpackInput>,
    answers: Streaming<v1::UnpackProgress>,
}

impl Call {
    async fn begin(agent: &Agent, begin: v1::UnpackBegin) -> Result<Call, Status> {
        let (inputs, sent) = mpsc::channel(4);
        inputs.send(input(Input::Begin(begin))).await.unwrap();
        let call = agent.snapshots().unpack(ReceiverStream::new(sent)).await?;
        Ok(Call {
            inputs,
            answers: call.into_inner(),
        })
    }

    async fn say(&self, what: Input) {
        self.inputs.send(input(what)).await.unwrap();
    }

    /// Until some bytes are unpacked.
    async fn progress(&mut self) {
        let answer = self.answers.message().await.unwrap().unwrap();
        assert!(matches!(answer.what, Some(Progress::UnpackedBytes(_))));
    }

    async fn done(mut self) -> Result<v1::UnpackDone, Status> {
        while let Some(answer) = self.answers.message().await? {
            if let Some(Progress::Done(done)) = answer.what {
                return Ok(done);
            }
        }
        panic!("the call ended without an answer");
    }
}

fn input(what: Input) -> v1::UnpackInput {
    v1::UnpackInput { what: Some(what) }
}

async fn listed(agent: &Agent) -> Vec<String> {
    let request = v1::ListSnapshotsRequest {};
    let list = agent.snapshots().list(request).await.unwrap().into_inner();
    list.snapshots
        .into_iter()
        .map(|snapshot| snapshot.chain_id)
        .collect()
}

/// The layer is in neither the list nor the folder for unfinished ones.
async fn assert_absent(agent: &Agent, layer: &Layer) {
    assert!(!listed(agent).await.contains(&layer.begin.chain_id));
    let unfinished = agent.data_folder().join("agent/layers/tmp");
    let empty = async {
        while fs::read_dir(&unfinished).unwrap().next().is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::agent::PATIENCE, empty)
        .await
        .expect("it is cleared away");
}

async fn unpack_as_data(agent: &Agent, layer: &Layer) -> Result<v1::UnpackDone, Status> {
    let call = Call::begin(agent, layer.begin.clone()).await?;
    for piece in layer.bytes.chunks(500_000) {
        call.say(Input::Data(piece.to_vec())).await;
    }
    call.say(Input::Complete(v1::UnpackComplete {})).await;
    call.done().await
}

async fn growing_file() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    let path = agent.data_folder().join("partial");
    let mut file = fs::File::create(&path).unwrap();
    let begin = v1::UnpackBegin {
        path: path.display().to_string(),
        ..layer.begin.clone()
    };
    let mut call = Call::begin(&agent, begin).await.unwrap();
    let (first, rest) = layer.bytes.split_at(1_000_000);
    file.write_all(first).unwrap();
    call.say(Input::Available(first.len() as u64)).await;
    // It does not wait for the rest.
    call.progress().await;
    file.write_all(rest).unwrap();
    call.say(Input::Available(layer.bytes.len() as u64)).await;
    call.say(Input::Complete(v1::UnpackComplete {})).await;
    let done = call.done().await.unwrap();
    assert_eq!((done.entries, done.existed), (1, false));
    assert!(done.usage_bytes >= 3_000_000);
    assert!(listed(&agent).await.contains(&layer.begin.chain_id));
}

async fn as_data() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    assert!(!unpack_as_data(&agent, &layer).await.unwrap().existed);
    assert!(listed(&agent).await.contains(&layer.begin.chain_id));
}

async fn existing() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    unpack_as_data(&agent, &layer).await.unwrap();
    // Answered although no byte is said to be there.
    let call = Call::begin(&agent, layer.begin.clone()).await.unwrap();
    assert!(call.done().await.unwrap().existed);
}

async fn damaged() {
    let agent = Agent::start().await;
    let mut layer = Layer::new(&agent);
    layer.bytes[2_000_000] ^= 1;
    let status = unpack_as_data(&agent, &layer).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let failure = crate::failures::failure_of(&status);
    assert_eq!(
        (failure.step.as_str(), &failure.path),
        ("digest", &layer.begin.digest)
    );
    assert_absent(&agent, &layer).await;
}

async fn ended_early() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    let mut call = Call::begin(&agent, layer.begin.clone()).await.unwrap();
    call.say(Input::Data(layer.bytes[..1_000_000].to_vec()))
        .await;
    call.progress().await;
    let Call { inputs, answers } = call;
    drop(inputs);
    let call = Call {
        inputs: mpsc::channel(1).0,
        answers,
    };
    assert_eq!(call.done().await.unwrap_err().code(), Code::Unavailable);
    assert_absent(&agent, &layer).await;
}

async fn cancelled() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    let mut call = Call::begin(&agent, layer.begin.clone()).await.unwrap();
    call.say(Input::Data(layer.bytes[..1_000_000].to_vec()))
        .await;
    call.progress().await;
    drop(call);
    assert_absent(&agent, &layer).await;
    unpack_as_data(&agent, &layer).await.unwrap();
}

async fn used() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    unpack_as_data(&agent, &layer).await.unwrap();
    let mut request = agent.request(&["true"]);
    let rootfs = request.rootfs.as_mut().unwrap();
    rootfs.chain_ids.push(layer.begin.chain_id.clone());
    let container = request.id.clone();
    agent.run_to_exit(request).await;
    let remove = async |chain_ids: Vec<String>| {
        agent
            .snapshots()
            .remove(v1::RemoveSnapshotsRequest { chain_ids })
            .await
    };
    let status = remove(vec![layer.begin.chain_id.clone()])
        .await
        .unwrap_err();
    let failure = crate::failures::failure_of(&status);
    assert_eq!(failure.error_class(), v1::ErrorClass::Conflict);
    assert!(failure.message.contains(&container), "{}", failure.message);
    let delete = v1::DeleteRequest {
        id: container,
        force: true,
    };
    agent.runtime().delete(delete).await.unwrap();
    // Its parent cannot go without it.
    let status = remove(vec![agent.chain_id.to_string()]).await.unwrap_err();
    assert_eq!(
        crate::failures::failure_of(&status).error_class(),
        v1::ErrorClass::Conflict
    );
    let unknown = Digest::of(b"unknown").to_string();
    let removed = remove(vec![layer.begin.chain_id.clone(), unknown])
        .await
        .unwrap();
    assert!(removed.into_inner().freed_bytes >= 3_000_000);
    assert_eq!(listed(&agent).await, [agent.chain_id.to_string()]);
}

async fn meaningless() {
    let agent = Agent::start().await;
    let layer = Layer::new(&agent);
    type Change = fn(&mut v1::UnpackBegin);
    let changes: [(&str, Change); 6] = [
        ("chain-id", |begin| {
            begin.chain_id = "sha256:../../etc".into()
        }),
        ("chain-id", |begin| begin.parent_chain_id = String::new()),
        ("diff-id", |begin| begin.diff_id = String::new()),
        ("digest", |begin| begin.digest = "sha512:00".into()),
        ("media-type", |begin| begin.media_type = "text/html".into()),
        ("open", |begin| begin.path = "/no/such/file".into()),
    ];
    for (step, change) in changes {
        let mut begin = layer.begin.clone();
        change(&mut begin);
        let status = Call::begin(&agent, begin).await.err().expect(step);
        assert_eq!(crate::failures::failure_of(&status).step, step);
    }
    assert_eq!(listed(&agent).await, [agent.chain_id.to_string()]);
}
