//! Other programs' rules that would drop what containers send: a FORWARD chain whose policy is DROP.
//!
//! dockerd sets that policy when it turns forwarding on, and ufw does by default. An accept in our own table cannot
//! outweigh it, so accepting rules go where it is decided: into DOCKER-USER, which dockerd keeps for others and never
//! flushes, or else into FORWARD itself.

use std::fs;

use super::iptables::{Iptables, IptablesRule};
use super::{Firewall, rules};
use crate::nftables::Family;
use crate::{Error, Result};

const FORWARD: &str = "FORWARD";
const DOCKER_USER: &str = "DOCKER-USER";

/// Names the tables of iptables-legacy that are in use in this network namespace. Asking the program instead would
/// make them.
const LEGACY_TABLES: &str = "/proc/thread-self/net/ip_tables_names";

#[derive(Debug)]
pub(crate) struct ForwardPolicy<'a> {
    pub(crate) bridge: &'a str,
}

impl ForwardPolicy<'_> {
    /// Makes sure that the containers' traffic is accepted, whichever kind of iptables the others use.
    pub(crate) fn ensure(&self, firewall: &mut Firewall) -> Result<()> {
        for (iptables, chain) in obstacles(firewall)? {
            iptables.ensure(&self.rules(chain))?;
        }
        Ok(())
    }

    pub(crate) fn remove(&self, firewall: &mut Firewall) -> Result<()> {
        for (iptables, chain) in obstacles(firewall)? {
            iptables.remove(&self.rules(chain))?;
        }
        Ok(())
    }

    fn rules(&self, chain: &'static str) -> Vec<IptablesRule> {
        let bridge = self.bridge;
        let rule = |words: &str| IptablesRule::new("filter", chain, words);
        let mut rules = Vec::new();
        if chain == DOCKER_USER {
            // Whether Docker's own containers may be reached is for Docker's rules to say.
            rules.push(rule(&format!("-i {bridge} -o docker0 -j RETURN")));
            rules.push(rule(&format!("-i {bridge} -o br-+ -j RETURN")));
        }
        rules.push(rule(&format!("-i {bridge} -j ACCEPT")));
        rules.push(rule(&rules::answers(bridge)));
        rules
    }
}

/// The programs whose FORWARD chain needs our rules, with the chain they belong into.
fn obstacles(firewall: &mut Firewall) -> Result<Vec<(Iptables, &'static str)>> {
    let mut found = Vec::new();
    if let Firewall::Nftables { nftables, .. } = firewall {
        let mut policy = |chain| nftables.chain_policy(Family::Ipv4, "filter", chain);
        let docker = policy(DOCKER_USER)?.is_some();
        let drops = policy(FORWARD)?.flatten() == Some(libc::NF_DROP as u32);
        if docker || drops {
            found.push((
                required("iptables-nft")?,
                if docker { DOCKER_USER } else { FORWARD },
            ));
        }
    }
    let tables = fs::read_to_string(LEGACY_TABLES).unwrap_or_default();
    if tables.lines().any(|table| table == "filter") {
        let iptables = required("iptables-legacy")?;
        if iptables.has_chain(DOCKER_USER)? {
            found.push((iptables, DOCKER_USER));
        } else if iptables.drops_by_policy(FORWARD)? {
            found.push((iptables, FORWARD));
        }
    }
    Ok(found)
}

/// The program of this kind; distributions with only one kind call it plainly "iptables".
fn required(program: &str) -> Result<Iptables> {
    let found = Iptables::named(program).or_else(|| Iptables::named("iptables"));
    found.ok_or_else(|| Error::Iptables {
        command: program.to_owned(),
        message: "needed for the FORWARD chain's policy DROP, but not installed".to_owned(),
    })
}
