use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Context;
use super::answer::Answer;
use crate::forward::Transport;
use crate::message::MAX_QUERY;

/// Connections of one container; further ones wait until one ends.
const MAX_CONNECTIONS: usize = 32;

/// For a client's next message, and for it to take an answer.
const IDLE: Duration = Duration::from_secs(10);

/// After a failed accept, which may mean that descriptors have run out.
const PAUSE: Duration = Duration::from_secs(1);

/// Ends when it is aborted, and the connections with it.
pub(super) async fn serve(context: Arc<Context>, listener: TcpListener) {
    let own = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let common = Arc::clone(&context.shared.connections);
        let Ok(own_permit) = Arc::clone(&own).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let Ok(common_permit) = common.acquire_owned().await else {
                    return;
                };
                let context = Arc::clone(&context);
                connections.spawn(async move {
                    let _permits = (own_permit, common_permit);
                    // A client that goes away or breaks the protocol is no failure of ours.
                    let _ = converse(&context, stream).await;
                });
            }
            Err(source) => {
                (context.shared.report)(&context.failed("accept a DNS connection", source));
                sleep(PAUSE).await;
            }
        }
    }
}

/// Answers one message after the other (RFC 7766), until the client ends or is idle.
async fn converse(context: &Context, mut stream: TcpStream) -> io::Result<()> {
    loop {
        let message = timeout(IDLE, read(&mut stream)).await??;
        let answer = match context.answer(&message, Transport::Tcp) {
            Answer::Reply(reply) => Some(reply),
            Answer::Forward(forward) => context.forward(forward).await,
            Answer::Nothing => None,
        };
        let Some(answer) = answer else {
            return Ok(());
        };
        timeout(IDLE, write(&mut stream, &answer)).await??;
    }
}

async fn read(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = usize::from(stream.read_u16().await?);
    if length > MAX_QUERY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message).await?;
    Ok(message)
}

async fn write(stream: &mut TcpStream, answer: &[u8]) -> io::Result<()> {
    let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
    stream
        .write_all(&[&length.to_be_bytes(), answer].concat())
        .await
}
