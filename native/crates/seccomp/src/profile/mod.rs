mod syscalls;

use crate::abi::Arch;
use crate::compile::compile;
use crate::error::Result;
use crate::filter::{FLAG_SPEC_ALLOW, Filter};
use crate::policy::{Action, Condition, Policy, Rule};

/// Capabilities as the kernel numbers them: bit 21 is CAP_SYS_ADMIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Capabilities(pub u64);

impl Capabilities {
    fn has(self, number: u8) -> bool {
        self.0 >> number & 1 == 1
    }
}

/// Major and minor release, for rules of the profile that depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KernelVersion(pub u32, pub u32);

/// Some calls of the default profile. `names` are separated by white space.
struct Group {
    names: &'static str,
    condition: Option<Condition>,
    action: Action,
    when: When,
}

enum When {
    Always,
    Capability(u8),
    NoCapability(u8),
    /// On this architecture, for all of its ABIs.
    Arch(Arch),
    /// From this release on.
    Kernel(u32, u32),
}

/// Docker's default profile for a container with these capabilities in its bounding set.
pub fn default_profile(
    arch: Arch,
    capabilities: Capabilities,
    kernel: KernelVersion,
) -> Result<Filter> {
    compile(&default_policy(arch, capabilities, kernel))
}

pub(crate) fn default_policy(
    arch: Arch,
    capabilities: Capabilities,
    kernel: KernelVersion,
) -> Policy {
    let applies = |when: &When| match *when {
        When::Always => true,
        When::Capability(number) => capabilities.has(number),
        When::NoCapability(number) => !capabilities.has(number),
        When::Arch(wanted) => arch == wanted,
        When::Kernel(major, minor) => kernel >= KernelVersion(major, minor),
    };
    let rule = |names: &str, condition: Option<Condition>, action| Rule {
        names: names.split_whitespace().map(str::to_owned).collect(),
        conditions: condition.into_iter().collect(),
        action,
    };
    let mut rules = vec![rule(syscalls::ALLOWED, None, Action::ALLOW)];
    rules.extend(
        syscalls::GROUPS
            .iter()
            .filter(|group| applies(&group.when))
            .map(|group| rule(group.names, group.condition, group.action)),
    );
    Policy {
        default: Action::errno(libc::EPERM as u16),
        abis: arch.abis().to_vec(),
        rules,
        flags: FLAG_SPEC_ALLOW,
    }
}

#[cfg(test)]
mod tests;
