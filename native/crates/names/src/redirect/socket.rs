//! One exchange with nfnetlink: the kernel handles a batch within the send and queues all answers.

use std::io;

use rustix::net::{self, AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink};

use super::batch::Batch;
use crate::{Error, Result};

const HEADER: usize = 16;
const NLMSG_ERROR: u16 = 2;

/// Acknowledgements are some dozen bytes; errors repeat the refused message.
const RECEIVE_SIZE: usize = 16 * 1024;

/// An answer to one message: its sequence number and errno, 0 for success.
type Outcome = (u32, i32);

/// Fails with the first refused message, or when the kernel did not confirm every one.
pub(super) fn execute(batch: &Batch) -> Result<()> {
    let outcomes = exchange(batch).map_err(|source| Error::Netlink {
        step: "exchange netlink messages",
        source,
    })?;
    if let Some((sequence, errno)) = outcomes.iter().find(|(_, errno)| *errno != 0) {
        return Err(Error::Netlink {
            step: batch.step(*sequence),
            source: io::Error::from_raw_os_error(*errno),
        });
    }
    if outcomes.len() != batch.expected_acks() {
        return Err(Error::System {
            step: "write DNS rules",
            source: io::ErrorKind::UnexpectedEof.into(),
        });
    }
    Ok(())
}

fn exchange(batch: &Batch) -> io::Result<Vec<Outcome>> {
    let socket = net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        Some(netlink::NETFILTER),
    )?;
    net::send(&socket, batch.bytes(), SendFlags::empty())?;
    let mut outcomes = Vec::new();
    let mut buffer = vec![0; RECEIVE_SIZE];
    loop {
        match net::recv(&socket, &mut buffer[..], RecvFlags::DONTWAIT) {
            Ok((length, _)) => read_outcomes(&buffer[..length], &mut outcomes),
            Err(rustix::io::Errno::AGAIN) => return Ok(outcomes),
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}

/// struct nlmsghdr, then in an error the negated errno; ends at what is malformed.
fn read_outcomes(mut datagram: &[u8], outcomes: &mut Vec<Outcome>) {
    while let Some((header, _)) = datagram.split_first_chunk::<HEADER>() {
        let [l0, l1, l2, l3, k0, k1, _, _, s0, s1, s2, s3, ..] = *header;
        let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
        let Some(body) = datagram.get(HEADER..length) else {
            return;
        };
        if let (NLMSG_ERROR, Some(code)) = (u16::from_ne_bytes([k0, k1]), body.first_chunk()) {
            let errno = i32::from_ne_bytes(*code).wrapping_neg();
            outcomes.push((u32::from_ne_bytes([s0, s1, s2, s3]), errno));
        }
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or(&[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(sequence: u32, errno: i32) -> Vec<u8> {
        let mut bytes = ((HEADER + 20) as u32).to_ne_bytes().to_vec();
        bytes.extend_from_slice(&NLMSG_ERROR.to_ne_bytes());
        bytes.extend_from_slice(&[0; 2]);
        bytes.extend_from_slice(&sequence.to_ne_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&(-errno).to_ne_bytes());
        bytes.extend_from_slice(&[0; 16]);
        bytes
    }

    #[test]
    fn acknowledgements_and_refusals_are_read_with_their_sequence_numbers() {
        let mut outcomes = Vec::new();
        read_outcomes(
            &[answer(2, 0), answer(3, libc::ENOENT)].concat(),
            &mut outcomes,
        );
        assert_eq!(outcomes, [(2, 0), (3, libc::ENOENT)]);
    }

    #[test]
    fn a_truncated_datagram_ends_the_reading() {
        let mut outcomes = Vec::new();
        read_outcomes(&answer(1, 0)[..20], &mut outcomes);
        read_outcomes(&[0; HEADER], &mut outcomes);
        assert_eq!(outcomes, []);
    }
}
