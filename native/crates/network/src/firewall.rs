//! The rules around one instance's bridges: NAT outward, nothing inward but answers and published ports, no false
//! senders, no way from one network to another.

mod bridged;
mod forward_policy;
mod forwarding;
mod guard;
mod iptables;
mod plan;
mod routed;
mod rules;
mod switch;

use crate::nftables::{Change, Family, Nftables, Table};
use crate::{Error, Result};

pub(crate) use forward_policy::ForwardPolicy;
pub(crate) use forwarding::Forwarding;
use iptables::Iptables;
pub use plan::Protocol;
pub(crate) use plan::{BridgePlan, Forward, MemberPlan, Plan, Update};

/// How the rules are kept: by nf_tables, or where the kernel lacks it by iptables, which knows senders by subnet only.
#[derive(Debug)]
pub(crate) enum Firewall {
    Nftables {
        nftables: Nftables,
        generation: u32,
    },
    /// `last` are all rules, as they were at the last look.
    Iptables {
        iptables: Iptables,
        last: String,
    },
}

impl Firewall {
    pub(crate) fn open() -> Result<Self> {
        match Nftables::open()? {
            Some(nftables) => Ok(Self::Nftables {
                nftables,
                generation: 0,
            }),
            None => Ok(Self::Iptables {
                iptables: Iptables::any().ok_or(Error::NoFirewall)?,
                last: String::new(),
            }),
        }
    }

    /// Whether frames that come out of containers are checked one by one.
    pub(crate) fn filters_frames(&self) -> bool {
        matches!(self, Self::Nftables { .. })
    }

    /// Writes all rules, whatever stands there.
    pub(crate) fn ensure(&mut self, plan: &Plan<'_>) -> Result<()> {
        match self {
            Self::Nftables {
                nftables,
                generation,
            } => {
                nftables.replace(&tables(plan))?;
                remove_stale(nftables, plan)?;
                *generation = nftables.generation()?;
                Ok(())
            }
            Self::Iptables { iptables, .. } => iptables.ensure(&rules::all(plan)),
        }
    }

    /// Whether the rules of others, or ours, may have changed since the last look; costs one short message, or three
    /// calls of iptables.
    pub(crate) fn has_changed(&mut self) -> Result<bool> {
        match self {
            Self::Nftables {
                nftables,
                generation,
            } => {
                let last = std::mem::replace(generation, nftables.generation()?);
                Ok(last != *generation)
            }
            Self::Iptables { iptables, last } => {
                let now = iptables.listed()?;
                let before = std::mem::replace(last, now);
                Ok(before != *last)
            }
        }
    }

    /// Whether this instance's rules stand. Another program's "flush ruleset" removes the tables whole, "flush table"
    /// their rules.
    pub(crate) fn is_intact(&mut self, plan: &Plan<'_>) -> Result<bool> {
        let nftables = match self {
            Self::Nftables { nftables, .. } => nftables,
            Self::Iptables { iptables, .. } => return iptables.are_present(&rules::all(plan)),
        };
        for table in tables(plan) {
            let rules = table.chains.iter().map(|chain| chain.rules.len()).sum();
            if nftables.rule_count(table.family, &table.name)? != Some(rules) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets containers send, or keeps them from it, and changes published ports: all of it or nothing. Fails with a
    /// missing element (`Error::is_missing`) where a stranger has removed rules: then `ensure` puts things right.
    pub(crate) fn update(&mut self, table: &str, update: &Update) -> Result<()> {
        match self {
            Self::Nftables {
                nftables,
                generation,
            } => {
                let changes = changes(update);
                if changes.is_empty() {
                    return Ok(());
                }
                nftables.change(table, &changes)?;
                *generation = next(*generation);
                Ok(())
            }
            Self::Iptables { iptables, .. } => {
                iptables.remove(&rules::ports(&update.withdraw))?;
                iptables.ensure(&rules::ports(&update.publish))
            }
        }
    }

    pub(crate) fn remove(&mut self, plan: &Plan<'_>) -> Result<()> {
        match self {
            Self::Nftables { nftables, .. } => {
                let table = plan.names.table.as_str();
                for family in [Family::Ipv4, Family::Ipv6, Family::Bridge] {
                    if nftables.has_table(family, table)? {
                        nftables.delete(&[(family, table)])?;
                    }
                }
                Ok(())
            }
            Self::Iptables { iptables, .. } => iptables.remove(&rules::all(plan)),
        }
    }
}

/// A kernel may be without IPv6: its table is there only for networks that have it.
fn tables(plan: &Plan<'_>) -> Vec<Table> {
    let routed = plan.families().map(|family| routed::table(plan, family));
    routed.chain([bridged::table(plan)]).collect()
}

fn remove_stale(nftables: &mut Nftables, plan: &Plan<'_>) -> Result<()> {
    let table = plan.names.table.as_str();
    for family in [Family::Ipv4, Family::Ipv6] {
        let is_needed = plan.families().any(|it| Family::from(it) == family);
        if !is_needed && nftables.has_table(family, table)? {
            nftables.delete(&[(family, table)])?;
        }
    }
    Ok(())
}

fn changes(update: &Update) -> Vec<Change> {
    let mut changes = Vec::new();
    let sides = [
        (false, &update.revoke, &update.withdraw),
        (true, &update.admit, &update.publish),
    ];
    for (add, members, ports) in sides {
        let sets = bridged::sets(members).into_iter();
        let sets = sets.chain(crate::IpFamily::ALL.into_iter().flat_map(|family| {
            let sets = routed::sets(family, members, ports);
            sets.map(move |set| (Family::from(family), set))
        }));
        let filled = sets.filter(|(_, set)| !set.elements.is_empty());
        changes.extend(filled.map(|(family, set)| Change {
            family,
            set: set.name,
            add,
            elements: set.elements,
        }));
    }
    changes
}

/// The kernel's generation skips zero.
fn next(generation: u32) -> u32 {
    generation.checked_add(1).unwrap_or(1)
}
