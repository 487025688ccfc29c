use std::sync::Arc;

use longshore_protocol::v1;
use longshore_protocol::v1::exec_input::What as Input;
use longshore_protocol::v1::process_output::What;
use longshore_runtime::Failure;
use longshore_runtime::exec::ExecOrder;
use tokio::task::JoinHandle;
use tonic::{Response, Status, Streaming};

use super::Answers;
use super::begin::{first, terminal_size};
use crate::containers::{Containers, ExecStart, RunningExec};
use crate::failure::{invalid, parse_id, status};
use crate::process_streams::{Chunk, ProcessInput, ProcessStreams};

/// A task that ends with the stream that it belongs to.
pub(super) struct AbortOnDrop(pub(super) JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) async fn exec(
    containers: &Arc<Containers>,
    mut inputs: Streaming<v1::ExecInput>,
) -> Result<Response<Answers<v1::ProcessOutput>>, Status> {
    let start = match first(&mut inputs).await?.what {
        Some(Input::Begin(begin)) => parse(begin),
        _ => Err(invalid("exec", "the first input is not `begin`")),
    };
    let start = start.map_err(|failure| status(&failure))?;
    let mut exec = containers
        .exec(start)
        .await
        .map_err(|failure| status(&failure))?;
    match exec.streams.take() {
        Some(streams) => Ok(Response::new(joined(exec, streams, inputs))),
        None => Ok(Response::new(Box::pin(tokio_stream::once(Ok(started(
            &exec,
        )))))),
    }
}

fn parse(begin: v1::ExecBegin) -> Result<ExecStart, Failure> {
    if begin.args.is_empty() {
        return Err(invalid("exec", "the command is missing"));
    }
    let order = ExecOrder {
        exec_id: parse_id(&begin.exec_id)?,
        args: begin.args,
        env: begin.env,
        cwd: begin.cwd,
        user: Some(begin.user).filter(|user| !user.is_empty()),
        additional_groups: begin.additional_groups,
        terminal: begin.terminal,
        size: begin.size.as_ref().map(terminal_size).transpose()?,
        open_stdin: begin.open_stdin,
        detach: begin.detach,
        privileged: begin.privileged,
    };
    Ok(ExecStart {
        container_id: parse_id(&begin.container_id)?,
        order,
    })
}

fn joined(
    mut exec: RunningExec,
    streams: ProcessStreams,
    inputs: Streaming<v1::ExecInput>,
) -> Answers<v1::ProcessOutput> {
    let copying = AbortOnDrop(tokio::spawn(copy_input(inputs, streams.input)));
    let mut source = streams.output;
    Box::pin(async_stream::stream! {
        // The call's end takes the other direction along.
        let _copying = copying;
        yield Ok(started(&exec));
        loop {
            match source.next(&mut exec.exit).await {
                Chunk::Stdout(bytes) => yield Ok(output(What::Stdout(bytes))),
                Chunk::Stderr(bytes) => yield Ok(output(What::Stderr(bytes))),
                Chunk::Exited(code, signal) => {
                    yield Ok(output(What::Exited(v1::ProcessExited { code, signal })));
                    return;
                }
            }
        }
    })
}

async fn copy_input(mut inputs: Streaming<v1::ExecInput>, mut target: ProcessInput) {
    while let Ok(Some(input)) = inputs.message().await {
        match input.what {
            Some(Input::Stdin(bytes)) => target.write(&bytes).await,
            Some(Input::Resize(size)) => {
                // A size beyond the kernel's range changes nothing.
                if let Ok(size) = terminal_size(&size) {
                    target.resize(size);
                }
            }
            _ => {}
        }
    }
    target.close();
    // A terminal's descriptor stays open until the call ends.
    std::future::pending::<()>().await;
}

fn started(exec: &RunningExec) -> v1::ProcessOutput {
    let (pid, at_unix_ns) = (exec.pid, exec.started_at_unix_ns);
    output(What::Started(v1::ProcessStarted { pid, at_unix_ns }))
}

pub(super) fn output(what: What) -> v1::ProcessOutput {
    v1::ProcessOutput { what: Some(what) }
}
