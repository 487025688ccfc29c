//! Other programs' rules that would drop what containers send: a FORWARD chain whose policy is DROP.
//!
//! dockerd sets that policy when it turns forwarding on, and ufw does by default. An accept in our own table cannot
//! outweigh it, so accepting rules go where it is decided: into DOCKER-USER, which dockerd keeps for others and never
//! flushes, or else into FORWARD itself.

use std::fs;

use super::iptables::{Iptables, IptablesRule};
use super::{Firewall, rules};
use crate::nftables::Family;
use crate::{Error, IpFamily, Result};

const FORWARD: &str = "FORWARD";
const DOCKER_USER: &str = "DOCKER-USER";

#[derive(Debug)]
pub(crate) struct ForwardPolicy<'a> {
    pub(crate) family: IpFamily,
    pub(crate) bridges: &'a [String],
}

impl ForwardPolicy<'_> {
    /// Makes sure that the containers' traffic is accepted, whichever kind of iptables the others use.
    pub(crate) fn ensure(&self, firewall: &mut Firewall) -> Result<()> {
        for (iptables, chain) in obstacles(firewall, self.family)? {
            iptables.ensure(&self.rules(chain))?;
        }
        Ok(())
    }

    pub(crate) fn remove(&self, firewall: &mut Firewall) -> Result<()> {
        for (iptables, chain) in obstacles(firewall, self.family)? {
            iptables.remove(&self.rules(chain))?;
        }
        Ok(())
    }

    fn rules(&self, chain: &'static str) -> Vec<IptablesRule> {
        let rule = |words: &str| IptablesRule::new("filter", chain, words);
        let of_bridge = |bridge: &String| {
            let mut rules = Vec::new();
            if chain == DOCKER_USER {
                // Whether Docker's own containers may be reached is for Docker's rules to say.
                rules.push(rule(&format!("-i {bridge} -o docker0 -j RETURN")));
                rules.push(rule(&format!("-i {bridge} -o br-+ -j RETURN")));
            }
            rules.push(rule(&format!("-i {bridge} -j ACCEPT")));
            rules.push(rule(&rules::answers(bridge)));
            rules.push(rule(&rules::redirected(bridge)));
            rules
        };
        self.bridges.iter().flat_map(of_bridge).collect()
    }
}

/// The programs whose FORWARD chain needs our rules, with the chain they belong into.
fn obstacles(firewall: &mut Firewall, family: IpFamily) -> Result<Vec<(Iptables, &'static str)>> {
    let program = program(family);
    let mut found = Vec::new();
    if let Firewall::Nftables { nftables, .. } = firewall {
        let mut policy = |chain| nftables.chain_policy(Family::from(family), "filter", chain);
        let docker = policy(DOCKER_USER)?.is_some();
        let drops = policy(FORWARD)?.flatten() == Some(libc::NF_DROP as u32);
        if docker || drops {
            found.push((
                required(program, "-nft")?,
                if docker { DOCKER_USER } else { FORWARD },
            ));
        }
    }
    let tables = fs::read_to_string(legacy_tables(family)).unwrap_or_default();
    if tables.lines().any(|table| table == "filter") {
        let iptables = required(program, "-legacy")?;
        if iptables.has_chain(DOCKER_USER)? {
            found.push((iptables, DOCKER_USER));
        } else if iptables.drops_by_policy(FORWARD)? {
            found.push((iptables, FORWARD));
        }
    }
    Ok(found)
}

fn program(family: IpFamily) -> &'static str {
    match family {
        IpFamily::V4 => "iptables",
        IpFamily::V6 => "ip6tables",
    }
}

/// Names the tables of iptables-legacy that are in use in this network namespace. Asking the program instead would
/// make them.
fn legacy_tables(family: IpFamily) -> &'static str {
    match family {
        IpFamily::V4 => "/proc/thread-self/net/ip_tables_names",
        IpFamily::V6 => "/proc/thread-self/net/ip6_tables_names",
    }
}

/// The program of this kind; distributions with only one kind have it under its plain name.
fn required(program: &str, kind: &str) -> Result<Iptables> {
    let named = format!("{program}{kind}");
    let found = Iptables::named(&named).or_else(|| Iptables::named(program));
    found.ok_or_else(|| Error::Iptables {
        command: named,
        message: "needed for the FORWARD chain's policy DROP, but not installed".to_owned(),
    })
}
