use std::sync::Arc;

use domain::base::Rtype;
use domain::base::iana::Rcode;
use tokio::sync::OwnedSemaphorePermit;

use super::Context;
use crate::View;
use crate::forward::Transport;
use crate::message::{MAX_TCP, Query, Received, Records, failure, fit, receive, reply};
use crate::random::shuffle;
use crate::zones::Wanted;

/// What becomes of a received message.
pub(super) enum Answer {
    Reply(Vec<u8>),
    Forward(Forward),
    Nothing,
}

/// A question on its way upstream; it counts against the container's and the common limit while it lives.
pub(super) struct Forward {
    question: Vec<u8>,
    transport: Transport,
    view: Arc<View>,
    _permits: [OwnedSemaphorePermit; 2],
}

impl Context {
    /// Never waits, and answers bytes of any kind.
    pub(super) fn answer(&self, received: &[u8], transport: Transport) -> Answer {
        let query = match receive(received) {
            Received::Query(query) => query,
            Received::Refused(refusal) => return Answer::Reply(refusal),
            Received::Ignored => return Answer::Nothing,
        };
        let view = self.view();
        if let Some(records) = self.local(&query, &view) {
            return Answer::Reply(reply(&query, &records, limit(&query, transport)));
        }
        let forward = match view.internal {
            // As Docker: whoever is on internal networks only is told that the server cannot say.
            true => None,
            false => self.permits(),
        };
        match forward {
            None => Answer::Reply(failure(&query, Rcode::SERVFAIL)),
            Some(permits) => Answer::Forward(Forward {
                question: query.message.as_slice().to_vec(),
                transport,
                view,
                _permits: permits,
            }),
        }
    }

    /// Asks upstream. The answer fits what the client takes.
    pub(super) async fn forward(&self, forward: Forward) -> Option<Vec<u8>> {
        let Received::Query(query) = receive(&forward.question) else {
            return None;
        };
        let Forward {
            question,
            transport,
            view,
            ..
        } = &forward;
        let forwarder = &self.shared.forwarder;
        let answer = forwarder.forward(question, *transport, view).await;
        let answer = answer.unwrap_or_else(|| failure(&query, Rcode::SERVFAIL));
        Some(fit(answer, limit(&query, *transport)))
    }

    /// What is known without asking anyone.
    fn local(&self, query: &Query<'_>, view: &View) -> Option<Records> {
        if !query.is_internet {
            return None;
        }
        let name = query.name()?;
        let zones = &self.shared.zones;
        if query.rtype == Rtype::PTR
            && let Some(pointer) = zones.pointer(view, &name)
        {
            return Some(pointer);
        }
        if let Some(mut addresses) = zones.addresses(view, &name, wanted(query.rtype)) {
            shuffle(&mut addresses);
            return Some(Records::Addresses(addresses));
        }
        // As Docker: a name without a dot is asked of the upstream servers, unless ndots says that the client goes on
        // with its search domains.
        let is_address = matches!(query.rtype, Rtype::A | Rtype::AAAA);
        let goes_on =
            is_address && !name.contains('.') && self.shared.forwarder.settings(view).expects_dots;
        goes_on.then(|| Records::Addresses(Vec::new()))
    }

    fn permits(&self) -> Option<[OwnedSemaphorePermit; 2]> {
        let own = Arc::clone(&self.in_flight).try_acquire_owned().ok()?;
        let common = Arc::clone(&self.shared.forwarder.in_flight);
        Some([own, common.try_acquire_owned().ok()?])
    }
}

fn wanted(rtype: Rtype) -> Wanted {
    match rtype {
        Rtype::A => Wanted::Ipv4,
        Rtype::AAAA => Wanted::Ipv6,
        Rtype::ANY => Wanted::Both,
        _ => Wanted::Neither,
    }
}

fn limit(query: &Query<'_>, transport: Transport) -> usize {
    match transport {
        Transport::Udp => query.udp_limit,
        Transport::Tcp => MAX_TCP,
    }
}
