//! Which container has which address, kept across restarts of the agent.
//!
//! A lease is a symbolic link from the container's id to its address: made and removed whole by one call, with no
//! wait for the disk. After a power cut leases may be lost, and with them went the containers' namespaces.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::{Error, Result, Subnet};

const LONGEST_ID: usize = 128;

#[derive(Debug)]
pub(crate) struct Leases {
    dir: PathBuf,
    subnet: Subnet,
    by_id: HashMap<String, Ipv4Addr>,
    /// Leased, or released while something of the last holder may still answer.
    taken: HashSet<Ipv4Addr>,
    /// Where the search for a free address goes on; addresses come back into use as late as possible.
    next: u32,
}

impl Leases {
    /// Reads the leases in `dir`; those outside of `subnet` are void and removed.
    pub(crate) fn open(dir: &Path, subnet: Subnet) -> Result<Self> {
        fs::create_dir_all(dir).map_err(|source| failed("create", dir, source))?;
        let mut by_id = HashMap::new();
        for entry in fs::read_dir(dir).map_err(|source| failed("list", dir, source))? {
            let path = entry.map_err(|source| failed("list", dir, source))?.path();
            match parse(&path).filter(|(_, address)| subnet.contains(*address)) {
                Some((id, address)) => drop(by_id.insert(id, address)),
                None => remove(&path)?,
            }
        }
        let taken: HashSet<Ipv4Addr> = by_id.values().copied().collect();
        let next = taken
            .iter()
            .map(|address| address.to_bits() + 1)
            .max()
            .unwrap_or(0);
        Ok(Self {
            dir: dir.to_owned(),
            subnet,
            by_id,
            taken,
            next,
        })
    }

    pub(crate) fn acquire(&mut self, id: &str) -> Result<Ipv4Addr> {
        check_id(id)?;
        if let Some(address) = self.by_id.get(id) {
            return Err(Error::AlreadyAttached {
                id: id.to_owned(),
                address: address.to_string(),
            });
        }
        let exhausted = || Error::AddressesExhausted {
            subnet: self.subnet.to_string(),
        };
        let address = self.free_address().ok_or_else(exhausted)?;
        let path = self.dir.join(id);
        symlink(address.to_string(), &path).map_err(|source| failed("create", &path, source))?;
        self.by_id.insert(id.to_owned(), address);
        self.taken.insert(address);
        self.next = address.to_bits() + 1;
        Ok(address)
    }

    /// Ends the lease; its address stays taken until `free`.
    pub(crate) fn release(&mut self, id: &str) -> Result<Option<Ipv4Addr>> {
        let Some(address) = self.by_id.get(id).copied() else {
            return Ok(None);
        };
        remove(&self.dir.join(id))?;
        self.by_id.remove(id);
        Ok(Some(address))
    }

    /// Keeps addresses from being leased until `free`.
    pub(crate) fn hold(&mut self, addresses: &[Ipv4Addr]) {
        self.taken.extend(addresses);
    }

    /// The addresses may be leased again.
    pub(crate) fn free(&mut self, addresses: &[Ipv4Addr]) {
        for address in addresses {
            self.taken.remove(address);
        }
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    pub(crate) fn addresses(&self) -> Vec<Ipv4Addr> {
        self.by_id.values().copied().collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Ends all leases and removes their folder.
    pub(crate) fn delete(self) -> Result<()> {
        fs::remove_dir_all(&self.dir).map_err(|source| failed("remove", &self.dir, source))
    }

    fn free_address(&self) -> Option<Ipv4Addr> {
        let first = self.subnet.gateway().to_bits() + 1;
        let last = self.subnet.broadcast().to_bits() - 1;
        let start = if (first..=last).contains(&self.next) {
            self.next
        } else {
            first
        };
        let mut order = (start..=last).chain(first..start).map(Ipv4Addr::from_bits);
        order.find(|address| !self.taken.contains(address))
    }
}

/// Ids become file names.
fn check_id(id: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let starts_well = id
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    if starts_well && id.len() <= LONGEST_ID && id.bytes().all(plain) {
        return Ok(());
    }
    Err(Error::InvalidId { id: id.to_owned() })
}

fn parse(path: &Path) -> Option<(String, Ipv4Addr)> {
    let id = path.file_name()?.to_str()?.to_owned();
    let address = fs::read_link(path).ok()?.to_str()?.parse().ok()?;
    Some((id, address))
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(failed("remove", path, source))
        }
        _ => Ok(()),
    }
}

fn failed(step: &'static str, path: &Path, source: io::Error) -> Error {
    Error::File {
        step,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
