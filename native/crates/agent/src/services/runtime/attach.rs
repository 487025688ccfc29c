use std::sync::Arc;

use longshore_protocol::v1;
use longshore_protocol::v1::attach_input::What as Input;
use longshore_protocol::v1::process_output::What;
use longshore_runtime::Failure;
use longshore_runtime::link::Streams;
use tonic::{Response, Status, Streaming};

use super::Answers;
use super::begin::{first, terminal_size};
use super::exec::{AbortOnDrop, output};
use crate::containers::{AttachRequest, Attachment, Containers, Output};
use crate::failure::{invalid, parse_id, status};

pub(super) async fn attach(
    containers: &Arc<Containers>,
    mut inputs: Streaming<v1::AttachInput>,
) -> Result<Response<Answers<v1::ProcessOutput>>, Status> {
    let request = match first(&mut inputs).await?.what {
        Some(Input::Begin(begin)) => parse(&begin),
        _ => Err(invalid("attach", "the first input is not `begin`")),
    };
    let request = request.map_err(|failure| status(&failure))?;
    let writes = request.streams.stdin;
    let attachment = containers
        .attach(request)
        .await
        .map_err(|failure| status(&failure))?;
    let attachment = Arc::new(attachment);
    let copying = tokio::spawn(copy_input(inputs, Arc::clone(&attachment), writes));
    Ok(Response::new(answers(attachment, AbortOnDrop(copying))))
}

fn parse(begin: &v1::AttachBegin) -> Result<AttachRequest, Failure> {
    Ok(AttachRequest {
        id: parse_id(&begin.container_id)?,
        streams: Streams {
            stdin: begin.stdin,
            stdout: begin.stdout,
            stderr: begin.stderr,
        },
        before_start: begin.before_start,
    })
}

fn answers(attachment: Arc<Attachment>, copying: AbortOnDrop) -> Answers<v1::ProcessOutput> {
    Box::pin(async_stream::stream! {
        // The call's end takes the other direction along.
        let _copying = copying;
        if attachment.is_held() {
            yield Ok(output(What::Attached(v1::Attached {})));
        }
        loop {
            match attachment.receive().await {
                Ok(Output::Attached) => yield Ok(output(What::Attached(v1::Attached {}))),
                Ok(Output::Stdout(bytes)) => yield Ok(output(What::Stdout(bytes))),
                Ok(Output::Stderr(bytes)) => yield Ok(output(What::Stderr(bytes))),
                Ok(Output::Exited { code, signal }) => {
                    yield Ok(output(What::Exited(v1::ProcessExited { code, signal })));
                    return;
                }
                Err(failure) => {
                    yield Err(status(&failure));
                    return;
                }
            }
        }
    })
}

/// Until the caller's input ends. A call that is cancelled ends it as well: dropping the attachment tells.
async fn copy_input(
    mut inputs: Streaming<v1::AttachInput>,
    attachment: Arc<Attachment>,
    writes: bool,
) {
    while let Ok(Some(input)) = inputs.message().await {
        match input.what {
            Some(Input::Stdin(bytes)) if writes => attachment.write(&bytes).await,
            Some(Input::Resize(size)) => {
                // A size beyond the kernel's range changes nothing.
                if let Ok(size) = terminal_size(&size) {
                    attachment.resize(size).await;
                }
            }
            _ => {}
        }
    }
    attachment.end_input().await;
}
