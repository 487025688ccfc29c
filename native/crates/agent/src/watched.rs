use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Something that keeps one and the same descriptor open for as long as it lives.
pub(crate) trait Descriptor: AsRawFd {}

impl Descriptor for OwnedFd {}
impl Descriptor for Arc<OwnedFd> {}
impl Descriptor for BorrowedFd<'_> {}

/// Lets the async runtime watch a descriptor. Must be called within it.
pub(crate) fn watch<T: Descriptor>(descriptor: T, interest: Interest) -> io::Result<AsyncFd<T>> {
    // SAFETY: implementors of `Descriptor` always answer the same open descriptor.
    let registered = unsafe { AsyncFd::register_with_interest(descriptor, interest) };
    registered.map_err(io::Error::from)
}
