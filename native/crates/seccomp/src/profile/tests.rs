use std::collections::BTreeMap;

use super::*;
use crate::abi::{Abi, X32_BIT};
use crate::compile::interpreter::{Call, run};
use crate::policy::Test;

const NONE: Capabilities = Capabilities(0);
const SYS_ADMIN: Capabilities = Capabilities(1 << 21);
const KERNEL: KernelVersion = KernelVersion(6, 18);
const ALLOW: u32 = Action::ALLOW.0;
const EPERM: u32 = Action::errno(1).0;
const ENOSYS: u32 = Action::errno(38).0;

fn ask_on(arch: Arch, abi: Abi, capabilities: Capabilities, name: &str, first: u64) -> u32 {
    let filter = default_profile(arch, capabilities, KERNEL).unwrap();
    let call = Call {
        architecture: abi.audit_arch(),
        number: abi.number(name).unwrap(),
        arguments: [first, 0, 0, 0, 0, 0],
    };
    run(filter.program(), &call)
}

fn ask(capabilities: Capabilities, name: &str, first: u64) -> u32 {
    ask_on(Arch::X86_64, Abi::X86_64, capabilities, name, first)
}

/// The rules by the numbers that they are about.
fn by_number(policy: &Policy, abi: Abi) -> BTreeMap<u32, Vec<&Rule>> {
    let mut rules: BTreeMap<u32, Vec<&Rule>> = BTreeMap::new();
    for rule in &policy.rules {
        for number in rule.names.iter().filter_map(|name| abi.number(name)) {
            rules.entry(number).or_default().push(rule);
        }
    }
    rules
}

/// The profile read plainly, for a call with arguments of zero.
fn expected(rules: &BTreeMap<u32, Vec<&Rule>>, number: u32) -> u32 {
    if rules
        .last_key_value()
        .is_some_and(|(newest, _)| number > *newest)
    {
        return ENOSYS;
    }
    let holds = |rule: &&&Rule| match rule.conditions.first().map(|condition| condition.test) {
        None => true,
        Some(Test::Equal(value)) => value == 0,
        Some(Test::Less(value)) => value > 0,
        Some(Test::GreaterOrEqual(value)) => value == 0,
        Some(Test::MaskedEqual { value, .. }) => value == 0,
        Some(other) => panic!("the profile has no {other:?}"),
    };
    let about = rules.get(&number).into_iter().flatten();
    about
        .into_iter()
        .find(holds)
        .map_or(EPERM, |rule| rule.action.0)
}

#[test]
fn every_number_of_every_abi_is_decided_as_the_profile_reads() {
    let all = Capabilities(u64::MAX);
    for arch in [Arch::X86_64, Arch::Aarch64] {
        for capabilities in [NONE, SYS_ADMIN, Capabilities(0xa804_25fb), all] {
            let policy = default_policy(arch, capabilities, KERNEL);
            let filter = default_profile(arch, capabilities, KERNEL).unwrap();
            for &abi in arch.abis() {
                let rules = by_number(&policy, abi);
                let base = if abi == Abi::X32 { X32_BIT } else { 0 };
                for number in (0..600).chain([0xf_0001, 0xf_0002, 0xf_0003, 0xf_0005, 0xf_0006]) {
                    let number = base | number;
                    let call = Call {
                        architecture: abi.audit_arch(),
                        number,
                        arguments: [0; 6],
                    };
                    assert_eq!(
                        run(filter.program(), &call),
                        expected(&rules, number),
                        "{abi:?} {number:#x} with {capabilities:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_name_is_a_system_call_of_some_abi() {
    let abis = [Abi::X86_64, Abi::X86, Abi::Aarch64, Abi::Arm];
    let groups = syscalls::GROUPS.iter().map(|group| group.names);
    let names = groups
        .chain([syscalls::ALLOWED])
        .flat_map(str::split_whitespace);
    let unknown: Vec<_> = names
        .filter(|name| abis.iter().all(|abi| abi.number(name).is_none()))
        .collect();
    // Calls of riscv64 alone.
    assert_eq!(unknown, ["riscv_hwprobe"]);
}

#[test]
fn namespaces_need_cap_sys_admin() {
    const CLONE_NEWUSER: u64 = 0x1000_0000;
    assert_eq!(ask(NONE, "clone", 17), ALLOW);
    assert_eq!(ask(NONE, "clone", CLONE_NEWUSER), EPERM);
    assert_eq!(ask(NONE, "clone3", 0), ENOSYS);
    assert_eq!(ask(NONE, "unshare", 0), EPERM);
    assert_eq!(ask(SYS_ADMIN, "clone", CLONE_NEWUSER), ALLOW);
    assert_eq!(ask(SYS_ADMIN, "clone3", 0), ALLOW);
    assert_eq!(ask(SYS_ADMIN, "unshare", 0), ALLOW);
}

#[test]
fn the_kernels_crypto_and_the_hypervisor_have_no_sockets() {
    for (family, answer) in [
        (1, ALLOW),
        (37, ALLOW),
        (38, EPERM),
        (39, ALLOW),
        (40, EPERM),
        (41, ALLOW),
    ] {
        assert_eq!(ask(NONE, "socket", family), answer, "family {family}");
        assert_eq!(
            ask_on(Arch::X86_64, Abi::X32, NONE, "socket", family),
            answer
        );
        assert_eq!(
            ask_on(Arch::Aarch64, Abi::Aarch64, NONE, "socket", family),
            answer
        );
    }
}

#[test]
fn five_personalities_are_allowed() {
    for allowed in [0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff] {
        assert_eq!(ask(NONE, "personality", allowed), ALLOW);
    }
    // ADDR_NO_RANDOMIZE
    assert_eq!(ask(NONE, "personality", 0x4_0000), EPERM);
}

#[test]
fn what_docker_denies_is_denied_without_capabilities() {
    for name in [
        "io_uring_setup",
        "userfaultfd",
        "keyctl",
        "add_key",
        "mount",
        "setns",
        "kexec_load",
    ] {
        assert_eq!(ask(NONE, name, 0), EPERM, "{name}");
    }
    assert_eq!(ask(Capabilities(1 << 39), "bpf", 0), ALLOW);
    assert_eq!(ask(Capabilities(1 << 18), "chroot", 0), ALLOW);
    assert_eq!(ask(NONE, "chroot", 0), EPERM);
}

#[test]
fn an_old_kernel_allows_no_ptrace() {
    let number = Abi::X86_64.number("ptrace").unwrap();
    let call = Call {
        architecture: Abi::X86_64.audit_arch(),
        number,
        arguments: [0; 6],
    };
    let on = |kernel| {
        run(
            default_profile(Arch::X86_64, NONE, kernel)
                .unwrap()
                .program(),
            &call,
        )
    };
    assert_eq!(on(KernelVersion(4, 7)), EPERM);
    assert_eq!(on(KernelVersion(4, 8)), ALLOW);
}

#[test]
fn the_tree_is_small() {
    let filter = default_profile(Arch::X86_64, NONE, KERNEL).unwrap();
    assert!(
        filter.program().len() < 1000,
        "{} instructions",
        filter.program().len()
    );
}
