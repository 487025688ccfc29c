use std::path::PathBuf;

use longshore_sys::mount::{MountAttributes, Propagation};
use serde::{Deserialize, Serialize};

/// One mount of the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountPlan {
    /// Absolute, in the container. Made when missing: a file for a bind of anything but a directory.
    pub destination: PathBuf,
    pub source: MountSource,
    pub set: MountAttributes,
    pub clear: MountAttributes,
    /// Attributes for all mounts below as well: OCI's "rro", "rnosuid" and so on.
    pub set_recursive: MountAttributes,
    /// OCI's "rrw", "rsuid" and so on.
    pub clear_recursive: MountAttributes,
    /// The propagation, and whether it goes for all mounts below.
    pub propagation: Option<(Propagation, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MountSource {
    /// A directory or file of the host.
    Bind {
        path: PathBuf,
        /// What of it: a path inside, which its own links cannot lead out of.
        #[serde(default)]
        subpath: Option<PathBuf>,
        recursive: bool,
        /// Files have owners as in the container's user namespace; Some(true) for all mounts below as well.
        mapped: Option<bool>,
    },
    /// A file system of its own: proc, sysfs, tmpfs, devpts, mqueue, or any that the kernel mounts by name.
    FileSystem {
        fs_type: String,
        source: Option<String>,
        options: Vec<FileSystemOption>,
        /// A tmpfs begins with a copy of the directory that it hides.
        copy_up: bool,
    },
    /// The container's cgroups: [`CgroupView`].
    Cgroup,
}

/// `value` is absent for a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSystemOption {
    pub key: String,
    pub value: Option<String>,
}

/// What the container sees of its cgroups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CgroupView {
    /// A mount of type "cgroup" is left out.
    #[default]
    None,
    /// One tree: of the container's own cgroup namespace, or the host's whole.
    V2,
    /// A tmpfs with one directory per hierarchy.
    V1 { hierarchies: Vec<CgroupHierarchy> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CgroupHierarchy {
    /// The directory's name in the container: "memory", "cpu,cpuacct", "unified". Each controller of a list gets a
    /// symlink to it.
    pub name: String,
    /// The container's own cgroup in that hierarchy, on the host.
    pub directory: PathBuf,
}
