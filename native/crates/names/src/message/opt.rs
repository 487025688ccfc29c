//! Where a message's EDNS record stands (RFC 6891).

use std::ops::Range;

use domain::base::{Message, Rtype};

/// The record's class says how many bytes its sender takes over UDP; before it are the root's name and the type.
const SIZE_OFFSET: usize = 3;

pub(super) fn range(message: &Message<[u8]>) -> Option<Range<usize>> {
    let mut section = message.additional().ok()?;
    loop {
        let start = section.pos();
        let record = section.next()?.ok()?;
        if record.rtype() == Rtype::OPT {
            return Some(start..section.pos());
        }
    }
}

/// Says that no more than `limit` bytes are taken over UDP, whatever the message said before.
pub(crate) fn limit_size(bytes: &mut [u8], limit: u16) {
    let opt = Message::from_slice(bytes).ok().and_then(range);
    let field = opt.and_then(|opt| bytes.get_mut(opt.start + SIZE_OFFSET..)?.first_chunk_mut());
    if let Some(field) = field {
        *field = u16::from_be_bytes(*field).min(limit).to_be_bytes();
    }
}
