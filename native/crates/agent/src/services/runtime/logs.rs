use std::sync::Arc;

use longshore_logs::Query;
use longshore_protocol::v1;
use tokio_stream::StreamExt;
use tonic::{Response, Status};

use super::Answers;
use crate::containers::{Containers, Line};
use crate::failure::{invalid, parse_id, status};

pub(super) fn logs(
    containers: &Arc<Containers>,
    request: &v1::LogsRequest,
) -> Result<Response<Answers<v1::LogBatch>>, Status> {
    let id = parse_id(&request.id).map_err(|failure| status(&failure))?;
    if !request.stdout && !request.stderr {
        let failure = invalid("logs", "neither stdout nor stderr is asked for");
        return Err(status(&failure));
    }
    let query = Query {
        tail: u64::try_from(request.tail).ok(),
        since: Some(request.since_unix_ns).filter(|at| *at != 0),
        until: Some(request.until_unix_ns).filter(|at| *at != 0),
        stdout: request.stdout,
        stderr: request.stderr,
        follow: request.follow,
    };
    let batches = containers
        .logs(&id, query)
        .map_err(|failure| status(&failure))?;
    let answers = batches.map(|batch| batch.map(convert).map_err(|failure| status(&failure)));
    Ok(Response::new(Box::pin(answers)))
}

fn convert(lines: Vec<Line>) -> v1::LogBatch {
    let stream = |line: &Line| match line.stdout {
        true => v1::LogStream::Stdout,
        false => v1::LogStream::Stderr,
    };
    let record = |line: Line| v1::LogRecord {
        at_unix_ns: line.at_unix_ns,
        stream: stream(&line).into(),
        data: line.data,
    };
    v1::LogBatch {
        records: lines.into_iter().map(record).collect(),
    }
}
