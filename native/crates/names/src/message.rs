//! DNS messages as bytes: what comes in at the door, what goes out, and what upstream servers say (RFC 1035).

mod check;
mod fit;
mod opt;
mod query;
mod reply;

pub(crate) use check::{Upstream, judge};
pub(crate) use fit::fit;
pub(crate) use opt::limit_size;
pub(crate) use query::{Query, Received, receive};
pub(crate) use reply::{Records, failure, reply};

/// Queries are far smaller: a name of at most 255 bytes and a few options. Longer ones are not read.
pub(crate) const MAX_QUERY: usize = 4096;

/// What a client without EDNS takes over UDP (RFC 1035, 2.3.4).
pub(crate) const MIN_UDP: usize = 512;

/// What any client is sent over UDP at most, and what we say to take ourselves.
pub(crate) const MAX_UDP: usize = 4096;

/// What the length field of TCP can say.
pub(crate) const MAX_TCP: usize = u16::MAX as usize;

/// The id is the header's first field.
pub(crate) fn set_id(message: &mut [u8], id: u16) {
    if let Some(field) = message.first_chunk_mut() {
        *field = id.to_be_bytes();
    }
}

#[cfg(test)]
mod tests;
