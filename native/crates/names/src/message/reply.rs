use std::net::IpAddr;

use domain::base::iana::Rcode;
use domain::base::message_builder::{AnswerBuilder, PushError};
use domain::base::{MessageBuilder, Name, StaticCompressor, Ttl};
use domain::rdata::{A, Aaaa, Ptr};

use super::{MAX_UDP, MIN_UDP, Query};

/// A name may stand for another address the next moment, and clients shall not hold on to the old one.
const TTL: Ttl = Ttl::ZERO;

/// An OPT record without options: a root name, and the fixed fields of a record (RFC 6891, 6.1.2).
const OPT_SIZE: usize = 11;

/// What a question is answered with. None of them says that the name exists, but has nothing of the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Records {
    Addresses(Vec<IpAddr>),
    Pointer(String),
}

type Answer = AnswerBuilder<StaticCompressor<Vec<u8>>>;

/// An answer of at most `limit` bytes; what does not fit is left out, and the answer marked as truncated.
pub(crate) fn reply(query: &Query<'_>, records: &Records, limit: usize) -> Vec<u8> {
    build(query, Rcode::NOERROR, limit, |answer| {
        push(answer, query, records)
    })
}

/// An answer with nothing but a response code.
pub(crate) fn failure(query: &Query<'_>, rcode: Rcode) -> Vec<u8> {
    build(query, rcode, MAX_UDP, |_| Ok(()))
}

fn build(
    query: &Query<'_>,
    rcode: Rcode,
    limit: usize,
    fill: impl FnOnce(&mut Answer) -> Result<(), PushError>,
) -> Vec<u8> {
    let target = StaticCompressor::new(Vec::with_capacity(MIN_UDP));
    let Ok(builder) = MessageBuilder::from_target(target);
    let mut answer = builder.start_error(query.message, rcode);
    answer.header_mut().set_ra(true);
    answer.set_push_limit(limit.saturating_sub(OPT_SIZE));
    let fits = fill(&mut answer).is_ok();
    answer.header_mut().set_tc(!fits);
    answer.clear_push_limit();
    let mut additional = answer.additional();
    if let Some(dnssec_ok) = query.edns {
        // The room for it was kept free, and nothing else limits it.
        let _ = additional.opt(|opt| {
            opt.set_udp_payload_size(MAX_UDP as u16);
            opt.set_dnssec_ok(dnssec_ok);
            Ok(())
        });
    }
    additional.finish().into_target()
}

fn push(answer: &mut Answer, query: &Query<'_>, records: &Records) -> Result<(), PushError> {
    let Ok(question) = query.message.sole_question() else {
        return Ok(());
    };
    let owner = question.qname();
    match records {
        Records::Addresses(addresses) => {
            for address in addresses {
                match address {
                    IpAddr::V4(ipv4) => answer.push((owner, TTL, A::new(*ipv4)))?,
                    IpAddr::V6(ipv6) => answer.push((owner, TTL, Aaaa::new(*ipv6)))?,
                }
            }
        }
        Records::Pointer(name) => {
            // A container's name need not be one that DNS can write.
            if let Ok(name) = Name::vec_from_str(name) {
                answer.push((owner, TTL, Ptr::new(name)))?;
            }
        }
    }
    Ok(())
}
