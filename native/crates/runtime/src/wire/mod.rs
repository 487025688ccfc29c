//! Packets between agent, zygote and supervisors: `SOCK_SEQPACKET` over unix sockets.
//!
//! A packet is one tag byte and a body, so the kernel keeps the boundaries and no framing is needed. Rare
//! packets carry JSON; bytes of standard streams travel bare. Descriptors ride along with `SCM_RIGHTS`.

mod packet;
mod socket;

pub use longshore_sys::fd_passing::seqpacket_pair as pair;
pub use packet::{Packet, decode, encode};
pub use socket::{receive, send, send_parts, set_send_buffer};

/// The most bytes one packet's body has. Larger things go through files or memfds.
pub const MAX_BODY: usize = 64 * 1024;

/// The most descriptors one packet carries: a start brings the fixed ones and one for each waiting attachment.
pub const MAX_FDS: usize = 32;
