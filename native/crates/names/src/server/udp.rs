use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Context;
use super::answer::{Answer, Forward};
use crate::forward::Transport;
use crate::message::MAX_QUERY;

/// After a failed receive, so that a lasting failure does not keep a processor busy.
const PAUSE: Duration = Duration::from_secs(1);

/// Ends when it is aborted, and the questions under way with it. Only this task keeps the socket open.
pub(super) async fn serve(context: Arc<Context>, socket: UdpSocket) {
    let socket = Arc::new(socket);
    let mut forwards = JoinSet::new();
    // A longer message fills the last byte too.
    let mut buffer = vec![0; MAX_QUERY + 1];
    loop {
        while forwards.try_join_next().is_some() {}
        match socket.recv_from(&mut buffer).await {
            Ok((length, client)) if length <= MAX_QUERY => {
                match context.answer(&buffer[..length], Transport::Udp) {
                    Answer::Reply(reply) => send(&socket, &reply, client),
                    Answer::Forward(forward) => {
                        let context = Arc::clone(&context);
                        let socket = Arc::downgrade(&socket);
                        forwards.spawn(pass_on(context, socket, forward, client));
                    }
                    Answer::Nothing => {}
                }
            }
            Ok(_) => {}
            Err(source) => {
                (context.shared.report)(&context.failed("receive a DNS query", source));
                sleep(PAUSE).await;
            }
        }
    }
}

async fn pass_on(
    context: Arc<Context>,
    socket: Weak<UdpSocket>,
    forward: Forward,
    client: SocketAddr,
) {
    let answer = context.forward(forward).await;
    if let (Some(answer), Some(socket)) = (answer, socket.upgrade()) {
        send(&socket, &answer, client);
    }
}

/// Never waits. What cannot be sent is lost as any datagram may be, and the client asks again.
fn send(socket: &UdpSocket, answer: &[u8], client: SocketAddr) {
    let _ = socket.try_send_to(answer, client);
}
