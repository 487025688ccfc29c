//! Questions about the rest of the world: asked of upstream servers, from this process's network namespace.

mod exchange;
mod health;
mod plan;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::base::Message;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::host_servers::HostServers;
use crate::message::{MAX_UDP, Upstream, limit_size, set_id};
use crate::random::random;
use crate::resolv_conf::Settings;
use crate::{Options, View};
use exchange::{ask_tcp, ask_udp};
use health::Health;
use plan::Plan;

/// Forwarded questions of all containers that wait for an answer at the same time, as Docker's.
const MAX_IN_FLIGHT: usize = 1024;

/// What a message travels over, between us and a client or a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Udp,
    Tcp,
}

pub(crate) struct Forwarder {
    host: HostServers,
    health: Health,
    /// A permit is held for as long as a question is forwarded.
    pub(crate) in_flight: Arc<Semaphore>,
}

impl Forwarder {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            host: HostServers::new(options.resolv_conf, options.report),
            health: Health::default(),
            in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
        }
    }

    /// The container's own words, or else the host's.
    pub(crate) fn settings(&self, view: &View) -> Settings {
        match view.options.is_empty() {
            true => self.host.current().settings,
            false => {
                let words: Vec<&str> = view.options.iter().map(String::as_str).collect();
                Settings::parse(&words)
            }
        }
    }

    /// The first server's answer, with the question's id; `None` when no server gave one in time. As Docker: a server
    /// that fails or refuses leads to the next one, a name that does not exist is an answer.
    pub(crate) async fn forward(
        &self,
        question: &[u8],
        transport: Transport,
        view: &View,
    ) -> Option<Vec<u8>> {
        let id = u16::from_be_bytes(*question.first_chunk()?);
        let host = self.host.current();
        let plan = Plan::new(view, &host.servers, self.settings(view), &self.health);
        let asking = self.ask_each(question, transport, &plan);
        let mut answer = timeout(plan.deadline, asking).await.ok()??;
        set_id(&mut answer, id);
        Some(answer)
    }

    async fn ask_each(
        &self,
        question: &[u8],
        transport: Transport,
        plan: &Plan,
    ) -> Option<Vec<u8>> {
        for server in &plan.servers {
            match ask(*server, question, transport, plan.patience).await {
                Ok((Upstream::Failure | Upstream::Foreign, _)) => {}
                Ok((Upstream::Answer | Upstream::Truncated, answer)) => {
                    self.health.answered(*server);
                    return Some(answer);
                }
                // Some servers have no TCP.
                Err(_) if transport == Transport::Tcp => {}
                Err(_) => self.health.failed(*server),
            }
        }
        None
    }
}

/// Asks under a new id. An answer over UDP that is cut short is asked for again over TCP, and so is one that comes
/// along with forged ones; where the server has no TCP, the client gets what there is.
async fn ask(
    server: SocketAddr,
    question: &[u8],
    transport: Transport,
    patience: Duration,
) -> io::Result<(Upstream, Vec<u8>)> {
    let mut bytes = question.to_vec();
    limit_size(&mut bytes, MAX_UDP as u16);
    set_id(&mut bytes, u16::from_be_bytes(random()?));
    let question = Message::from_slice(&bytes).map_err(io::Error::other)?;
    if transport == Transport::Tcp {
        return timeout(patience, ask_tcp(server, question)).await?;
    }
    let over_udp = timeout(patience, ask_udp(server, question)).await??;
    if !matches!(over_udp.0, Upstream::Truncated | Upstream::Foreign) {
        return Ok(over_udp);
    }
    match timeout(patience, ask_tcp(server, question)).await {
        Ok(Ok(over_tcp)) => Ok(over_tcp),
        Ok(Err(_)) | Err(_) => Ok(over_udp),
    }
}
