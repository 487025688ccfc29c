//! The options of the `local` driver, as Docker has them: what mount(8) would be told.

use std::collections::BTreeMap;
use std::net::{IpAddr, ToSocketAddrs};

use longshore_sys::mount::MountAttributes;

use crate::error::{Result, VolumeError};

pub type Options = BTreeMap<String, String>;

/// The kernel's bound for one option.
const MAX_VALUE: usize = 255;

/// What the driver does for a volume, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalOptions {
    /// Nothing: the data is in a folder of the store.
    Folder,
    /// Shows a folder of the machine.
    Bind {
        device: String,
        recursive: bool,
        attributes: MountAttributes,
    },
    /// A file system of its own: a tmpfs, which is empty whenever nobody has used the volume, or a share by NFS.
    FileSystem {
        fs_type: &'static str,
        device: String,
        attributes: MountAttributes,
        /// Without value: a flag.
        options: Vec<(String, Option<String>)>,
    },
}

const TMPFS_OPTIONS: [&str; 10] = [
    "size",
    "mode",
    "uid",
    "gid",
    "nr_inodes",
    "nr_blocks",
    "huge",
    "mpol",
    "inode32",
    "inode64",
];

impl LocalOptions {
    pub fn parse(options: &Options) -> Result<Self> {
        for (option, value) in options {
            if !matches!(option.as_str(), "type" | "device" | "o") {
                return Err(invalid(option, "is unknown: there are type, device and o"));
            }
            if value.contains('\0') || value.len() > 4096 {
                return Err(invalid(option, "has a NUL or is too long"));
            }
        }
        let get = |option: &str| options.get(option).map(String::as_str).unwrap_or_default();
        if options.is_empty() {
            return Ok(LocalOptions::Folder);
        }
        let words: Vec<&str> = get("o")
            .split(',')
            .filter(|word| !word.is_empty())
            .collect();
        match (get("type"), get("device")) {
            ("", _) => Err(invalid("type", "is missing: none, tmpfs, nfs or nfs4")),
            (_, "") => Err(invalid("device", "is missing: what is to be mounted")),
            ("none" | "bind", device) => bind(device, &words),
            ("tmpfs", device) => tmpfs(device, &words),
            ("nfs", device) => nfs("nfs", device, &words),
            ("nfs4", device) => nfs("nfs4", device, &words),
            (other, _) => Err(invalid(
                "type",
                format!("{other:?} is none of none, tmpfs, nfs and nfs4"),
            )),
        }
    }

    /// Whether the data is the store's own.
    pub fn is_folder(&self) -> bool {
        *self == LocalOptions::Folder
    }

    pub fn device(&self) -> &str {
        match self {
            LocalOptions::Folder => "",
            LocalOptions::Bind { device, .. } | LocalOptions::FileSystem { device, .. } => device,
        }
    }
}

fn invalid(option: &str, reason: impl Into<String>) -> VolumeError {
    VolumeError::InvalidOption {
        option: option.to_owned(),
        reason: reason.into(),
    }
}

fn bind(device: &str, words: &[&str]) -> Result<LocalOptions> {
    if !device.starts_with('/') {
        return Err(invalid("device", "is no absolute path"));
    }
    let (mut attributes, mut bind) = (MountAttributes::empty(), None);
    for word in words {
        match *word {
            "bind" => bind = Some(false),
            "rbind" => bind = Some(true),
            word if set_attribute(&mut attributes, word) => {}
            word => {
                let reason = format!("has {word:?}, which is no option of a bind mount");
                return Err(invalid("o", reason));
            }
        }
    }
    let recursive =
        bind.ok_or_else(|| invalid("o", "lacks bind or rbind, which the type none asks for"))?;
    Ok(LocalOptions::Bind {
        device: device.to_owned(),
        recursive,
        attributes,
    })
}

fn tmpfs(device: &str, words: &[&str]) -> Result<LocalOptions> {
    let (attributes, options) = file_system_options(words)?;
    for (option, _) in &options {
        if !TMPFS_OPTIONS.contains(&option.as_str()) {
            let reason = format!("has {option:?}, which is no option of a tmpfs");
            return Err(invalid("o", reason));
        }
    }
    Ok(LocalOptions::FileSystem {
        fs_type: "tmpfs",
        device: device.to_owned(),
        attributes,
        options,
    })
}

/// The kernel wants to be told the server's address as well.
fn nfs(fs_type: &'static str, device: &str, words: &[&str]) -> Result<LocalOptions> {
    let (attributes, options) = file_system_options(words)?;
    let Some((host, path)) = device.rsplit_once(":/") else {
        return Err(invalid(
            "device",
            "is no share: it is written HOST:/PATH or :/PATH",
        ));
    };
    let has_address = options
        .iter()
        .any(|(option, value)| option == "addr" && value.is_some());
    if host.is_empty() && !has_address {
        return Err(invalid(
            "o",
            "lacks addr=ADDRESS, which a device without a host asks for",
        ));
    }
    let mut options = options;
    if !has_address {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        options.push(("addr".to_owned(), Some(host.to_owned())));
    }
    Ok(LocalOptions::FileSystem {
        fs_type,
        device: format!("{host}:/{path}"),
        attributes,
        options,
    })
}

type FileSystemOptions = Vec<(String, Option<String>)>;

fn file_system_options(words: &[&str]) -> Result<(MountAttributes, FileSystemOptions)> {
    let (mut attributes, mut options) = (MountAttributes::empty(), Vec::new());
    for word in words {
        if set_attribute(&mut attributes, word) {
            continue;
        }
        let (key, value) = match word.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (*word, None),
        };
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_key = !key.is_empty() && key.bytes().all(is_word);
        if !is_key || matches!(key, "source" | "bind" | "rbind" | "remount") {
            return Err(invalid(
                "o",
                format!("has {word:?}, which cannot be given here"),
            ));
        }
        if value.is_some_and(|value| value.is_empty() || value.len() > MAX_VALUE) {
            return Err(invalid(
                "o",
                format!("has {key:?} with an empty or too long value"),
            ));
        }
        options.push((key.to_owned(), value.map(str::to_owned)));
    }
    Ok((attributes, options))
}

/// Whether it is an option of mounts of any type.
fn set_attribute(attributes: &mut MountAttributes, word: &str) -> bool {
    let (attribute, set) = match word {
        "ro" => (MountAttributes::READ_ONLY, true),
        "rw" => (MountAttributes::READ_ONLY, false),
        "nosuid" => (MountAttributes::NO_SUID, true),
        "suid" => (MountAttributes::NO_SUID, false),
        "nodev" => (MountAttributes::NO_DEV, true),
        "dev" => (MountAttributes::NO_DEV, false),
        "noexec" => (MountAttributes::NO_EXEC, true),
        "exec" => (MountAttributes::NO_EXEC, false),
        "noatime" => (MountAttributes::NO_ATIME, true),
        "nodiratime" => (MountAttributes::NO_DIR_ATIME, true),
        "relatime" | "defaults" => (MountAttributes::empty(), true),
        _ => return false,
    };
    attributes.set(attribute, set);
    true
}

/// Of a host, by name or address; the kernel takes addresses only.
pub(crate) fn address_of(host: &str) -> std::io::Result<IpAddr> {
    if let Ok(address) = host.parse() {
        return Ok(address);
    }
    let mut found = (host, 0).to_socket_addrs()?;
    let first = found.next().map(|address| address.ip());
    first.ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(options: &[(&str, &str)]) -> Result<LocalOptions> {
        let owned = options
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        LocalOptions::parse(&owned.collect())
    }

    #[test]
    fn none_is_a_folder_of_the_store() {
        assert_eq!(parse(&[]).unwrap(), LocalOptions::Folder);
    }

    #[test]
    fn a_bind_shows_a_folder_of_the_machine() {
        let bind = parse(&[("type", "none"), ("device", "/srv"), ("o", "bind,ro")]).unwrap();
        let expected = LocalOptions::Bind {
            device: "/srv".into(),
            recursive: false,
            attributes: MountAttributes::READ_ONLY,
        };
        assert_eq!(bind, expected);
    }

    #[test]
    fn a_tmpfs_has_its_size() {
        let tmpfs = parse(&[
            ("type", "tmpfs"),
            ("device", "tmpfs"),
            ("o", "size=1m,noexec"),
        ]);
        let LocalOptions::FileSystem {
            options,
            attributes,
            ..
        } = tmpfs.unwrap()
        else {
            panic!("no file system");
        };
        assert_eq!(options, [("size".to_owned(), Some("1m".to_owned()))]);
        assert_eq!(attributes, MountAttributes::NO_EXEC);
    }

    #[test]
    fn a_share_has_its_address() {
        for (device, o) in [
            (":/data", "addr=10.0.0.1,nfsvers=4"),
            ("10.0.0.1:/data", "nfsvers=4"),
        ] {
            let LocalOptions::FileSystem { options, .. } =
                parse(&[("type", "nfs"), ("device", device), ("o", o)]).unwrap()
            else {
                panic!("no file system");
            };
            let address = options.iter().find(|(key, _)| key == "addr").unwrap();
            assert_eq!(address.1.as_deref(), Some("10.0.0.1"), "{device}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_option_named() {
        let bad: [(&[(&str, &str)], &str); 11] = [
            (&[("size", "1g")], "size"),
            (&[("o", "bind")], "type"),
            (&[("type", "none"), ("o", "bind")], "device"),
            (
                &[("type", "none"), ("device", "srv"), ("o", "bind")],
                "device",
            ),
            (&[("type", "none"), ("device", "/srv")], "o"),
            (
                &[("type", "none"), ("device", "/srv"), ("o", "bind,size=1")],
                "o",
            ),
            (&[("type", "ext4"), ("device", "/dev/sda")], "type"),
            (
                &[("type", "tmpfs"), ("device", "x"), ("o", "nfsvers=4")],
                "o",
            ),
            (&[("type", "tmpfs"), ("device", "x"), ("o", "size=")], "o"),
            (&[("type", "nfs"), ("device", "nowhere")], "device"),
            (&[("type", "nfs"), ("device", ":/x")], "o"),
        ];
        for (options, named) in bad {
            match parse(options) {
                Err(VolumeError::InvalidOption { option, .. }) => assert_eq!(option, named),
                other => panic!("{options:?}: {other:?}"),
            }
        }
    }
}
