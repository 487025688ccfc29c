use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::net::netlink;
use rustix::net::{self, AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType};

use crate::{Attribute, Batch, Error, Result};

const HEADER: usize = 16;
const NLMSG_NOOP: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;

/// In an error's flags: attributes follow the echoed header (struct nlmsgerr).
const NLM_F_ACK_TLVS: u16 = 0x200;
const NLMSGERR_ATTR_MSG: u16 = 1;

/// The largest part of a dump that the kernel makes (netlink(7)); acknowledgements are far smaller.
const RECEIVE_SIZE: usize = 32 * 1024;

/// Room for all rules, for some thousand containers and for every port of the machine, in one transaction.
const SEND_BUFFER: usize = 16 * 1024 * 1024;

/// A message that the kernel answered with, without its netlink header.
#[derive(Debug)]
pub struct Reply {
    pub kind: u16,
    pub body: Vec<u8>,
}

/// A netlink socket. It belongs to the network namespace it was opened in, whichever thread uses it later.
#[derive(Debug)]
pub struct Socket {
    fd: OwnedFd,
    buffer: Vec<u8>,
}

impl Socket {
    pub fn route() -> Result<Self> {
        Self::open(None).map_err(failed("open rtnetlink"))
    }

    pub fn netfilter() -> Result<Self> {
        Self::open(Some(netlink::NETFILTER)).map_err(failed("open nfnetlink"))
    }

    /// No protocol is NETLINK_ROUTE, number 0.
    fn open(protocol: Option<Protocol>) -> io::Result<Self> {
        let fd = net::socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            protocol,
        )?;
        set_option(&fd, libc::NETLINK_EXT_ACK)?;
        set_option(&fd, libc::NETLINK_CAP_ACK)?;
        Ok(Self {
            fd,
            buffer: Vec::new(),
        })
    }

    /// Lets a single batch be as large as `SEND_BUFFER`, beyond the machine's default.
    pub fn with_large_batches(self) -> Result<Self> {
        net::sockopt::set_socket_send_buffer_size_force(&self.fd, SEND_BUFFER)
            .map_err(failed("enlarge netlink's buffer"))?;
        Ok(self)
    }

    /// Sends the batch and fails with its first refused message, or when the kernel did not confirm every one.
    pub fn execute(&mut self, batch: &Batch) -> Result<()> {
        let outcome = self.exchange(batch)?;
        if let Some(refusal) = outcome.first_refusal() {
            return Err(refusal.to_error(batch));
        }
        if outcome.acknowledged != batch.expected_acks() {
            return Err(incomplete());
        }
        Ok(())
    }

    /// Like `execute`, but returns all refusals instead of failing with one.
    pub fn execute_each(&mut self, batch: &Batch) -> Result<Vec<Error>> {
        let outcome = self.exchange(batch)?;
        Ok(outcome
            .refusals
            .iter()
            .map(|it| it.to_error(batch))
            .collect())
    }

    /// Sends a query and returns the messages it is answered with.
    pub fn query(&mut self, batch: &Batch) -> Result<Vec<Reply>> {
        let outcome = self.exchange(batch)?;
        match outcome.first_refusal() {
            Some(refusal) => Err(refusal.to_error(batch)),
            None => Ok(outcome.replies),
        }
    }

    /// The kernel handles what is sent within the call and queues all answers; the rest of a dump is queued by
    /// each receive. So an empty queue means that everything has been answered.
    fn exchange(&mut self, batch: &Batch) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        if batch.bytes().is_empty() {
            return Ok(outcome);
        }
        net::send(&self.fd, batch.bytes(), SendFlags::empty()).map_err(failed("send netlink"))?;
        self.buffer.resize(RECEIVE_SIZE, 0);
        loop {
            match net::recv(&self.fd, &mut self.buffer[..], RecvFlags::DONTWAIT) {
                Ok((length, _)) => outcome.read(&self.buffer[..length]),
                Err(rustix::io::Errno::AGAIN) => return Ok(outcome),
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(failed("receive netlink")(errno)),
            }
        }
    }
}

#[derive(Debug)]
struct Refusal {
    sequence: u32,
    errno: i32,
    reason: String,
}

impl Refusal {
    fn to_error(&self, batch: &Batch) -> Error {
        Error::Refused {
            step: batch.step(self.sequence),
            reason: self.reason.clone(),
            source: io::Error::from_raw_os_error(self.errno),
        }
    }
}

#[derive(Debug, Default)]
struct Outcome {
    acknowledged: usize,
    refusals: Vec<Refusal>,
    replies: Vec<Reply>,
}

impl Outcome {
    fn first_refusal(&self) -> Option<&Refusal> {
        self.refusals.iter().min_by_key(|refusal| refusal.sequence)
    }

    fn read(&mut self, mut datagram: &[u8]) {
        while let Some((header, _)) = datagram.split_first_chunk::<HEADER>() {
            let [l0, l1, l2, l3, k0, k1, f0, f1, s0, s1, s2, s3, ..] = *header;
            let length = u32::from_ne_bytes([l0, l1, l2, l3]) as usize;
            let Some(body) = datagram.get(HEADER..length) else {
                return;
            };
            let sequence = u32::from_ne_bytes([s0, s1, s2, s3]);
            match u16::from_ne_bytes([k0, k1]) {
                NLMSG_NOOP | NLMSG_DONE => {}
                NLMSG_ERROR => self.read_result(sequence, u16::from_ne_bytes([f0, f1]), body),
                kind => self.replies.push(Reply {
                    kind,
                    body: body.to_vec(),
                }),
            }
            datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or(&[]);
        }
    }

    /// struct nlmsgerr: the negated errno, the header of the message it answers, attributes.
    fn read_result(&mut self, sequence: u32, flags: u16, body: &[u8]) {
        let Some(code) = body.first_chunk() else {
            return;
        };
        match i32::from_ne_bytes(*code).wrapping_neg() {
            0 => self.acknowledged += 1,
            errno => {
                let attributes = body
                    .get(4 + HEADER..)
                    .filter(|_| flags & NLM_F_ACK_TLVS != 0);
                let reason = attributes.and_then(|it| Attribute::find_text(it, NLMSGERR_ATTR_MSG));
                self.refusals.push(Refusal {
                    sequence,
                    errno,
                    reason: reason.unwrap_or_default(),
                });
            }
        }
    }
}

fn failed<E: Into<io::Error>>(step: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Exchange {
        step,
        source: error.into(),
    }
}

fn incomplete() -> Error {
    let source = io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "messages were left unanswered",
    );
    Error::Exchange {
        step: "receive netlink",
        source,
    }
}

fn set_option(fd: &impl AsFd, option: libc::c_int) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the pointer and length describe `on`, which lives through the call.
    let result = unsafe {
        libc::setsockopt(
            fd.as_fd().as_raw_fd(),
            libc::SOL_NETLINK,
            option,
            (&raw const on).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, flags: u16, sequence: u32, body: &[u8]) -> Vec<u8> {
        let mut bytes = ((HEADER + body.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend_from_slice(&kind.to_ne_bytes());
        bytes.extend_from_slice(&flags.to_ne_bytes());
        bytes.extend_from_slice(&sequence.to_ne_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(body);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn refusal(sequence: u32, errno: i32, text: &str) -> Vec<u8> {
        let mut body = (-errno).to_ne_bytes().to_vec();
        body.extend_from_slice(&[0; HEADER]);
        body.extend_from_slice(&((text.len() + 5) as u16).to_ne_bytes());
        body.extend_from_slice(&NLMSGERR_ATTR_MSG.to_ne_bytes());
        body.extend_from_slice(text.as_bytes());
        body.push(0);
        message(NLMSG_ERROR, NLM_F_ACK_TLVS, sequence, &body)
    }

    #[test]
    fn the_earliest_refusal_is_the_error_and_carries_the_kernels_words() {
        let mut batch = Batch::default();
        batch.message("create the bridge", 16, 0, &[], |_| {});
        batch.message("create the veth pair", 16, 0, &[], |_| {});
        let mut outcome = Outcome::default();
        outcome.read(
            &[
                refusal(2, libc::EINVAL, "later"),
                refusal(1, libc::EEXIST, "taken"),
            ]
            .concat(),
        );
        let error = outcome.first_refusal().unwrap().to_error(&batch);
        assert_eq!(
            error.to_string(),
            "create the bridge: File exists (os error 17) (taken)"
        );
    }

    #[test]
    fn acknowledgements_are_counted_and_replies_kept_apart() {
        let mut outcome = Outcome::default();
        let ack = message(NLMSG_ERROR, 0, 1, &[0; 20]);
        outcome.read(
            &[
                ack.clone(),
                message(16, 2, 2, b"data"),
                message(NLMSG_DONE, 2, 2, &[0; 4]),
            ]
            .concat(),
        );
        assert_eq!(outcome.acknowledged, 1);
        assert_eq!(outcome.replies.len(), 1);
        assert_eq!(outcome.replies[0].body, b"data");
    }

    #[test]
    fn a_truncated_datagram_ends_the_reading() {
        let mut outcome = Outcome::default();
        outcome.read(&message(16, 0, 1, b"whole")[..20]);
        outcome.read(&[0; HEADER]);
        assert!(outcome.replies.is_empty());
    }
}
