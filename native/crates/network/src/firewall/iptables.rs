use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::{Error, Result};

/// The agent's PATH may be empty or not to be trusted.
const FOLDERS: [&str; 5] = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"];

/// How long to wait for another program's lock, in seconds.
const LOCK_WAIT: &str = "10";

/// One of the iptables programs. Each call is a process of some milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct Iptables {
    program: PathBuf,
}

/// A rule as iptables takes it: table, chain, and the words that follow "-A chain".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IptablesRule {
    pub(super) table: &'static str,
    pub(super) chain: &'static str,
    pub(super) words: Vec<String>,
}

impl IptablesRule {
    pub(super) fn new(table: &'static str, chain: &'static str, words: &str) -> Self {
        Self {
            table,
            chain,
            words: words.split(' ').map(str::to_owned).collect(),
        }
    }
}

impl Iptables {
    /// Whichever works with the kernel at hand.
    pub(super) fn any() -> Option<Self> {
        let found = ["iptables", "iptables-nft", "iptables-legacy"]
            .into_iter()
            .filter_map(Self::named);
        found
            .into_iter()
            .find(|iptables| iptables.run(&["-S", "FORWARD"]).is_ok())
    }

    pub(super) fn named(program: &str) -> Option<Self> {
        let paths = FOLDERS.iter().map(|folder| Path::new(folder).join(program));
        paths
            .into_iter()
            .find(|path| path.is_file())
            .map(|program| Self { program })
    }

    /// The rules of all tables that ours are in.
    pub(super) fn listed(&self) -> Result<String> {
        let tables = ["raw", "nat", "filter"].into_iter();
        tables.map(|table| self.run(&["-t", table, "-S"])).collect()
    }

    /// Puts the rules at the head of their chains in this order, unless all are there already.
    pub(super) fn ensure(&self, rules: &[IptablesRule]) -> Result<()> {
        if self.are_present(rules)? {
            return Ok(());
        }
        self.remove(rules)?;
        for rule in rules.iter().rev() {
            self.run(&self.words("-I", rule))?;
        }
        Ok(())
    }

    pub(super) fn are_present(&self, rules: &[IptablesRule]) -> Result<bool> {
        for rule in rules {
            if !self.is_present(rule)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn remove(&self, rules: &[IptablesRule]) -> Result<()> {
        for rule in rules {
            if self.is_present(rule)? {
                self.run(&self.words("-D", rule))?;
            }
        }
        Ok(())
    }

    pub(super) fn has_chain(&self, chain: &str) -> Result<bool> {
        Ok(self.output(&["-S", chain])?.status.success())
    }

    /// Whether a chain that comes with iptables drops what no rule decided.
    pub(super) fn drops_by_policy(&self, chain: &str) -> Result<bool> {
        let listed = self.run(&["-S", chain])?;
        Ok(listed
            .lines()
            .any(|line| line == format!("-P {chain} DROP")))
    }

    pub(super) fn set_policy(&self, chain: &str, policy: &str) -> Result<()> {
        self.run(&["-P", chain, policy]).map(drop)
    }

    /// The lines of `-S` for a chain of the table filter; `None` where there is no such chain.
    pub(super) fn rules_of(&self, chain: &str) -> Result<Option<Vec<String>>> {
        let listed = self.output(&["-S", chain])?;
        let text = String::from_utf8_lossy(&listed.stdout);
        let lines = text.lines().map(str::to_owned).collect();
        Ok(listed.status.success().then_some(lines))
    }

    /// Makes a chain of the table filter that has these rules and no others.
    pub(super) fn replace_chain(&self, chain: &str, rules: &[IptablesRule]) -> Result<()> {
        let action = if self.has_chain(chain)? { "-F" } else { "-N" };
        self.run(&[action, chain])?;
        for rule in rules {
            self.run(&self.words("-A", rule))?;
        }
        Ok(())
    }

    pub(super) fn delete_chain(&self, chain: &str) -> Result<()> {
        if self.has_chain(chain)? {
            self.run(&["-F", chain])?;
            self.run(&["-X", chain])?;
        }
        Ok(())
    }

    fn is_present(&self, rule: &IptablesRule) -> Result<bool> {
        Ok(self.output(&self.words("-C", rule))?.status.success())
    }

    fn words<'a>(&self, action: &'a str, rule: &'a IptablesRule) -> Vec<&'a str> {
        let mut words = vec!["-t", rule.table, action, rule.chain];
        words.extend(rule.words.iter().map(String::as_str));
        words
    }

    fn run(&self, words: &[&str]) -> Result<String> {
        let output = self.output(words)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::Iptables {
            command: format!("{} {}", self.program.display(), words.join(" ")),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    fn output(&self, words: &[&str]) -> Result<Output> {
        let mut command = Command::new(&self.program);
        command
            .args(["-w", LOCK_WAIT])
            .args(words)
            .stdin(Stdio::null());
        command.output().map_err(|source| Error::System {
            step: "run iptables",
            source,
        })
    }
}
