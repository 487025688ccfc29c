use domain::base::iana::{Class, Opcode, Rcode};
use domain::base::name::ToLabelIter;
use domain::base::{Header, HeaderSection, Message, Rtype};

use super::{MAX_UDP, MIN_UDP};

/// A well-formed message with one question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a> {
    pub(crate) message: &'a Message<[u8]>,
    pub(crate) rtype: Rtype,
    /// Of the Internet, the only class that containers have names in.
    pub(crate) is_internet: bool,
    /// How many bytes of an answer the client takes over UDP.
    pub(crate) udp_limit: usize,
    /// It speaks EDNS (RFC 6891), with this DNSSEC OK bit.
    pub(crate) edns: Option<bool>,
}

/// What is done with received bytes.
#[derive(Debug)]
pub(crate) enum Received<'a> {
    Query(Query<'a>),
    /// Answered so, without a look at what it asks.
    Refused(Vec<u8>),
    /// No answer: not even a header, or itself an answer.
    Ignored,
}

/// The door: any bytes may come in.
pub(crate) fn receive(bytes: &[u8]) -> Received<'_> {
    let Ok(message) = Message::from_slice(bytes) else {
        return Received::Ignored;
    };
    let header = message.header();
    if header.qr() {
        return Received::Ignored;
    }
    if header.opcode() != Opcode::QUERY {
        return Received::Refused(refusal(header, Rcode::NOTIMP));
    }
    match parse(message) {
        Some(query) if is_transfer(query.rtype) => {
            Received::Refused(refusal(header, Rcode::REFUSED))
        }
        Some(query) => Received::Query(query),
        None => Received::Refused(refusal(header, Rcode::FORMERR)),
    }
}

impl Query<'_> {
    /// The name in small letters without its last dot. `None` where it is none that a container can have: the root,
    /// or one with characters that names are not written with.
    pub(crate) fn name(&self) -> Option<String> {
        let question = self.message.sole_question().ok()?;
        let mut text = String::new();
        for label in question.qname().iter_labels().filter(|it| !it.is_root()) {
            let written = |byte: &u8| byte.is_ascii_graphic() && *byte != b'.';
            if !label.as_slice().iter().all(written) {
                return None;
            }
            if !text.is_empty() {
                text.push('.');
            }
            let letters = label.as_slice().iter().map(u8::to_ascii_lowercase);
            text.extend(letters.map(char::from));
        }
        (!text.is_empty()).then_some(text)
    }
}

fn parse(message: &Message<[u8]>) -> Option<Query<'_>> {
    let counts = message.header_counts();
    if counts.ancount() != 0 || counts.nscount() != 0 {
        return None;
    }
    let question = message.sole_question().ok()?;
    if message.iter().any(|record| record.is_err()) {
        return None;
    }
    let opt = message.opt();
    let taken = opt.as_ref().map_or(0, |opt| opt.udp_payload_size());
    Some(Query {
        message,
        rtype: question.qtype(),
        is_internet: question.qclass() == Class::IN,
        udp_limit: usize::from(taken).clamp(MIN_UDP, MAX_UDP),
        edns: opt.map(|opt| opt.dnssec_ok()),
    })
}

/// Answers to these are many messages.
fn is_transfer(rtype: Rtype) -> bool {
    matches!(rtype, Rtype::AXFR | Rtype::IXFR)
}

/// A header alone.
fn refusal(asked: Header, rcode: Rcode) -> Vec<u8> {
    let mut header = Header::new();
    header.set_id(asked.id());
    header.set_qr(true);
    header.set_opcode(asked.opcode());
    header.set_rd(asked.rd());
    header.set_ra(true);
    header.set_rcode(rcode);
    let mut bytes = header.as_slice().to_vec();
    bytes.resize(size_of::<HeaderSection>(), 0);
    bytes
}
