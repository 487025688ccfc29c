use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg, sockopt,
};

use super::{MAX_BODY, MAX_FDS, Packet};

/// Room for several full packets in flight, so that a stream does not stop and go.
pub fn set_send_buffer(socket: impl AsFd, bytes: usize) -> io::Result<()> {
    match sockopt::set_socket_send_buffer_size_force(socket.as_fd(), bytes) {
        Err(rustix::io::Errno::PERM) => {
            Ok(sockopt::set_socket_send_buffer_size(socket.as_fd(), bytes)?)
        }
        result => Ok(result?),
    }
}

/// Sends one packet. `WouldBlock` only when the socket is non-blocking; never raises SIGPIPE.
pub fn send(socket: impl AsFd, tag: u8, body: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    send_parts(socket, tag, body, fds, false)
}

/// As [`send`]; with `dont_wait` a full socket is `WouldBlock` even when it is a blocking one.
pub fn send_parts(
    socket: impl AsFd,
    tag: u8,
    body: &[u8],
    fds: &[BorrowedFd<'_>],
    dont_wait: bool,
) -> io::Result<()> {
    if body.len() > MAX_BODY || fds.len() > MAX_FDS {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "packet too large",
        ));
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(fds));
    }
    let mut flags = SendFlags::NOSIGNAL;
    if dont_wait {
        flags |= SendFlags::DONTWAIT;
    }
    let head = [tag];
    let parts = [IoSlice::new(&head), IoSlice::new(body)];
    loop {
        match sendmsg(socket.as_fd(), &parts, &mut control, flags) {
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
            Ok(_) => return Ok(()),
        }
    }
}

/// Receives one packet; `None` when the other end is closed.
pub fn receive(socket: impl AsFd) -> io::Result<Option<Packet>> {
    let mut body = vec![0; MAX_BODY];
    let received = receive_into(socket, &mut body)?;
    Ok(received.map(|(tag, length, fds)| {
        body.truncate(length);
        body.shrink_to_fit();
        Packet { tag, body, fds }
    }))
}

/// As [`receive`], into the caller's buffer: tag, length of the body, descriptors.
fn receive_into(
    socket: impl AsFd,
    body: &mut [u8],
) -> io::Result<Option<(u8, usize, Vec<OwnedFd>)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut head = [0u8];
    let message = loop {
        let mut parts = [IoSliceMut::new(&mut head), IoSliceMut::new(body)];
        match recvmsg(
            socket.as_fd(),
            &mut parts,
            &mut control,
            RecvFlags::CMSG_CLOEXEC,
        ) {
            // A peer that closed with our bytes unread resets the socket. The kernel says so once, before the
            // packets that it sent, which are still to be read.
            Err(rustix::io::Errno::INTR | rustix::io::Errno::CONNRESET) => {}
            Err(errno) => return Err(errno.into()),
            Ok(message) => break message,
        }
    };
    let mut fds = Vec::new();
    for entry in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = entry {
            fds.extend(rights);
        }
    }
    if message.bytes == 0 {
        return Ok(None);
    }
    if message
        .flags
        .intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC)
    {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "packet was cut"));
    }
    Ok(Some((head[0], message.bytes - 1, fds)))
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::AsFd;

    use longshore_sys::fd_passing::seqpacket_pair as pair;

    use super::*;

    #[test]
    fn a_packet_arrives_whole_with_its_descriptors() {
        let (left, right) = pair().unwrap();
        let (read, write) = rustix::pipe::pipe().unwrap();
        send(&left, 7, b"body", &[read.as_fd()]).unwrap();
        let packet = receive(&right).unwrap().unwrap();
        assert_eq!(
            (packet.tag, packet.body.as_slice()),
            (7, b"body".as_slice())
        );
        rustix::io::write(&write, b"through").unwrap();
        drop(write);
        let mut text = String::new();
        let mut passed = std::fs::File::from(packet.fds.into_iter().next().unwrap());
        passed.read_to_string(&mut text).unwrap();
        assert_eq!(text, "through");
    }

    #[test]
    fn an_empty_body_is_not_the_end() {
        let (left, right) = pair().unwrap();
        send(&left, 1, b"", &[]).unwrap();
        drop(left);
        assert!(receive(&right).unwrap().is_some());
        assert!(receive(&right).unwrap().is_none());
    }

    #[test]
    fn the_largest_body_passes_and_a_larger_one_is_refused() {
        let (left, right) = pair().unwrap();
        send(&left, 1, &vec![9; MAX_BODY], &[]).unwrap();
        assert_eq!(receive(&right).unwrap().unwrap().body.len(), MAX_BODY);
        assert!(send(&left, 1, &vec![9; MAX_BODY + 1], &[]).is_err());
    }

    #[test]
    fn what_a_peer_sent_before_it_closed_is_read_even_when_it_left_bytes_unread() {
        let (left, right) = pair().unwrap();
        send(&left, 1, b"unread", &[]).unwrap();
        send(&right, 2, b"last words", &[]).unwrap();
        drop(right);
        assert_eq!(receive(&left).unwrap().unwrap().body, b"last words");
        assert!(receive(&left).unwrap().is_none());
    }

    #[test]
    fn a_full_socket_says_so_when_told_not_to_wait() {
        let (left, _right) = pair().unwrap();
        let body = vec![0; MAX_BODY];
        let full = std::iter::repeat_with(|| send_parts(&left, 1, &body, &[], true))
            .take(10_000)
            .find_map(Result::err);
        assert_eq!(full.unwrap().kind(), io::ErrorKind::WouldBlock);
    }
}
