use std::str::FromStr as _;

use syscalls::{aarch64, arm, x86, x86_64};

/// An architecture that containers run on, with its default profile.
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

    /// All ways in which its programs may make system calls.
    pub(crate) fn abis(self) -> &'static [Abi] {
        match self {
            Arch::X86_64 => &[Abi::X86_64, Abi::X86, Abi::X32],
            Arch::Aarch64 => &[Abi::Aarch64, Abi::Arm],
        }
    }
}

/// A set of system call numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Abi {
    X86_64,
    /// 32-bit pointers on x86_64: told from [`Abi::X86_64`] by a bit in the number alone.
    X32,
    X86,
    Aarch64,
    Arm,
}

/// `__X32_SYSCALL_BIT`.
pub(crate) const X32_BIT: u32 = 0x4000_0000;

impl Abi {
    /// `AUDIT_ARCH_*` in `linux/audit.h`.
    pub(crate) fn audit_arch(self) -> u32 {
        match self {
            Abi::X86_64 | Abi::X32 => 0xc000_003e,
            Abi::X86 => 0x4000_0003,
            Abi::Aarch64 => 0xc000_00b7,
            Abi::Arm => 0x4000_0028,
        }
    }

    /// None when the ABI has no such call.
    pub(crate) fn number(self, name: &str) -> Option<u32> {
        let id = match self {
            Abi::X86_64 => x86_64::Sysno::from_str(name).ok()?.id(),
            Abi::X32 => return x32_number(name),
            Abi::X86 => x86::Sysno::from_str(name).ok()?.id(),
            Abi::Aarch64 => aarch64::Sysno::from_str(name).ok()?.id(),
            Abi::Arm => return arm_number(name),
        };
        u32::try_from(id).ok()
    }
}

/// Calls that x32 has under numbers of its own, from 512 on: `arch/x86/entry/syscalls/syscall_64.tbl`.
const X32_OWN: &str = "
    rt_sigaction rt_sigreturn ioctl readv writev recvfrom sendmsg recvmsg execve ptrace rt_sigpending
    rt_sigtimedwait rt_sigqueueinfo sigaltstack timer_create mq_notify kexec_load waitid
    set_robust_list get_robust_list vmsplice move_pages preadv pwritev rt_tgsigqueueinfo recvmmsg
    sendmmsg process_vm_readv process_vm_writev setsockopt getsockopt io_setup io_submit execveat
    preadv2 pwritev2";

fn x32_number(name: &str) -> Option<u32> {
    let own = X32_OWN.split_whitespace().position(|one| one == name);
    let number = match own {
        Some(index) => 512 + u32::try_from(index).ok()?,
        None => Abi::X86_64.number(name)?,
    };
    Some(number | X32_BIT)
}

/// The calls of 32-bit ARM that its table leaves out (`__ARM_NR_BASE` in `asm/unistd.h`), and a second name.
fn arm_number(name: &str) -> Option<u32> {
    match name {
        "breakpoint" => Some(0xf_0001),
        "cacheflush" => Some(0xf_0002),
        "set_tls" => Some(0xf_0005),
        "sync_file_range2" => Abi::Arm.number("arm_sync_file_range"),
        _ => u32::try_from(arm::Sysno::from_str(name).ok()?.id()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_kernel() {
        assert_eq!(Abi::X86_64.number("openat"), Some(257));
        assert_eq!(Abi::X86.number("socketcall"), Some(102));
        assert_eq!(Abi::X32.number("openat"), Some(X32_BIT | 257));
        assert_eq!(Abi::X32.number("rt_sigaction"), Some(X32_BIT | 512));
        assert_eq!(Abi::X32.number("execveat"), Some(X32_BIT | 545));
        assert_eq!(Abi::X32.number("pwritev2"), Some(X32_BIT | 547));
        assert_eq!(Abi::Aarch64.number("openat"), Some(56));
        assert_eq!(Abi::Arm.number("sync_file_range2"), Some(341));
        assert_eq!(Abi::Aarch64.number("open"), None);
    }
}
