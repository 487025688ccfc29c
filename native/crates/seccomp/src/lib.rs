//! Seccomp filters: Docker's default profile and OCI `linux.seccomp`, compiled to classic BPF.

use oci_spec::runtime::LinuxSeccomp;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("seccomp: {what} is not supported")]
    Unsupported { what: String },
    #[error("seccomp: {what} is not valid")]
    Invalid { what: String },
    #[error("loading the seccomp filter: {0}")]
    Load(std::io::Error),
}
pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arch {
    X86_64,
    Aarch64,
}

impl Arch {
    /// The architecture that this program was built for; None where no default profile exists.
    pub const fn native() -> Option<Arch> {
        if cfg!(target_arch = "x86_64") {
            Some(Arch::X86_64)
        } else if cfg!(target_arch = "aarch64") {
            Some(Arch::Aarch64)
        } else {
            None
        }
    }
}

/// Capabilities as the kernel numbers them: bit 21 is CAP_SYS_ADMIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Capabilities(pub u64);

/// Major and minor release, for profile rules that depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KernelVersion(pub u32, pub u32);

/// One classic BPF instruction, laid out as the kernel's `struct sock_filter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Instruction {
    pub code: u16,
    pub jt: u8,
    pub jf: u8,
    pub k: u32,
}

/// A compiled filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    program: Vec<Instruction>,
    flags: u32,
}

impl Filter {
    pub fn program(&self) -> &[Instruction] {
        &self.program
    }
    /// SECCOMP_FILTER_FLAG_* for seccomp(2).
    pub fn flags(&self) -> u32 {
        self.flags
    }
}

/// Docker's default profile for a container with these capabilities in its bounding set.
pub fn default_profile(
    _arch: Arch,
    _capabilities: Capabilities,
    _kernel: KernelVersion,
) -> Result<Filter> {
    Err(Error::Unsupported {
        what: "the default profile".into(),
    })
}

pub fn from_oci(_seccomp: &LinuxSeccomp) -> Result<Filter> {
    Err(Error::Unsupported {
        what: "linux.seccomp".into(),
    })
}

/// Installs the filter in the calling thread. Needs no_new_privs or CAP_SYS_ADMIN in the user namespace.
pub fn load(_filter: &Filter) -> Result<()> {
    Err(Error::Unsupported {
        what: "loading".into(),
    })
}
