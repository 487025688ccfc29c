use std::path::PathBuf;

use longshore_sys::mount::{MountAttributes, Propagation};
use oci_spec::runtime::Mount;

use super::SpecError;
use super::linux::require_absolute;
use crate::plan::{FileSystemOption, MountPlan, MountSource, NamespacePlan};

pub(super) fn plans(
    mounts: &[Mount],
    namespaces: &NamespacePlan,
) -> Result<Vec<MountPlan>, SpecError> {
    mounts
        .iter()
        .enumerate()
        .map(|(index, mount)| plan(&format!("mounts[{index}]"), mount, namespaces))
        .collect()
}

/// What the options of one mount add up to.
#[derive(Debug, Default)]
struct Options {
    /// Some(recursive) for a bind.
    bind: Option<bool>,
    set: MountAttributes,
    clear: MountAttributes,
    set_recursive: MountAttributes,
    clear_recursive: MountAttributes,
    /// Some(recursive) for files whose owners are mapped.
    mapped: Option<bool>,
    copy_up: bool,
    /// Of a bind.
    subpath: Option<PathBuf>,
    propagation: Option<(Propagation, bool)>,
    file_system: Vec<FileSystemOption>,
}

fn plan(field: &str, mount: &Mount, namespaces: &NamespacePlan) -> Result<MountPlan, SpecError> {
    require_absolute(&format!("{field}.destination"), mount.destination())?;
    let has_mappings =
        |mappings: &Option<Vec<_>>| mappings.as_ref().is_some_and(|it| !it.is_empty());
    if has_mappings(mount.uid_mappings()) || has_mappings(mount.gid_mappings()) {
        return Err(SpecError::unsupported(format!("{field}.uidMappings")));
    }
    let mut options = Options::default();
    let destination = mount.destination().clone();
    for option in mount.options().as_deref().unwrap_or_default() {
        options
            .add(option)
            .map_err(|reason| SpecError::invalid(format!("{field}.options"), reason))?;
    }
    if options.mapped.is_some() && namespaces.users.is_none() {
        let reason = "\"idmap\" needs a container with mapped users";
        return Err(SpecError::invalid(format!("{field}.options"), reason));
    }
    let (set, clear, propagation) = (options.set, options.clear, options.propagation);
    let (set_recursive, clear_recursive) = (options.set_recursive, options.clear_recursive);
    Ok(MountPlan {
        destination,
        source: source_of(field, mount, options)?,
        set,
        clear,
        set_recursive,
        clear_recursive,
        propagation,
    })
}

fn source_of(field: &str, mount: &Mount, options: Options) -> Result<MountSource, SpecError> {
    let fs_type = mount.typ().clone().unwrap_or_default();
    let source = mount.source().as_deref();
    let refuse_option = |option: &str, kind: &str| {
        let reason = format!("{option:?} is no option of {kind}");
        Err(SpecError::invalid(format!("{field}.options"), reason))
    };
    if options.copy_up && fs_type != "tmpfs" {
        return refuse_option("tmpcopyup", "anything but a tmpfs");
    }
    if options.bind.is_some() || fs_type == "bind" {
        let path = source.map(PathBuf::from).unwrap_or_default();
        require_absolute(&format!("{field}.source"), &path)?;
        if let Some(option) = options.file_system.first() {
            return refuse_option(&option.key, "a bind mount");
        }
        return Ok(MountSource::Bind {
            path,
            subpath: options.subpath,
            recursive: options.bind.unwrap_or(false),
            mapped: options.mapped,
        });
    }
    if options.mapped.is_some() {
        return refuse_option("idmap", "anything but a bind mount");
    }
    if options.subpath.is_some() {
        return refuse_option("subpath", "anything but a bind mount");
    }
    if fs_type == "cgroup" || fs_type == "cgroup2" {
        return Ok(MountSource::Cgroup);
    }
    if fs_type.is_empty() || fs_type.contains(['/', '\0']) {
        return Err(SpecError::invalid(
            format!("{field}.type"),
            "names no file system",
        ));
    }
    let source = source.map(|it| it.to_string_lossy().into_owned());
    Ok(MountSource::FileSystem {
        fs_type,
        source,
        options: options.file_system,
        copy_up: options.copy_up,
    })
}

impl Options {
    fn add(&mut self, option: &str) -> Result<(), String> {
        if let Some(recursive) = bind_of(option) {
            self.bind = Some(recursive);
        } else if let Some(propagation) = propagation_of(option) {
            self.propagation = Some(propagation);
        } else if let Some((set, clear)) = attributes_of(option) {
            self.set = (self.set - clear) | set;
            self.clear = (self.clear - set) | clear;
        } else if let Some((set, clear)) = option.strip_prefix('r').and_then(attributes_of) {
            self.set_recursive = (self.set_recursive - clear) | set;
            self.clear_recursive = (self.clear_recursive - set) | clear;
        } else if let Some(recursive) = mapped_of(option) {
            self.mapped = Some(recursive);
        } else if let Some(subpath) = option.strip_prefix("subpath=") {
            self.subpath = Some(subpath_of(subpath)?);
        } else if option == "tmpcopyup" {
            self.copy_up = true;
        } else if !is_without_meaning(option) {
            self.file_system.push(file_system_option(option)?);
        }
        Ok(())
    }
}

fn bind_of(option: &str) -> Option<bool> {
    match option {
        "bind" => Some(false),
        "rbind" => Some(true),
        _ => None,
    }
}

fn mapped_of(option: &str) -> Option<bool> {
    match option {
        "idmap" => Some(false),
        "ridmap" => Some(true),
        _ => None,
    }
}

fn subpath_of(text: &str) -> Result<PathBuf, String> {
    let is_plain = |part: &str| !matches!(part, ".." | "");
    if text.contains('\0') || !text.split('/').all(is_plain) {
        return Err(format!("{text:?} is no relative path without \"..\""));
    }
    Ok(PathBuf::from(text))
}

/// And whether it goes for all mounts below.
pub(super) fn propagation_of(option: &str) -> Option<(Propagation, bool)> {
    Some(match option {
        "private" => (Propagation::Private, false),
        "rprivate" => (Propagation::Private, true),
        "slave" => (Propagation::Slave, false),
        "rslave" => (Propagation::Slave, true),
        "unbindable" => (Propagation::Unbindable, false),
        "runbindable" => (Propagation::Unbindable, true),
        "shared" => (Propagation::Shared, false),
        "rshared" => (Propagation::Shared, true),
        _ => return None,
    })
}

/// What an option sets, and what it clears.
fn attributes_of(option: &str) -> Option<(MountAttributes, MountAttributes)> {
    let none = MountAttributes::empty();
    Some(match option {
        "ro" => (MountAttributes::READ_ONLY, none),
        "rw" => (none, MountAttributes::READ_ONLY),
        "nosuid" => (MountAttributes::NO_SUID, none),
        "suid" => (none, MountAttributes::NO_SUID),
        "nodev" => (MountAttributes::NO_DEV, none),
        "dev" => (none, MountAttributes::NO_DEV),
        "noexec" => (MountAttributes::NO_EXEC, none),
        "exec" => (none, MountAttributes::NO_EXEC),
        "noatime" => (MountAttributes::NO_ATIME, none),
        "strictatime" => (MountAttributes::STRICT_ATIME, none),
        // The kernel's default, whose value is 0.
        "relatime" | "atime" => (none, MountAttributes::ATIME),
        "nodiratime" => (MountAttributes::NO_DIR_ATIME, none),
        "diratime" => (none, MountAttributes::NO_DIR_ATIME),
        "nosymfollow" => (MountAttributes::NO_SYMLINK_FOLLOW, none),
        "symfollow" => (none, MountAttributes::NO_SYMLINK_FOLLOW),
        _ => return None,
    })
}

/// Options that ask for what is so anyway.
fn is_without_meaning(option: &str) -> bool {
    matches!(
        option,
        "" | "defaults" | "async" | "loud" | "norelatime" | "nostrictatime"
    )
}

fn file_system_option(option: &str) -> Result<FileSystemOption, String> {
    if option.contains(['\0', ',']) {
        return Err(format!("{option:?} holds a comma or a NUL"));
    }
    let (key, value) = match option.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (option, None),
    };
    Ok(FileSystemOption {
        key: key.to_owned(),
        value,
    })
}
