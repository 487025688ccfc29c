//! Seccomp filters, compiled once per host for the usual set of capabilities.

use longshore_isolation::plan::SeccompFilter;
use longshore_seccomp::{Arch, Capabilities, Filter, KernelVersion};
use longshore_sys::seccomp::Instruction;
use oci_spec::runtime::LinuxSeccomp;

use crate::failure::{Failure, FailureClass, Result};

/// Docker's default set of capabilities, as bits: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
/// net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap (moby, daemon/pkg/oci/caps/defaults.go).
const DOCKER_DEFAULT: u64 = (1 << 0)
    | (1 << 1)
    | (1 << 3)
    | (1 << 4)
    | (1 << 5)
    | (1 << 6)
    | (1 << 7)
    | (1 << 8)
    | (1 << 10)
    | (1 << 13)
    | (1 << 18)
    | (1 << 27)
    | (1 << 29)
    | (1 << 31);

pub(crate) struct SeccompProfiles {
    kernel: KernelVersion,
    usual: Option<SeccompFilter>,
}

impl SeccompProfiles {
    pub(crate) fn compile() -> Self {
        let mut profiles = SeccompProfiles {
            kernel: kernel_version(),
            usual: None,
        };
        // Where there is no profile for this machine, the start of a container says so.
        profiles.usual = profiles.default_for(DOCKER_DEFAULT).ok();
        profiles
    }

    /// Docker's default profile for a container that may have these capabilities.
    pub(crate) fn default_for(&self, capabilities: u64) -> Result<SeccompFilter> {
        if let (DOCKER_DEFAULT, Some(usual)) = (capabilities, &self.usual) {
            return Ok(usual.clone());
        }
        let Some(arch) = Arch::native() else {
            let message = "there is no default seccomp profile for this processor";
            return Err(
                Failure::new(FailureClass::NotImplemented, "seccomp", message)
                    .hint("use the profile \"unconfined\" or one of your own"),
            );
        };
        let filter =
            longshore_seccomp::default_profile(arch, Capabilities(capabilities), self.kernel)?;
        Ok(packed(&filter))
    }

    pub(crate) fn from_oci(seccomp: &LinuxSeccomp) -> Result<SeccompFilter> {
        Ok(packed(&longshore_seccomp::from_oci(seccomp)?))
    }
}

fn packed(filter: &Filter) -> SeccompFilter {
    let instruction = |it: &longshore_seccomp::Instruction| Instruction {
        code: it.code,
        jt: it.jt,
        jf: it.jf,
        k: it.k,
    };
    SeccompFilter::new(filter.program().iter().map(instruction), filter.flags())
}

/// Of "6.18.5-rc1" the 6 and the 18; an unreadable release counts as the oldest.
fn kernel_version() -> KernelVersion {
    let name = rustix::system::uname();
    let release = name.release().to_string_lossy();
    let mut numbers = release.split(|letter: char| !letter.is_ascii_digit());
    let mut next = || {
        numbers
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    };
    KernelVersion(next(), next())
}
