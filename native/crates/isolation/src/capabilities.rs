//! Names and numbers of capabilities, as in linux/capability.h.

/// Each at the place of its number, without "CAP_".
const NAMES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

/// With or without "CAP_".
pub(crate) fn number(name: &str) -> Option<u32> {
    let name = name.strip_prefix("CAP_").unwrap_or(name);
    NAMES
        .iter()
        .position(|it| *it == name)
        .and_then(|number| u32::try_from(number).ok())
}

/// "CAP_SYS_ADMIN" for each bit that has a name.
pub(crate) fn names(bits: u64) -> Vec<String> {
    let is_set = |(number, _): &(usize, &&str)| bits & (1 << number) != 0;
    NAMES
        .iter()
        .enumerate()
        .filter(is_set)
        .map(|(_, name)| format!("CAP_{name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_kernels() {
        let known = [
            ("CAP_CHOWN", 0),
            ("SYS_ADMIN", 21),
            ("CAP_CHECKPOINT_RESTORE", 40),
        ];
        for (name, expected) in known {
            assert_eq!(number(name), Some(expected));
        }
        assert_eq!(number("CAP_EVERYTHING"), None);
        assert_eq!(names(1 << 21 | 1), ["CAP_CHOWN", "CAP_SYS_ADMIN"]);
    }
}
