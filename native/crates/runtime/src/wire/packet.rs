use std::io;
use std::os::fd::OwnedFd;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// One received packet.
#[derive(Debug)]
pub struct Packet {
    pub tag: u8,
    pub body: Vec<u8>,
    /// All close-on-exec.
    pub fds: Vec<OwnedFd>,
}

/// A body as JSON.
pub fn encode<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(io::Error::from)
}

/// Reads a body written by [`encode`].
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    serde_json::from_slice(body).map_err(io::Error::from)
}
