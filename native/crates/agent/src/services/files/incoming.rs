//! An archive on its way from a caller into a container.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use longshore_protocol::v1;
use longshore_protocol::v1::write_archive_request::What;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tonic::{Status, Streaming};

use super::files_of;
use crate::containers::{Containers, Incoming};
use crate::failure::{invalid, status};

/// Pieces ahead of the disk.
const UNWRITTEN: usize = 4;
/// A container that does not run cannot start while it is written to: whoever sends must keep sending.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn write(
    containers: &Arc<Containers>,
    mut inputs: Streaming<v1::WriteArchiveRequest>,
) -> Result<(), Status> {
    let Some(What::Begin(begin)) = inputs.message().await?.and_then(|input| input.what) else {
        let failure = invalid("write-archive", "the first input is not `begin`");
        return Err(status(&failure));
    };
    let of = files_of(&begin.id, begin.rootfs).map_err(|failure| status(&failure))?;
    let (sender, pieces) = mpsc::channel(UNWRITTEN);
    let incoming = Incoming {
        path: begin.path,
        no_overwrite_dir_non_dir: begin.no_overwrite_dir_non_dir,
        owner: begin.copy_uid_gid.then_some(begin.user),
        pieces,
    };
    // With this call the bringing ends, and with that the writing.
    let (written, ()) = tokio::join!(
        containers.write_files(of, incoming),
        bring(&mut inputs, sender)
    );
    written.map_err(|failure| status(&failure))
}

async fn bring(
    inputs: &mut Streaming<v1::WriteArchiveRequest>,
    sender: mpsc::Sender<io::Result<Vec<u8>>>,
) {
    let cut_off = || io::Error::from(io::ErrorKind::BrokenPipe);
    loop {
        let input = tokio::select! {
            input = timeout(PATIENCE, inputs.message()) => input,
            // Nobody takes any more: the writing has failed.
            () = sender.closed() => return,
        };
        let piece = match input {
            Ok(Ok(Some(v1::WriteArchiveRequest {
                what: Some(What::Data(bytes)),
            }))) => Ok(bytes),
            Ok(Ok(None)) => return,
            _ => Err(cut_off()),
        };
        let is_last = piece.is_err();
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}
