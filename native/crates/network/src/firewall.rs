//! The rules around one instance's bridge: NAT outward, nothing inward but answers, no false senders.

mod forward_policy;
mod forwarding;
mod guard;
mod iptables;
mod rules;
mod tables;

use std::net::Ipv4Addr;

use crate::instance::Names;
use crate::nftables::{Family, Nftables};
use crate::{Error, Result, Subnet};

pub(crate) use forward_policy::ForwardPolicy;
pub(crate) use forwarding::Forwarding;
use iptables::Iptables;

/// How the rules are kept: by nf_tables, or where the kernel lacks it by iptables, which knows senders by subnet only.
#[derive(Debug)]
pub(crate) enum Firewall {
    Nftables { nftables: Nftables, generation: u32 },
    Iptables(Iptables),
}

/// What the firewall has to look like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) names: &'a Names,
    pub(crate) subnet: Subnet,
}

impl Firewall {
    pub(crate) fn open() -> Result<Self> {
        match Nftables::open()? {
            Some(nftables) => Ok(Self::Nftables {
                nftables,
                generation: 0,
            }),
            None => Iptables::any().map(Self::Iptables).ok_or(Error::NoFirewall),
        }
    }

    /// Writes all rules, whatever stands there, with `members` as the containers' addresses.
    pub(crate) fn ensure(&mut self, plan: Plan<'_>, members: &[Ipv4Addr]) -> Result<()> {
        match self {
            Self::Nftables {
                nftables,
                generation,
            } => {
                nftables.replace(&tables::tables(plan, members))?;
                *generation = nftables.generation()?;
                Ok(())
            }
            Self::Iptables(iptables) => iptables.ensure(&rules::rules(plan)),
        }
    }

    /// Whether the rules of others, or ours, may have changed since the last look; costs one short message.
    pub(crate) fn has_changed(&mut self) -> Result<bool> {
        match self {
            Self::Nftables {
                nftables,
                generation,
            } => {
                let last = std::mem::replace(generation, nftables.generation()?);
                Ok(last != *generation)
            }
            Self::Iptables(_) => Ok(false),
        }
    }

    /// Whether this instance's tables stand: another program's "flush ruleset" removes them whole.
    pub(crate) fn is_intact(&mut self, plan: Plan<'_>) -> Result<bool> {
        match self {
            Self::Nftables { nftables, .. } => Ok(nftables
                .has_table(Family::Ipv4, &plan.names.table)?
                && nftables.has_table(Family::Bridge, &plan.names.table)?),
            Self::Iptables(iptables) => iptables.are_present(&rules::rules(plan)),
        }
    }

    /// Lets the container with this address send.
    pub(crate) fn admit(&mut self, plan: Plan<'_>, address: Ipv4Addr) -> Result<()> {
        let Self::Nftables {
            nftables,
            generation,
        } = self
        else {
            return Ok(());
        };
        let member = plan.names.sender(plan.subnet, address);
        nftables.add(
            Family::Bridge,
            &plan.names.table,
            tables::SENDERS,
            &[member],
        )?;
        *generation = next(*generation);
        Ok(())
    }

    /// Drops whatever the container with this address sends from now on.
    pub(crate) fn revoke(&mut self, plan: Plan<'_>, address: Ipv4Addr) -> Result<()> {
        let Self::Nftables {
            nftables,
            generation,
        } = self
        else {
            return Ok(());
        };
        let member = plan.names.sender(plan.subnet, address);
        match nftables.remove(
            Family::Bridge,
            &plan.names.table,
            tables::SENDERS,
            &[member],
        ) {
            Ok(()) => *generation = next(*generation),
            // The table was flushed away: nothing is admitted.
            Err(error) if error.is_missing() => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    pub(crate) fn remove(&mut self, plan: Plan<'_>) -> Result<()> {
        match self {
            Self::Nftables { nftables, .. } => {
                let table = plan.names.table.as_str();
                nftables.delete(&[(Family::Ipv4, table), (Family::Bridge, table)])
            }
            Self::Iptables(iptables) => iptables.remove(&rules::rules(plan)),
        }
    }
}

/// The kernel's generation skips zero.
fn next(generation: u32) -> u32 {
    generation.checked_add(1).unwrap_or(1)
}
