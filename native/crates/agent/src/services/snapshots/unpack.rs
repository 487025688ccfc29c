//! One layer on its way from a call's input into the store.

use std::path::Path;
use std::sync::Arc;

use longshore_protocol::v1;
use longshore_protocol::v1::unpack_input::What as Input;
use longshore_protocol::v1::unpack_progress::What as Progress;
use longshore_runtime::Failure;
use longshore_snapshots::{
    Cancel, Digest, Feed, LayerRecord, LayerSource, SnapshotError, SnapshotStore, UnpackRequest,
    Unpacked,
};
use tokio::sync::mpsc;
use tonic::{Response, Status, Streaming};

use super::{SnapshotsService, parse_chain_id};
use crate::failure::{invalid, of_snapshots, status};

/// Messages to the client that it has not taken yet. Progress beyond that is left out; the end is not.
const UNREAD: usize = 8;

type Answer = Result<v1::UnpackProgress, Status>;
type Answers = <SnapshotsService as v1::snapshots_server::Snapshots>::UnpackStream;

/// Cancels an unpack when its call is gone.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

pub(super) async fn unpack(
    store: Arc<SnapshotStore>,
    mut inputs: Streaming<v1::UnpackInput>,
) -> Result<Response<Answers>, Status> {
    let begin = match inputs.message().await?.and_then(|input| input.what) {
        Some(Input::Begin(begin)) => begin,
        _ => return Err(status(&invalid("unpack", "the first input is not `begin`"))),
    };
    let request = parse(&begin).map_err(|failure| status(&failure))?;
    if let Some(layer) = store.layer(request.chain_id()) {
        // Its file is not looked at: there may be none any more.
        return Ok(Response::new(Box::pin(tokio_stream::once(there(layer)))));
    }
    let (feed, source) = open(&begin).map_err(|error| status(&of_snapshots(&error)))?;
    let cancel = Cancel::new();
    let (answers, mut read) = mpsc::channel(UNREAD);
    tokio::spawn(bring(inputs, feed, !begin.path.is_empty(), cancel.clone()));
    tokio::task::spawn_blocking({
        let cancel = cancel.clone();
        move || run(&store, &request, source, &cancel, &answers)
    });
    let cancel = CancelOnDrop(cancel);
    Ok(Response::new(Box::pin(async_stream::stream! {
        let _cancel = cancel;
        while let Some(answer) = read.recv().await {
            yield answer;
        }
    })))
}

fn parse(begin: &v1::UnpackBegin) -> Result<UnpackRequest, Failure> {
    let digest = |step: &str, text: &str| {
        let digest = text.parse::<Digest>();
        digest.map_err(|_| invalid(step, "a digest is sha256: and 64 hex digits").at(text))
    };
    let parent = match begin.parent_chain_id.as_str() {
        "" => None,
        parent => Some(parse_chain_id(parent)?),
    };
    let request = UnpackRequest::new(
        parse_chain_id(&begin.chain_id)?,
        parent,
        digest("diff-id", &begin.diff_id)?,
        digest("digest", &begin.digest)?,
        begin.size,
        &begin.media_type,
    );
    request.map_err(|error| of_snapshots(&error))
}

fn open(begin: &v1::UnpackBegin) -> Result<(Feed, LayerSource), SnapshotError> {
    match begin.path.as_str() {
        "" => Ok(Feed::pushed()),
        path => Feed::from_file(Path::new(path)),
    }
}

/// Takes the inputs to the feed. Where they end too early the feed goes, and with it the unpack.
async fn bring(mut inputs: Streaming<v1::UnpackInput>, feed: Feed, shared: bool, cancel: Cancel) {
    let feed = Arc::new(feed);
    loop {
        let input = match inputs.message().await {
            Ok(Some(input)) => input.what,
            Ok(None) => return,
            Err(_) => return cancel.cancel(),
        };
        match input {
            Some(Input::Available(bytes)) if shared => feed.available(bytes),
            Some(Input::Data(bytes)) if !shared => {
                let (feed, cancel) = (Arc::clone(&feed), cancel.clone());
                let pushed = tokio::task::spawn_blocking(move || feed.push(bytes, &cancel));
                if !matches!(pushed.await, Ok(Ok(()))) {
                    return;
                }
            }
            Some(Input::Complete(_)) => return feed.complete(),
            _ => return,
        }
    }
}

fn run(
    store: &SnapshotStore,
    request: &UnpackRequest,
    source: LayerSource,
    cancel: &Cancel,
    answers: &mpsc::Sender<Answer>,
) {
    let progress = |bytes| {
        // A client that is behind gets the next one.
        let _ = answers.try_send(answer(Progress::UnpackedBytes(bytes)));
    };
    let last = match store.unpack(request, source, cancel, &progress) {
        Ok(unpacked) => answer(Progress::Done(done(&unpacked))),
        Err(error) => Err(status(&of_snapshots(&error))),
    };
    // Nobody is left to hear it when the call is gone.
    let _ = answers.blocking_send(last);
}

fn there(layer: LayerRecord) -> Answer {
    answer(Progress::Done(done(&Unpacked {
        layer,
        existed: true,
    })))
}

fn answer(what: Progress) -> Answer {
    Ok(v1::UnpackProgress { what: Some(what) })
}

fn done(unpacked: &Unpacked) -> v1::UnpackDone {
    v1::UnpackDone {
        usage_bytes: unpacked.layer.usage_bytes,
        entries: unpacked.layer.entries,
        existed: unpacked.existed,
    }
}
