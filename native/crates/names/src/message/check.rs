use domain::base::Message;
use domain::base::iana::{Opcode, Rcode};

/// What was received from an upstream server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Upstream {
    Answer,
    /// An answer of which a part is missing.
    Truncated,
    /// The server cannot or will not answer; another one may.
    Failure,
    /// No answer to this question: late, forged or damaged.
    Foreign,
}

/// Whoever cannot see our question has to guess its id, its source port, and repeat the question (RFC 5452).
pub(crate) fn judge(question: &Message<[u8]>, received: &[u8]) -> Upstream {
    let Ok(message) = Message::from_slice(received) else {
        return Upstream::Foreign;
    };
    let header = message.header();
    let is_failure = matches!(header.rcode(), Rcode::SERVFAIL | Rcode::REFUSED);
    if header.id() != question.header().id() || header.opcode() != Opcode::QUERY {
        return Upstream::Foreign;
    }
    // Some servers do not repeat the question when they refuse it.
    let is_error = header.qr() && header.rcode() != Rcode::NOERROR;
    if is_error && message.header_counts().qdcount() == 0 {
        return Upstream::Failure;
    }
    if !message.is_answer(question) {
        return Upstream::Foreign;
    }
    if header.tc() {
        return Upstream::Truncated;
    }
    if message.iter().any(|record| record.is_err()) {
        return Upstream::Foreign;
    }
    match is_failure {
        true => Upstream::Failure,
        false => Upstream::Answer,
    }
}
