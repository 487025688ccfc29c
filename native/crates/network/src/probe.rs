//! Whether a connection can be opened from somewhere, tried.

mod lookup;
mod query;

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use crate::netns::inside;
use crate::{Error, Result};
pub use lookup::NameFiles;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// A name as it would be looked up there, or an address.
    pub host: String,
    pub port: u16,
    /// For all of it.
    pub timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeOutcome {
    Connected,
    /// Somebody answered that nobody listens.
    Refused,
    /// Nobody answered.
    TimedOut,
    Unreachable,
    UnknownName,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    pub outcome: ProbeOutcome,
    /// What was tried, in order.
    pub addresses: Vec<IpAddr>,
    /// Of the connection that stood.
    pub round_trip: Duration,
    /// One sentence on what went wrong; empty when nothing did.
    pub reason: String,
}

impl Probe {
    /// From inside a network namespace, where names are looked up by these files.
    pub fn from_namespace(&self, netns: BorrowedFd<'_>, files: &NameFiles) -> Result<ProbeReport> {
        inside(netns, || self.from_here(files))
    }

    /// From the namespace of the calling thread.
    pub fn from_here(&self, files: &NameFiles) -> Result<ProbeReport> {
        let deadline = Instant::now() + self.timeout;
        let addresses = files.look_up(&self.host, deadline)?;
        if addresses.is_empty() {
            let reason = format!("{} is no name that is known there", self.host);
            return Ok(report(ProbeOutcome::UnknownName, Vec::new(), reason));
        }
        let mut tried = Vec::new();
        let mut last = None;
        for address in addresses {
            tried.push(address);
            let start = Instant::now();
            match self.connect(address, deadline) {
                Ok(_) => {
                    return Ok(ProbeReport {
                        round_trip: start.elapsed(),
                        ..report(ProbeOutcome::Connected, tried, String::new())
                    });
                }
                Err(error) => last = Some((address, error)),
            }
        }
        Ok(match last {
            Some((address, error)) => {
                let target = SocketAddr::new(address, self.port);
                let outcome = outcome_of(&error)?;
                report(outcome, tried, format!("{target}: {error}"))
            }
            None => report(ProbeOutcome::UnknownName, tried, String::new()),
        })
    }

    fn connect(&self, address: IpAddr, deadline: Instant) -> io::Result<TcpStream> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        TcpStream::connect_timeout(&SocketAddr::new(address, self.port), left)
    }
}

fn report(outcome: ProbeOutcome, addresses: Vec<IpAddr>, reason: String) -> ProbeReport {
    ProbeReport {
        outcome,
        addresses,
        round_trip: Duration::ZERO,
        reason,
    }
}

fn outcome_of(error: &io::Error) -> Result<ProbeOutcome> {
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset, _) => {
            Ok(ProbeOutcome::Refused)
        }
        (io::ErrorKind::TimedOut, _) => Ok(ProbeOutcome::TimedOut),
        (
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::InvalidInput,
            _,
        )
        | (_, Some(libc::EINVAL | libc::EAFNOSUPPORT)) => Ok(ProbeOutcome::Unreachable),
        _ => Err(Error::System {
            step: "connect",
            source: io::Error::new(error.kind(), error.to_string()),
        }),
    }
}

#[cfg(test)]
mod tests;
