//! What several verbs share: the first input of a stream, and terminal sizes.

use std::sync::Arc;

use longshore_protocol::v1;
use longshore_runtime::Failure;
use longshore_runtime::link::TerminalSize;
use tonic::{Status, Streaming};

use crate::containers::Containers;
use crate::failure::{invalid, parse_id, status};

/// The first input, which must be there.
pub(super) async fn first<T>(inputs: &mut Streaming<T>) -> Result<T, Status> {
    let input = inputs.message().await?;
    input.ok_or_else(|| status(&invalid("begin", "the call ended before its first input")))
}

pub(super) fn terminal_size(size: &v1::TerminalSize) -> Result<TerminalSize, Failure> {
    match (u16::try_from(size.columns), u16::try_from(size.rows)) {
        (Ok(columns), Ok(rows)) => Ok(TerminalSize { columns, rows }),
        _ => Err(invalid(
            "size",
            "a terminal has at most 65535 columns and rows",
        )),
    }
}

pub(super) async fn resize(
    containers: &Arc<Containers>,
    request: v1::ResizeRequest,
) -> Result<(), Failure> {
    let id = parse_id(&request.container_id)?;
    let size = request
        .size
        .ok_or_else(|| invalid("size", "the size is missing"))?;
    let size = terminal_size(&size)?;
    if request.exec_id.is_empty() {
        return containers.resize(&id, size).await;
    }
    containers.resize_exec(&id, &parse_id(&request.exec_id)?, size)
}
