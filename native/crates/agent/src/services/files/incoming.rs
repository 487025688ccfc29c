//! An archive on its way from a caller into a container or a volume.

use std::time::Duration;

use longshore_protocol::v1;
use longshore_protocol::v1::write_archive_request::What;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tonic::{Status, Streaming};

use super::roots::{Roots, Whose};
use crate::containers::Incoming;
use crate::failure::{invalid, status};
use crate::pieces::{Piece, channel};

/// Pieces ahead of the disk.
const UNWRITTEN: usize = 4;
/// A container that does not run cannot start while it is written to: whoever sends must keep sending.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn write(
    roots: &Roots,
    mut inputs: Streaming<v1::WriteArchiveRequest>,
) -> Result<(), Status> {
    let Some(What::Begin(begin)) = inputs.message().await?.and_then(|input| input.what) else {
        let failure = invalid("write-archive", "the first input is not `begin`");
        return Err(status(&failure));
    };
    let whose = Whose::parse(&begin.id, begin.rootfs, &begin.volume);
    let whose = whose.map_err(|failure| status(&failure))?;
    let (sender, pieces) = channel(UNWRITTEN);
    let incoming = Incoming {
        path: begin.path,
        no_overwrite_dir_non_dir: begin.no_overwrite_dir_non_dir,
        owner: begin.copy_uid_gid.then_some(begin.user),
        pieces,
    };
    let data = |input: v1::WriteArchiveRequest| match input.what {
        Some(What::Data(bytes)) => Some(bytes),
        _ => None,
    };
    // With this call the bringing ends, and with that the writing.
    let (written, ()) = tokio::join!(
        roots.write(whose, incoming),
        bring(&mut inputs, data, sender)
    );
    written.map_err(|failure| status(&failure))
}

/// Until the inputs end, one of them is something else than `data`, or nobody takes any more. What is not ended here is
/// cut off.
pub(in crate::services) async fn bring<T>(
    inputs: &mut Streaming<T>,
    data: impl Fn(T) -> Option<Vec<u8>>,
    sender: mpsc::Sender<Piece>,
) {
    loop {
        let input = tokio::select! {
            input = timeout(PATIENCE, inputs.message()) => input,
            // Nobody takes any more: the writing has failed.
            () = sender.closed() => return,
        };
        let piece = match input {
            Ok(Ok(Some(input))) => data(input).map(Piece::Bytes),
            Ok(Ok(None)) => {
                // Failed already, if nobody takes it.
                let _ = sender.send(Piece::End).await;
                return;
            }
            _ => None,
        };
        let Some(piece) = piece else {
            return;
        };
        if sender.send(piece).await.is_err() {
            return;
        }
    }
}
