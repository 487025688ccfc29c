//! From one root to another: an archive that nobody sees.

use std::io::{self, Write};
use std::sync::Arc;

use longshore_files::{Chosen, copy_chosen};
use longshore_protocol::v1;
use longshore_protocol::v1::copy_files_request::What;
use longshore_runtime::Failure;
use longshore_snapshots::ChainId;
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use super::super::files::roots::{Roots, Whose};
use super::layers_of;
use crate::containers::Incoming;
use crate::failure::{interrupted, invalid, status};
use crate::pieces::{Piece, channel};

const MAX_ENTRIES: usize = 5_000_000;
const PIECE: usize = 256 * 1024;
/// Pieces between the reader and the writer.
const UNWRITTEN: usize = 8;

pub(super) async fn copy(
    roots: &Roots,
    mut inputs: Streaming<v1::CopyFilesRequest>,
) -> Result<(), Status> {
    let Some(What::Begin(begin)) = inputs.message().await?.and_then(|input| input.what) else {
        let failure = invalid("copy-files", "the first input is not `begin`");
        return Err(status(&failure));
    };
    let chosen = chosen(&mut inputs).await?;
    let whose = Whose::parse(&begin.id, begin.rootfs, &begin.volume);
    let whose = whose.map_err(|failure| status(&failure))?;
    let from = layers_of(begin.from).map_err(|failure| status(&failure))?;
    let (sender, pieces) = channel(UNWRITTEN);
    let incoming = Incoming {
        path: "/".to_owned(),
        no_overwrite_dir_non_dir: true,
        owner: begin.change_owner.then_some(begin.user),
        pieces,
    };
    let reading = read(roots, from, chosen, sender);
    let (read, written) = tokio::join!(reading, roots.write(whose, incoming));
    // Whoever reads is cut off where writing has failed, and the other way round: the cause is not that.
    let is_cut_off =
        |failure: &Failure| failure.class == longshore_runtime::FailureClass::Cancelled;
    match (read, written) {
        (Ok(()), written) => written,
        (Err(cause), Err(written)) if is_cut_off(&cause) => Err(written),
        (Err(cause), _) => Err(cause),
    }
    .map_err(|failure| status(&failure))
}

async fn chosen(inputs: &mut Streaming<v1::CopyFilesRequest>) -> Result<Vec<Chosen>, Status> {
    let mut all = Vec::new();
    while let Some(input) = inputs.message().await? {
        let Some(What::Entries(entries)) = input.what else {
            let failure = invalid("copy-files", "a later input is not `entries`");
            return Err(status(&failure));
        };
        if all.len() + entries.entries.len() > MAX_ENTRIES {
            let failure = invalid("copy-files", "too many files are copied at once");
            return Err(status(&failure));
        }
        all.extend(entries.entries.into_iter().map(|entry| Chosen {
            source: entry.source,
            target: entry.target,
            mode: entry.mode,
        }));
    }
    Ok(all)
}

async fn read(
    roots: &Roots,
    from: Vec<ChainId>,
    chosen: Vec<Chosen>,
    sender: mpsc::Sender<Piece>,
) -> Result<(), Failure> {
    let containers = Arc::clone(&roots.containers);
    let reading = tokio::task::spawn_blocking(move || {
        let mut output = Output {
            sender,
            gathered: Vec::with_capacity(PIECE),
        };
        containers.look_at_layers(&from, |view| copy_chosen(view, &chosen, &mut output))?;
        // Where nobody takes it, writing has failed.
        let _ = output.flush();
        let _ = output.sender.blocking_send(Piece::End);
        Ok(())
    });
    reading.await.map_err(|_| interrupted("copy-files"))?
}

struct Output {
    sender: mpsc::Sender<Piece>,
    gathered: Vec<u8>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gathered.len() >= PIECE {
            self.flush()?;
        }
        let count = bytes.len().min(PIECE - self.gathered.len());
        self.gathered.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::replace(&mut self.gathered, Vec::with_capacity(PIECE));
        let sent = self.sender.blocking_send(Piece::Bytes(bytes));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
