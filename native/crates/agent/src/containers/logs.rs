use std::os::fd::OwnedFd;
use std::sync::Arc;

use longshore_logs::{LogReader, Next, Query, Stream as LogSource};
use longshore_runtime::{Failure, Id};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::task::block_in_place;
use tokio_stream::Stream;

use super::Containers;
use super::container::{Container, RunState};
use crate::failure;
use crate::watched::watch;

/// Bytes of lines in one batch.
const BATCH_BYTES: usize = 256 * 1024;

/// One line, or a piece of a long one.
pub(crate) struct Line {
    pub(crate) at_unix_ns: i64,
    pub(crate) stdout: bool,
    pub(crate) data: Vec<u8>,
}

impl Containers {
    /// Batches of lines, read as fast as they are taken. Following ends when the container has exited and
    /// everything is read.
    pub(crate) fn logs(
        &self,
        id: &Id,
        mut query: Query,
    ) -> Result<impl Stream<Item = Result<Vec<Line>, Failure>> + Send + 'static, Failure> {
        let container = self.get(id)?;
        let directory = self.directory(id)?;
        query.follow &= matches!(container.state(), RunState::Running(_));
        let reader = block_in_place(|| LogReader::open(&directory.log(), query));
        let reader = reader.map_err(|error| failure::of_logs(&error))?;
        let news = reader.as_fd().map(|watched| watched.try_clone_to_owned());
        let news = news
            .map(|copy| watch(copy?, Interest::READABLE))
            .transpose()
            .map_err(|error| Failure::io("log", id, &error))?;
        Ok(read_all(reader, news, container))
    }
}

fn read_all(
    mut reader: LogReader,
    news: Option<AsyncFd<OwnedFd>>,
    container: Arc<Container>,
) -> impl Stream<Item = Result<Vec<Line>, Failure>> + Send + 'static {
    async_stream::try_stream! {
        loop {
            // Asked before reading: what was written before an exit is then read after it was known.
            let stopped = !matches!(container.state(), RunState::Running(_));
            if stopped {
                reader.finish();
            }
            match block_in_place(|| next_lines(&mut reader))? {
                Batch::Lines(lines) => yield lines,
                Batch::Nothing if stopped => return,
                Batch::Nothing => wait_for_news(news.as_ref(), &container).await?,
                Batch::End => return,
            }
        }
    }
}

enum Batch {
    Lines(Vec<Line>),
    /// For now.
    Nothing,
    End,
}

fn next_lines(reader: &mut LogReader) -> Result<Batch, Failure> {
    match reader
        .next_batch(BATCH_BYTES)
        .map_err(|error| failure::of_logs(&error))?
    {
        Next::Records(records) => {
            let lines = records.map(|record| Line {
                at_unix_ns: record.at_unix_ns,
                stdout: record.stream == LogSource::Stdout,
                data: record.data.to_vec(),
            });
            Ok(Batch::Lines(lines.collect()))
        }
        Next::Pending => Ok(Batch::Nothing),
        Next::End => Ok(Batch::End),
    }
}

/// Returns when there may be more to read, or the container has stopped.
async fn wait_for_news(
    news: Option<&AsyncFd<OwnedFd>>,
    container: &Container,
) -> Result<(), Failure> {
    let Some(news) = news else { return Ok(()) };
    tokio::select! {
        ready = news.readable() => {
            let mut ready = ready.map_err(|error| Failure::io("log", &container.id, &error))?;
            // Before reading: news that come meanwhile make it readable again.
            ready.clear_ready();
        }
        () = container.wait_until_stopped() => {}
    }
    Ok(())
}
