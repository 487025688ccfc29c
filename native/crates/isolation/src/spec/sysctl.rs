use std::collections::HashMap;

use longshore_sys::clone::Namespaces;

use super::SpecError;
use crate::plan::{NamespacePlan, Sysctl};

/// The sysctls of an ipc namespace, besides all of fs.mqueue.
const IPC: [&str; 8] = [
    "kernel/msgmax",
    "kernel/msgmnb",
    "kernel/msgmni",
    "kernel/sem",
    "kernel/shmall",
    "kernel/shmmax",
    "kernel/shmmni",
    "kernel/shm_rmid_forced",
];

/// Only sysctls of namespaces that are the container's own: any other would change the host.
pub(super) fn plans(
    sysctls: Option<&HashMap<String, String>>,
    namespaces: &NamespacePlan,
) -> Result<Vec<Sysctl>, SpecError> {
    let mut plans = Vec::new();
    for (name, value) in sysctls.into_iter().flatten() {
        let path = path_of(name)?;
        let needed = namespace_of(&path)
            .ok_or_else(|| refusal(name, "is not separate for each container"))?;
        if !namespaces.create.contains(needed) {
            return Err(refusal(name, "is the host's: its namespace is shared"));
        }
        // "+" and line breaks have been used to smuggle further settings (CVE-2022-0811).
        if value.contains(|it: char| (it.is_control() && it != '\t') || it == '+') {
            return Err(refusal(
                name,
                "has a value with control characters or \"+\"",
            ));
        }
        plans.push(Sysctl {
            path,
            namespace: needed,
            value: value.clone(),
        });
    }
    plans.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plans)
}

fn refusal(name: &str, reason: &str) -> SpecError {
    SpecError::invalid(format!("linux.sysctl.{name}"), reason)
}

/// As sysctl(8): the first separator decides. "net.ipv4.conf.eth0/1.x" and "net/ipv4/conf/eth0.1/x" are the same.
fn path_of(name: &str) -> Result<String, SpecError> {
    let path: String = match name.find(['.', '/']).map(|index| &name[index..=index]) {
        Some(".") => name
            .chars()
            .map(|it| match it {
                '.' => '/',
                '/' => '.',
                other => other,
            })
            .collect(),
        _ => name.to_owned(),
    };
    let is_plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"_-.@:".contains(&it))
    };
    if path.split('/').all(is_plain) {
        Ok(path)
    } else {
        Err(refusal(name, "is not a sysctl's name"))
    }
}

fn namespace_of(path: &str) -> Option<Namespaces> {
    if path.starts_with("net/") {
        return Some(Namespaces::NETWORK);
    }
    if path.starts_with("fs/mqueue/") || IPC.contains(&path) {
        return Some(Namespaces::IPC);
    }
    (path == "kernel/hostname" || path == "kernel/domainname").then_some(Namespaces::UTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, value: &str) -> Result<Vec<Sysctl>, SpecError> {
        let namespaces = NamespacePlan {
            create: Namespaces::NETWORK | Namespaces::IPC,
            ..NamespacePlan::default()
        };
        plans(
            Some(&HashMap::from([(name.to_owned(), value.to_owned())])),
            &namespaces,
        )
    }

    #[test]
    fn both_spellings_name_the_same_file() {
        for name in [
            "net.ipv4.conf.eth0/1.forwarding",
            "net/ipv4/conf/eth0.1/forwarding",
        ] {
            assert_eq!(
                plan(name, "1").unwrap()[0].path,
                "net/ipv4/conf/eth0.1/forwarding"
            );
        }
    }

    #[test]
    fn the_hosts_sysctls_are_refused() {
        let names = [
            "kernel.core_pattern",
            "vm.swappiness",
            "kernel.hostname",
            "fs.file-max",
        ];
        for name in names {
            assert!(plan(name, "1").is_err(), "{name}");
        }
    }

    #[test]
    fn nothing_else_can_be_smuggled_in() {
        for name in [
            "net/../kernel/core_pattern",
            "net./..x",
            "net/",
            "/net/x",
            "net/a b",
            "",
        ] {
            assert!(plan(name, "1").is_err(), "{name}");
        }
        for value in ["1+kernel.core_pattern=x", "1\nkernel.x=1", "1\0"] {
            assert!(plan("kernel.shmmax", value).is_err(), "{value:?}");
        }
    }
}
