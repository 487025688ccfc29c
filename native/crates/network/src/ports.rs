//! Who has which port of the machine.

mod ephemeral;
mod holder;
mod host;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use crate::firewall::Protocol;
use crate::member::{ClaimedPort, Publication};
use crate::{Error, Result};

/// The ports that containers have. A port is looked up by its number, however many there are.
#[derive(Debug, Default)]
pub(crate) struct PortTable {
    by_port: HashMap<(Protocol, u16), Vec<Claim>>,
    by_container: HashMap<String, Vec<ClaimedPort>>,
}

#[derive(Debug)]
struct Claim {
    container_id: String,
    port: ClaimedPort,
}

impl PortTable {
    /// A port of the machine for each publication, claimed for the container; on failure none is. `usual` is where
    /// those are published that name no address.
    pub(crate) fn choose(
        &mut self,
        container_id: &str,
        publications: &[Publication],
        usual: Option<IpAddr>,
    ) -> Result<Vec<ClaimedPort>> {
        let mut chosen = Vec::with_capacity(publications.len());
        for publication in publications {
            match self.choose_one(publication, usual) {
                Ok(port) => {
                    self.claim(container_id, std::slice::from_ref(&port));
                    chosen.push(port);
                }
                Err(error) => {
                    self.free(container_id);
                    return Err(error);
                }
            }
        }
        Ok(chosen)
    }

    pub(crate) fn claim(&mut self, container_id: &str, ports: &[ClaimedPort]) {
        for port in ports {
            let claims = self.by_port.entry((port.protocol, port.host_port));
            claims.or_default().push(Claim {
                container_id: container_id.to_owned(),
                port: port.clone(),
            });
        }
        if !ports.is_empty() {
            let own = self.by_container.entry(container_id.to_owned());
            own.or_default().extend_from_slice(ports);
        }
    }

    /// Gives all ports of the container back.
    pub(crate) fn free(&mut self, container_id: &str) {
        for port in self.by_container.remove(container_id).unwrap_or_default() {
            let key = (port.protocol, port.host_port);
            if let Some(claims) = self.by_port.get_mut(&key) {
                claims.retain(|claim| claim.container_id != container_id);
                if claims.is_empty() {
                    self.by_port.remove(&key);
                }
            }
        }
    }

    /// The containers that have a port of this number.
    pub(crate) fn holders(&self, protocol: Protocol, port: u16) -> impl Iterator<Item = &str> {
        let claims = self.by_port.get(&(protocol, port));
        let claims = claims.into_iter().flatten();
        claims.map(|claim| claim.container_id.as_str())
    }

    fn choose_one(&self, wanted: &Publication, usual: Option<IpAddr>) -> Result<ClaimedPort> {
        if wanted.container_port == 0 {
            return Err(Error::invalid("container_port", "0 is no port"));
        }
        let port = |host_port| ClaimedPort {
            protocol: wanted.protocol,
            container_port: wanted.container_port,
            host_address: wanted.host_address.or(usual),
            host_port,
        };
        match wanted.host_ports {
            Some((first, last)) => self.choose_of(first, last, port),
            None => self.choose_any(port),
        }
    }

    fn choose_of(
        &self,
        first: u16,
        last: u16,
        port: impl Fn(u16) -> ClaimedPort,
    ) -> Result<ClaimedPort> {
        if first == 0 || last < first {
            let reason = format!("{first}-{last} is no range of ports");
            return Err(Error::invalid("host_port", reason));
        }
        for host_port in first..=last {
            let port = port(host_port);
            if self.is_free(&port)? {
                return Ok(port);
            }
        }
        Err(self.taken(&port(first), last))
    }

    fn choose_any(&self, port: impl Fn(u16) -> ClaimedPort) -> Result<ClaimedPort> {
        let range = ephemeral::range()?;
        for host_port in range.in_random_order()? {
            let port = port(host_port);
            if self.is_free(&port)? {
                return Ok(port);
            }
        }
        Err(Error::NoFreePort {
            protocol: port(0).protocol.to_string(),
            first: range.first,
            last: range.last,
        })
    }

    fn is_free(&self, port: &ClaimedPort) -> Result<bool> {
        Ok(self.claimant(port).is_none() && host::is_free(port)?)
    }

    /// The container that has the port, or one of its addresses.
    fn claimant(&self, port: &ClaimedPort) -> Option<&str> {
        let claims = self.by_port.get(&(port.protocol, port.host_port))?;
        let claim = claims.iter().find(|claim| claim.port.overlaps(port))?;
        Some(&claim.container_id)
    }

    /// Says who has the port, and which one behind `last` is free.
    fn taken(&self, port: &ClaimedPort, last: u16) -> Error {
        let container = self.claimant(port).map(|id| format!("container {id}"));
        let program = || holder::of(port).map(|program| program.to_string());
        let holder = container.or_else(program);
        let next = |host_port| ClaimedPort {
            host_port,
            ..port.clone()
        };
        let mut behind = (last..=u16::MAX).skip(1);
        Error::PortTaken {
            protocol: port.protocol.to_string(),
            address: port.host_address.unwrap_or(Ipv4Addr::UNSPECIFIED.into()),
            port: port.host_port,
            holder: holder.unwrap_or_else(|| "another program".to_owned()),
            next_free: behind.find(|it| self.is_free(&next(*it)).unwrap_or(false)),
        }
    }
}

#[cfg(test)]
mod tests;
