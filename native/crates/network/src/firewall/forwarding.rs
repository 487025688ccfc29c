//! IPv4 forwarding, without making a router of a machine that was none.
//!
//! Answers from outside arrive on whatever interface leads there, so forwarding is switched on as a whole
//! (net.ipv4.ip_forward), as Docker does. Docker then sets the FORWARD policy to DROP. Here the guard table does that
//! work: interfaces that were there before, and physical ones that come later, start no new forwarded connection
//! unless it was rewritten to a forwarded port. Virtual links that others bring later (bridges, VPNs) are theirs to
//! guard. The guard serves all instances and stands as long as the forwarding that one of them switched on.

use std::collections::BTreeSet;
use std::fs;

use serde::{Deserialize, Serialize};

use super::Firewall;
use crate::instance::is_bridge;
use crate::nftables::{
    Chain, ChainKind, Condition, Family, Hook, KeyType, Member, Rule, Set, Table, Verdict,
};
use crate::route::Link;
use crate::state::{StateFile, boot_id};
use crate::{Error, Result};

const IP_FORWARD: &str = "/proc/sys/net/ipv4/ip_forward";
const GUARD: &str = "longshore-guard";
const GUARDED: &str = "guarded";

/// After the instances' own chains.
const PRIORITY: i32 = 10;

/// What was found when forwarding was switched on; void after a reboot.
#[derive(Debug, Serialize, Deserialize)]
struct SwitchedOn {
    boot_id: String,
    guarded: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct Forwarding {
    file: StateFile,
}

impl Forwarding {
    pub(crate) fn new(file: StateFile) -> Self {
        Self { file }
    }

    /// Switches forwarding on behind the guard, or puts the guard back where it was lost.
    pub(crate) fn ensure(&self, firewall: &mut Firewall, links: &[Link]) -> Result<()> {
        let boot_id = boot_id()?;
        if is_on()? {
            return match self.switched_on(&boot_id)? {
                Some(found) => guard(firewall, &found.guarded),
                None => Ok(()),
            };
        }
        let foreign = links
            .iter()
            .filter(|link| link.name != "lo" && !is_bridge(&link.name));
        let guarded = foreign.map(|link| link.name.clone()).collect();
        let found = SwitchedOn { boot_id, guarded };
        self.file.write(&found)?;
        guard(firewall, &found.guarded)?;
        switch("1")
    }

    /// Switches forwarding off again if it was switched on by us and no link that came later may need it. With such
    /// a link both forwarding and guard stay until the next boot.
    pub(crate) fn restore(&self, firewall: &mut Firewall, links: &[Link]) -> Result<()> {
        let Some(found) = self.switched_on(&boot_id()?)? else {
            return self.file.remove();
        };
        if links
            .iter()
            .any(|link| link.kind.is_some() && !found.guarded.contains(&link.name))
        {
            return Ok(());
        }
        switch("0")?;
        unguard(firewall)?;
        self.file.remove()
    }

    fn switched_on(&self, boot_id: &str) -> Result<Option<SwitchedOn>> {
        let remembered: Option<SwitchedOn> = self.file.read()?;
        Ok(remembered.filter(|found| found.boot_id == boot_id))
    }
}

fn guard(firewall: &mut Firewall, guarded: &BTreeSet<String>) -> Result<()> {
    match firewall {
        Firewall::Nftables { nftables, .. } => nftables.replace(&[guard_table(guarded)]),
        Firewall::Iptables(iptables) => iptables.set_policy("FORWARD", "DROP"),
    }
}

fn unguard(firewall: &mut Firewall) -> Result<()> {
    match firewall {
        Firewall::Nftables { nftables, .. } => nftables.delete(&[(Family::Ipv4, GUARD)]),
        Firewall::Iptables(iptables) => iptables.set_policy("FORWARD", "ACCEPT"),
    }
}

fn guard_table(guarded: &BTreeSet<String>) -> Table {
    let rules = vec![
        Rule::new([Condition::Established], Verdict::Accept),
        Rule::new([Condition::DestinationTranslated], Verdict::Accept),
        Rule::new([Condition::InputLinkIn { set: GUARDED }], Verdict::Drop),
        Rule::new([Condition::InputLinkVirtual], Verdict::Accept),
        Rule::new([], Verdict::Drop),
    ];
    Table {
        family: Family::Ipv4,
        name: GUARD.to_owned(),
        sets: vec![Set {
            name: GUARDED,
            key: KeyType::LinkName,
            members: guarded.iter().cloned().map(Member::Link).collect(),
        }],
        chains: vec![Chain {
            name: "forward",
            kind: ChainKind::Filter,
            hook: Hook::Forward,
            priority: PRIORITY,
            rules,
        }],
    }
}

fn is_on() -> Result<bool> {
    let text = fs::read_to_string(IP_FORWARD).map_err(|source| failed("read", source))?;
    Ok(text.trim() != "0")
}

fn switch(value: &str) -> Result<()> {
    fs::write(IP_FORWARD, value).map_err(|source| failed("write", source))
}

fn failed(step: &'static str, source: std::io::Error) -> Error {
    Error::File {
        step,
        path: IP_FORWARD.into(),
        source,
    }
}
