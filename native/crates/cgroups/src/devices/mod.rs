mod bpf;
mod program;
#[cfg(test)]
mod tests;

pub(crate) use bpf::{attach_program, load_program};

use oci_spec::runtime::{LinuxDeviceCgroup, LinuxDeviceType};

use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::limits::field;

/// Which device nodes a container may make and open. The last rule that matches decides; where none does, denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRules {
    rules: Vec<DeviceRule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeviceRule {
    pub(crate) allow: bool,
    pub(crate) kind: DeviceKind,
    /// None: all.
    pub(crate) major: Option<u32>,
    pub(crate) minor: Option<u32>,
    pub(crate) access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeviceKind {
    /// Both kinds; the numbers are then None and the access is full.
    All,
    Block,
    Character,
}

/// What a rule is about, in the kernel's bits: `BPF_DEVCG_ACC_*` in `linux/bpf.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Access(pub(crate) u8);

impl Access {
    pub(crate) const MKNOD: Access = Access(1);
    pub(crate) const READ: Access = Access(2);
    pub(crate) const WRITE: Access = Access(4);
    pub(crate) const ALL: Access = Access(7);

    fn letters(self) -> String {
        let letters = [
            (Access::READ, 'r'),
            (Access::WRITE, 'w'),
            (Access::MKNOD, 'm'),
        ];
        letters
            .iter()
            .filter(|(bit, _)| self.0 & bit.0 != 0)
            .map(|(_, letter)| letter)
            .collect()
    }

    fn from_letters(letters: &str) -> Option<Access> {
        letters.chars().try_fold(Access(0), |access, letter| {
            let bit = match letter {
                'r' => Access::READ,
                'w' => Access::WRITE,
                'm' => Access::MKNOD,
                _ => return None,
            };
            Some(Access(access.0 | bit.0))
        })
    }
}

/// Character devices that every container may use: null, zero, full, random, urandom, tty, console, ptmx and all
/// pseudo terminals.
const DEFAULT_DEVICES: [(u32, Option<u32>); 9] = [
    (1, Some(3)),
    (1, Some(5)),
    (1, Some(7)),
    (1, Some(8)),
    (1, Some(9)),
    (5, Some(0)),
    (5, Some(1)),
    (5, Some(2)),
    (136, None),
];

impl DeviceRules {
    /// Docker's: any node may be made, those above opened, no other.
    pub fn docker_default() -> DeviceRules {
        let rule = |allow, kind, major, minor, access| DeviceRule {
            allow,
            kind,
            major,
            minor,
            access,
        };
        let mut rules = vec![
            rule(false, DeviceKind::All, None, None, Access::ALL),
            rule(true, DeviceKind::Character, None, None, Access::MKNOD),
            rule(true, DeviceKind::Block, None, None, Access::MKNOD),
        ];
        rules.extend(DEFAULT_DEVICES.iter().map(|(major, minor)| {
            rule(
                true,
                DeviceKind::Character,
                Some(*major),
                *minor,
                Access::ALL,
            )
        }));
        DeviceRules { rules }
    }

    /// A privileged container's.
    pub fn allow_all() -> DeviceRules {
        let all = DeviceRule {
            allow: true,
            kind: DeviceKind::All,
            major: None,
            minor: None,
            access: Access::ALL,
        };
        DeviceRules { rules: vec![all] }
    }

    /// Reads OCI `linux.resources.devices`, and adds before them what the OCI specification promises to every
    /// container: the default devices. An empty list is [`docker_default`](DeviceRules::docker_default).
    pub fn from_oci(list: &[LinuxDeviceCgroup]) -> Result<DeviceRules> {
        let mut given = Vec::new();
        for device in list {
            given.extend(read_rule(device)?);
        }
        let mut rules = DeviceRules::docker_default().rules;
        // Specs begin with "deny all", which the default already does; said again it would undo the rest.
        let is_deny_all = |rule: &DeviceRule| !rule.allow && rule.kind == DeviceKind::All;
        let from = if given.first().is_some_and(is_deny_all) {
            1
        } else {
            0
        };
        rules.extend(&given[from..]);
        Ok(DeviceRules { rules })
    }

    pub(crate) fn allows_all(&self) -> bool {
        self.rules
            .last()
            .is_some_and(|rule| rule.allow && rule.kind == DeviceKind::All)
    }
}

/// One rule, or one each for block and character devices.
fn read_rule(device: &LinuxDeviceCgroup) -> Result<Vec<DeviceRule>> {
    let invalid = |reason: String| Error::Invalid {
        limit: field::DEVICES,
        reason,
    };
    let letters = device
        .access()
        .as_deref()
        .filter(|letters| !letters.is_empty())
        .unwrap_or("rwm");
    let access = Access::from_letters(letters)
        .ok_or_else(|| invalid(format!("'{letters}' is no access of r, w and m")))?;
    let (major, minor) = (number(device.major())?, number(device.minor())?);
    let rule = |kind| DeviceRule {
        allow: device.allow(),
        kind,
        major,
        minor,
        access,
    };
    match device.typ().unwrap_or(LinuxDeviceType::A) {
        LinuxDeviceType::B => Ok(vec![rule(DeviceKind::Block)]),
        LinuxDeviceType::C | LinuxDeviceType::U => Ok(vec![rule(DeviceKind::Character)]),
        LinuxDeviceType::P => Err(invalid("a FIFO is no device".to_owned())),
        LinuxDeviceType::A if (major, minor, access) == (None, None, Access::ALL) => {
            Ok(vec![rule(DeviceKind::All)])
        }
        LinuxDeviceType::A => Ok(vec![rule(DeviceKind::Block), rule(DeviceKind::Character)]),
    }
}

/// None for all: unset, or -1 as Docker writes it. Majors have 12 bits and minors 20.
fn number(value: Option<i64>) -> Result<Option<u32>> {
    match value {
        None | Some(-1) => Ok(None),
        Some(number @ 0..=0xf_ffff) => Ok(Some(number as u32)),
        Some(other) => {
            let reason = format!("{other} is no device number");
            Err(Error::Invalid {
                limit: field::DEVICES,
                reason,
            })
        }
    }
}

/// Writes the rules to a v1 devices cgroup, which begins with its parent's.
///
/// They are not set once on a common parent, though children begin with a copy: no child may then have more than its
/// parent, and a container with a device of its own must. Each file is opened once.
pub(crate) fn write_v1(directory: &Directory, rules: &DeviceRules) -> Result<()> {
    let allow = directory.open_limit(field::DEVICES, "devices.allow")?;
    let deny = directory.open_limit(field::DEVICES, "devices.deny")?;
    rules.rules.iter().try_for_each(|rule| {
        let file = if rule.allow { &allow } else { &deny };
        file.write(&v1_line(rule))
    })
}

fn v1_line(rule: &DeviceRule) -> String {
    let kind = match rule.kind {
        // The kernel takes no more than the letter.
        DeviceKind::All => return "a".to_owned(),
        DeviceKind::Block => 'b',
        DeviceKind::Character => 'c',
    };
    let or_all = |number: Option<u32>| number.map_or("*".to_owned(), |number| number.to_string());
    format!(
        "{kind} {}:{} {}",
        or_all(rule.major),
        or_all(rule.minor),
        rule.access.letters()
    )
}
