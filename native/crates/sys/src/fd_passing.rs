//! Descriptors over unix sockets (SCM_RIGHTS).

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags,
    SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};

use crate::{Errno, Result};

/// The most descriptors that one message carries here (the kernel's own limit is 253).
pub const MAX_DESCRIPTORS: usize = 16;

/// What one receive brought.
#[derive(Debug)]
pub struct Received {
    /// Bytes stored in the buffer; 0 with no descriptors is the end of the stream.
    pub length: usize,
    pub descriptors: Vec<OwnedFd>,
}

/// A connected pair of close-on-exec SOCK_SEQPACKET sockets: every send is one message.
pub fn seqpacket_pair() -> Result<(OwnedFd, OwnedFd)> {
    pair(SocketType::SEQPACKET)
}

/// A connected pair of close-on-exec SOCK_STREAM sockets.
pub fn stream_pair() -> Result<(OwnedFd, OwnedFd)> {
    pair(SocketType::STREAM)
}

fn pair(kind: SocketType) -> Result<(OwnedFd, OwnedFd)> {
    rustix::net::socketpair(AddressFamily::UNIX, kind, SocketFlags::CLOEXEC, None)
}

/// Sends bytes and descriptors; a closed peer is EPIPE, never SIGPIPE. Answers the number of bytes taken.
///
/// On a stream socket at least one byte must go along, or no descriptor is sent.
///
/// # Errors
/// E2BIG for more than [`MAX_DESCRIPTORS`].
pub fn send_with_fds(
    socket: impl AsFd,
    bytes: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::TOOBIG);
    }
    rustix::io::retry_on_intr(|| {
        rustix::net::sendmsg(
            &socket,
            &[IoSlice::new(bytes)],
            &mut control,
            SendFlags::NOSIGNAL,
        )
    })
}

/// Receives into `buffer`, and up to [`MAX_DESCRIPTORS`] close-on-exec descriptors.
///
/// # Errors
/// EMSGSIZE when the bytes of a message, or its descriptors, did not fit: nothing is silently cut.
pub fn recv_with_fds(socket: impl AsFd, buffer: &mut [u8]) -> Result<Received> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let message = rustix::io::retry_on_intr(|| {
        rustix::net::recvmsg(
            &socket,
            &mut [IoSliceMut::new(buffer)],
            &mut control,
            RecvFlags::CMSG_CLOEXEC,
        )
    })?;
    let descriptors = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
            _ => None,
        })
        .flatten()
        .collect();
    if message
        .flags
        .intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC)
    {
        return Err(Errno::MSGSIZE);
    }
    Ok(Received {
        length: message.bytes,
        descriptors,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::io::{FdFlags, fcntl_getfd};

    #[test]
    fn a_descriptor_arrives_close_on_exec_and_works() {
        let (ours, theirs) = seqpacket_pair().unwrap();
        let (read, write) = rustix::pipe::pipe().unwrap();
        send_with_fds(&ours, b"pipe", &[write.as_fd()]).unwrap();
        drop(write);

        let mut buffer = [0; 16];
        let received = recv_with_fds(&theirs, &mut buffer).unwrap();
        assert_eq!(&buffer[..received.length], b"pipe");
        let [arrived] = <[OwnedFd; 1]>::try_from(received.descriptors).unwrap();
        assert!(fcntl_getfd(&arrived).unwrap().contains(FdFlags::CLOEXEC));
        rustix::io::write(&arrived, b"x").unwrap();
        let mut byte = [0];
        assert_eq!(rustix::io::read(&read, &mut byte).unwrap(), 1);
    }

    #[test]
    fn a_cut_message_is_an_error() {
        let (ours, theirs) = seqpacket_pair().unwrap();
        send_with_fds(&ours, b"too long", &[]).unwrap();
        assert_eq!(
            recv_with_fds(&theirs, &mut [0; 3]).unwrap_err(),
            Errno::MSGSIZE
        );
    }

    #[test]
    fn a_closed_peer_is_the_end_and_then_a_broken_pipe() {
        let (ours, theirs) = stream_pair().unwrap();
        drop(ours);
        assert_eq!(recv_with_fds(&theirs, &mut [0; 3]).unwrap().length, 0);
        assert_eq!(send_with_fds(&theirs, b"x", &[]).unwrap_err(), Errno::PIPE);
    }
}
