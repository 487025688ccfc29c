use longshore_sys::seccomp;
use serde::{Deserialize, Serialize};

/// The command of a container, or of an exec in it, and the rights it runs with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessPlan {
    /// At least one; the first is looked up in the `PATH` of `env` unless it has a slash.
    pub args: Vec<String>,
    /// "NAME=value". `HOME` is added from the user's entry in /etc/passwd when it is missing.
    pub env: Vec<String>,
    /// Absolute. A container's is made when missing, owned by the user; an exec's must be there.
    pub cwd: String,
    pub user: UserPlan,
    /// What root gets; any other user keeps no more than the bounding and the ambient set.
    pub capabilities: Capabilities,
    pub no_new_privileges: bool,
    pub seccomp: Option<SeccompFilter>,
    /// The profile that the command runs under from exec on. None: as the agent.
    pub apparmor_profile: Option<String>,
    /// Demands: one that the host refuses is an error.
    pub rlimits: Vec<Rlimit>,
    /// Wishes: cut down to the host's hard limits. Skipped for a resource in `rlimits`.
    pub default_rlimits: Vec<Rlimit>,
    pub oom_score_adj: Option<i32>,
    pub umask: u32,
    /// The first size of the terminal, when there is one.
    pub terminal_size: Option<TerminalSize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserPlan {
    /// As in an image config: "", "name", "uid", "name:group", "uid:gid"; resolved in the rootfs.
    /// `additional_groups` are names or gids, besides those that /etc/group gives the user.
    Named {
        user: String,
        additional_groups: Vec<String>,
    },
    /// As in an OCI runtime spec; nothing is looked up but the home directory.
    Numeric {
        uid: u32,
        gid: u32,
        additional_gids: Vec<u32>,
    },
}

/// Sets of capabilities as the kernel numbers them: bit 21 is CAP_SYS_ADMIN.
///
/// There is no inheritable set of its own: it is always equal to the ambient one, which needs it (CVE-2022-24769).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capabilities {
    pub bounding: u64,
    pub effective: u64,
    pub permitted: u64,
    pub ambient: u64,
}

impl Capabilities {
    /// All that the calling process could hand on: what `--privileged` gets.
    ///
    /// # Errors
    /// The errno of prctl(2).
    pub fn all_of_host() -> longshore_sys::Result<Capabilities> {
        let bounding = crate::credentials::host_bounding_set()?;
        Ok(Capabilities {
            bounding,
            effective: bounding,
            permitted: bounding,
            ambient: 0,
        })
    }
}

/// A compiled filter and the `SECCOMP_FILTER_FLAG_*` to load it with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeccompFilter {
    /// code, jt, jf and k of each instruction, from the lowest bits up.
    program: Vec<u64>,
    flags: u32,
}

impl SeccompFilter {
    #[must_use]
    pub fn new(program: impl IntoIterator<Item = seccomp::Instruction>, flags: u32) -> Self {
        let pack = |it: seccomp::Instruction| {
            u64::from(it.code)
                | u64::from(it.jt) << 16
                | u64::from(it.jf) << 24
                | u64::from(it.k) << 32
        };
        SeccompFilter {
            program: program.into_iter().map(pack).collect(),
            flags,
        }
    }

    pub(crate) fn program(&self) -> Vec<seccomp::Instruction> {
        let unpack = |packed: &u64| seccomp::Instruction {
            code: *packed as u16,
            jt: (packed >> 16) as u8,
            jf: (packed >> 24) as u8,
            k: (packed >> 32) as u32,
        };
        self.program.iter().map(unpack).collect()
    }

    pub(crate) fn flags(&self) -> u32 {
        self.flags
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rlimit {
    pub resource: RlimitResource,
    /// `u64::MAX` is no limit.
    pub soft: u64,
    pub hard: u64,
}

/// The kernel's resources, named as in OCI without "RLIMIT_".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RlimitResource {
    As,
    Core,
    Cpu,
    Data,
    Fsize,
    Locks,
    Memlock,
    Msgqueue,
    Nice,
    Nofile,
    Nproc,
    Rss,
    Rtprio,
    Rttime,
    Sigpending,
    Stack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_its_packing() {
        let instruction = seccomp::Instruction {
            code: 0x15,
            jt: 3,
            jf: 255,
            k: 0xc000_003e,
        };
        let filter = SeccompFilter::new([instruction], 0);
        let [back] = <[_; 1]>::try_from(filter.program()).unwrap();
        let fields = |it: seccomp::Instruction| (it.code, it.jt, it.jf, it.k);
        assert_eq!(fields(back), fields(instruction));
    }
}
