use std::collections::BTreeMap;

use crate::abi::Abi;

/// What a filter answers: the kernel's `SECCOMP_RET_*`, with its data in the low 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Action(pub(crate) u32);

impl Action {
    pub(crate) const ALLOW: Action = Action(0x7fff_0000);
    pub(crate) const LOG: Action = Action(0x7ffc_0000);
    pub(crate) const KILL_THREAD: Action = Action(0);
    pub(crate) const KILL_PROCESS: Action = Action(0x8000_0000);
    pub(crate) const TRAP: Action = Action(0x0003_0000);

    pub(crate) const fn errno(errno: u16) -> Action {
        Action(0x0005_0000 | errno as u32)
    }

    pub(crate) const fn trace(data: u16) -> Action {
        Action(0x7ff0_0000 | data as u32)
    }

    /// The call goes on, or a tracer decides about it.
    fn lets_through(self) -> bool {
        matches!(
            self.0 & 0xffff_0000,
            0x7fff_0000 | 0x7ffc_0000 | 0x7ff0_0000
        )
    }
}

/// One comparison of an argument, 64 bits and unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Condition {
    /// 0 to 5.
    pub(crate) argument: u8,
    pub(crate) test: Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Equal(u64),
    NotEqual(u64),
    Less(u64),
    LessOrEqual(u64),
    Greater(u64),
    GreaterOrEqual(u64),
    MaskedEqual { mask: u64, value: u64 },
}

/// An action for some calls. With conditions, when all of them hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) names: Vec<String>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) action: Action,
}

/// What a filter shall do, by names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) default: Action,
    pub(crate) abis: Vec<Abi>,
    pub(crate) rules: Vec<Rule>,
    /// SECCOMP_FILTER_FLAG_*.
    pub(crate) flags: u32,
}

/// What a filter shall do about one call: the first alternative whose conditions all hold, else `otherwise`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) alternatives: Vec<(Vec<Condition>, Action)>,
    pub(crate) otherwise: Action,
}

/// A policy in the numbers of one ABI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) calls: BTreeMap<u32, Decision>,
    /// For numbers that no rule is about.
    pub(crate) default: Action,
    /// For numbers above all that rules are about.
    pub(crate) newer: Action,
}

impl Policy {
    /// Names that the ABI does not have are passed over. As with libseccomp, which Docker's profiles are written for:
    /// a rule that repeats the default action is void, and a rule without conditions beats those with.
    ///
    /// Calls newer than the policy get ENOSYS where the default denies, as with runc: a libc then falls back on an
    /// older call, which it does not after EPERM.
    pub(crate) fn table(&self, abi: Abi) -> Table {
        let mut calls: BTreeMap<u32, Decision> = BTreeMap::new();
        let mut newest = None;
        for rule in &self.rules {
            for number in rule.names.iter().filter_map(|name| abi.number(name)) {
                newest = newest.max(Some(number));
                if rule.action != self.default {
                    self.add(&mut calls, number, rule);
                }
            }
        }
        const ENOSYS: u16 = libc::ENOSYS as u16;
        let deny_newer = newest.is_some() && !self.default.lets_through();
        let newer = if deny_newer {
            Action::errno(ENOSYS)
        } else {
            self.default
        };
        // Without an entry for the newest the tree would not know where "newer" begins.
        if let Some(newest) = newest {
            calls.entry(newest).or_insert_with(|| self.undecided());
        }
        Table {
            calls,
            default: self.default,
            newer,
        }
    }

    fn undecided(&self) -> Decision {
        Decision {
            alternatives: Vec::new(),
            otherwise: self.default,
        }
    }

    fn add(&self, calls: &mut BTreeMap<u32, Decision>, number: u32, rule: &Rule) {
        let decision = calls.entry(number).or_insert_with(|| self.undecided());
        if decision.otherwise != self.default {
            return;
        }
        if rule.conditions.is_empty() {
            *decision = Decision {
                alternatives: Vec::new(),
                otherwise: rule.action,
            };
        } else {
            decision
                .alternatives
                .push((rule.conditions.clone(), rule.action));
        }
    }
}
