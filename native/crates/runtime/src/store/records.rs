use std::path::PathBuf;

use longshore_sys::clone::Namespaces;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::Id;
use crate::identity::ProcessIdentity;

/// What was asked of a run: the OCI spec as the engine wrote it, and what OCI has no words for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Bundle {
    pub order: RunOrder,
    pub spec: Box<RawValue>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunOrder {
    pub id: Id,
    /// Names of the layers, lowest first.
    pub chain_ids: Vec<String>,
    /// Their folders, in the same order.
    pub layers: Vec<PathBuf>,
    pub rootfs_read_only: bool,
    /// The writable layer need not outlive a crash of the machine.
    #[serde(default)]
    pub rootfs_volatile: bool,
    pub log: LogSettings,
    /// The agent attaches networks: the container waits for it before exec.
    pub networked: bool,
    /// "default", "unconfined" or empty: the spec's own.
    pub seccomp_profile: String,
    pub identity: IdentitySettings,
    /// `None`: the spec's `process.user`.
    pub user: Option<String>,
    pub additional_groups: Vec<String>,
    pub init: bool,
    pub open_stdin: bool,
    pub stdin_once: bool,
    /// Relative to the hierarchies' roots; `None`: the usual place.
    #[serde(default)]
    pub cgroup: Option<String>,
    /// Namespaces of other containers.
    #[serde(default)]
    pub join: Vec<NamespaceOrder>,
    /// The container whose network this one shares, and so its host name, hosts and resolv.conf.
    #[serde(default)]
    pub identity_of: Option<Id>,
    /// All devices of the machine.
    #[serde(default)]
    pub host_devices: bool,
    /// The volumes that it has while it runs, by name.
    #[serde(default)]
    pub volumes: Vec<String>,
}

impl RunOrder {
    /// Relative to the hierarchies' roots.
    pub fn cgroup_path(&self) -> String {
        let usual = || usual_cgroup_path(&self.id);
        self.cgroup.clone().unwrap_or_else(usual)
    }

    /// What other containers share with this one.
    pub fn shared(&self) -> Namespaces {
        self.join.iter().map(|it| it.namespace).collect()
    }
}

/// Where a container's cgroup is when nobody asks for another place.
pub fn usual_cgroup_path(id: &Id) -> String {
    format!("{}/{id}", longshore_cgroups::HOME)
}

/// As `longshore.agent.v1.NamespaceJoin`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NamespaceOrder {
    pub namespace: Namespaces,
    pub container: Id,
}

/// As `longshore.agent.v1.LogPolicy`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LogSettings {
    pub max_size_bytes: u64,
    pub max_files: u32,
}

/// As `longshore.agent.v1.IdentityFiles`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct IdentitySettings {
    pub hostname: String,
    pub domainname: String,
    pub extra_hosts: Vec<String>,
    pub dns_servers: Vec<String>,
    pub dns_search: Vec<String>,
    pub dns_options: Vec<String>,
}

/// As `longshore.agent.v1.AssignedAddress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedAddress {
    pub network: String,
    pub interface: String,
    pub address: String,
    pub gateway: String,
    pub mac: String,
}

/// What the root of a container that has not run yet will be made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreparedRecord {
    /// Names of the layers, lowest first.
    pub chain_ids: Vec<String>,
    pub rootfs_read_only: bool,
}

/// Which processes make up a run. Written before exec, so that no container lives without it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunRecord {
    pub boot_id: String,
    pub supervisor: ProcessIdentity,
    pub init: ProcessIdentity,
    pub started_at_unix_ns: i64,
    /// Relative to the hierarchies' roots.
    pub cgroup: String,
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitRecord {
    /// 128 + signal when killed.
    pub code: i32,
    pub signal: i32,
    pub oom_killed: bool,
    pub memory_peak_bytes: u64,
    pub memory_limit_bytes: u64,
    pub at_unix_ns: i64,
    pub started_at_unix_ns: i64,
    /// Set when nobody saw the end: why the code is a guess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen: Option<String>,
}

/// An exec that runs, or one whose end no agent has heard of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExecRecord {
    pub boot_id: String,
    pub supervisor: ProcessIdentity,
    pub init: ProcessIdentity,
    /// Code and signal.
    pub exited: Option<(i32, i32)>,
}
