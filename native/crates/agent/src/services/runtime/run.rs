use longshore_network::Connection;
use longshore_protocol::v1;
use longshore_runtime::store::{IdentitySettings, LogSettings, NamespaceOrder, RunOrder};
use longshore_runtime::{Failure, Id};
use longshore_snapshots::ChainId;
use longshore_sys::clone::Namespaces;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::containers::{StartRequest, Started};
use crate::failure::{invalid, parse_id};
use crate::services::networks::wire;

/// The kernel's PATH_MAX and NAME_MAX.
const MAX_PATH: usize = 4095;
const MAX_NAME: usize = 255;

/// The parts of an OCI spec that decide here; the supervisor reads the rest.
#[derive(Deserialize)]
struct SpecOutline {
    linux: Option<LinuxOutline>,
}

#[derive(Default, Deserialize)]
struct LinuxOutline {
    #[serde(default)]
    namespaces: Vec<NamespaceOutline>,
    #[serde(rename = "cgroupsPath")]
    cgroups_path: Option<String>,
}

#[derive(Deserialize)]
struct NamespaceOutline {
    #[serde(rename = "type")]
    kind: String,
}

pub(super) fn parse(request: v1::RunRequest) -> Result<StartRequest, Failure> {
    let id = parse_id(&request.id)?;
    let rootfs = request.rootfs.unwrap_or_default();
    let chain_ids = parse_chain_ids(&rootfs.chain_ids)?;
    let (spec, outline) = parse_spec(&request.oci_spec)?;
    let linux = outline.linux.unwrap_or_default();
    let cgroup = parse_cgroups_path(&id, linux.cgroups_path.unwrap_or_default())?;
    let join = parse_join(&id, request.join)?;
    let log = request.log.unwrap_or_default();
    let networks = request.networks.into_iter().map(wire::attachment);
    let networks = networks.collect::<Result<Vec<_>, _>>()?;
    let ports = request.ports.into_iter().map(wire::publication);
    let ports = ports.collect::<Result<Vec<_>, _>>()?;
    let joins_network = |it: &NamespaceOrder| it.namespace == Namespaces::NETWORK;
    let host_network = !join.iter().any(joins_network) && !linux.namespaces.iter().any(is_network);
    if !networks.is_empty() && join.iter().any(joins_network) {
        let message = "a container in another one's network cannot join a network of its own";
        return Err(invalid("network", message));
    }
    let order = RunOrder {
        id,
        chain_ids: rootfs.chain_ids,
        layers: Vec::new(),
        rootfs_read_only: rootfs.read_only,
        rootfs_volatile: request.volatile,
        log: LogSettings {
            max_size_bytes: log.max_size_bytes,
            max_files: log.max_files,
        },
        networked: !networks.is_empty(),
        seccomp_profile: request.seccomp_profile,
        identity: parse_identity(request.identity.unwrap_or_default())?,
        user: Some(request.user).filter(|user| !user.is_empty()),
        additional_groups: request.additional_groups,
        init: request.init,
        open_stdin: request.open_stdin,
        stdin_once: request.stdin_once,
        cgroup,
        join,
        identity_of: None,
        host_devices: request.host_devices,
        volumes: Vec::new(),
    };
    Ok(StartRequest {
        order,
        chain_ids,
        spec,
        networks,
        ports,
        host_network,
    })
}

fn parse_spec(bytes: &[u8]) -> Result<(Box<RawValue>, SpecOutline), Failure> {
    let wrong = |error: &dyn std::fmt::Display| invalid("spec", format!("config.json: {error}"));
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(&error))?;
    let outline: SpecOutline = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    let spec = RawValue::from_string(text.to_owned()).map_err(|error| wrong(&error))?;
    Ok((spec, outline))
}

fn is_network(namespace: &NamespaceOutline) -> bool {
    namespace.kind == "network"
}

/// The container's own cgroup, below a parent of the person's choosing. That it ends with the id makes sure that it
/// is nobody else's: it goes with the container.
fn parse_cgroups_path(id: &Id, path: String) -> Result<Option<String>, Failure> {
    const FIELD: &str = "linux.cgroupsPath";
    if path.is_empty() {
        return Ok(None);
    }
    let refuse = |reason: &str| {
        let message = format!("{FIELD}: {path:?} {reason}");
        Err(invalid("cgroup", message).at(&path))
    };
    let relative = path.trim_start_matches('/');
    let is_plain = |name: &str| !matches!(name, "" | "." | "..") && name.len() <= MAX_NAME;
    if path.len() > MAX_PATH || !relative.split('/').all(is_plain) {
        return refuse("is no plain path");
    }
    if relative.contains(|it: char| it.is_control() || it == ':') {
        return refuse("is no path of cgroup folders, such as /parent/<id>");
    }
    if relative.rsplit('/').next() != Some(id.as_str()) {
        return refuse("must end with the container's id");
    }
    Ok(Some(relative.to_owned()))
}

/// Each kind once.
fn parse_join(id: &Id, joins: Vec<v1::NamespaceJoin>) -> Result<Vec<NamespaceOrder>, Failure> {
    let mut orders: Vec<NamespaceOrder> = Vec::with_capacity(joins.len());
    for join in joins {
        let namespace = match join.namespace.as_str() {
            "pid" => Namespaces::PID,
            "network" => Namespaces::NETWORK,
            "ipc" => Namespaces::IPC,
            "uts" => Namespaces::UTS,
            other => {
                let message = format!("join: a namespace {other:?} cannot be shared");
                return Err(invalid("namespace", message));
            }
        };
        let container = parse_id(&join.container_id)?;
        if container == *id || orders.iter().any(|it| it.namespace == namespace) {
            let message = "join: names a namespace twice, or the container itself";
            return Err(invalid("namespace", message));
        }
        orders.push(NamespaceOrder {
            namespace,
            container,
        });
    }
    Ok(orders)
}

fn parse_chain_ids(names: &[String]) -> Result<Vec<ChainId>, Failure> {
    if names.is_empty() {
        return Err(invalid("rootfs", "a container needs at least one layer"));
    }
    let parse = |name: &String| {
        name.parse()
            .map_err(|_| invalid("rootfs", format!("{name:?} is no ChainID")).at(name))
    };
    names.iter().map(parse).collect()
}

/// Everything here becomes lines of files in /etc.
fn parse_identity(identity: v1::IdentityFiles) -> Result<IdentitySettings, Failure> {
    let names = [&identity.hostname, &identity.domainname];
    let lists = [
        &identity.extra_hosts,
        &identity.dns_servers,
        &identity.dns_search,
        &identity.dns_options,
    ];
    let all = names.into_iter().chain(lists.into_iter().flatten());
    for text in all {
        if text.chars().any(char::is_control) {
            let message = format!("{text:?} has a control character");
            return Err(invalid("identity", message));
        }
    }
    Ok(IdentitySettings {
        hostname: identity.hostname,
        domainname: identity.domainname,
        extra_hosts: identity.extra_hosts,
        dns_servers: identity.dns_servers,
        dns_search: identity.dns_search,
        dns_options: identity.dns_options,
    })
}

pub(super) fn answer(started: Started, connection: Connection) -> v1::RunResponse {
    v1::RunResponse {
        pid: started.running.pid,
        started_at_unix_ns: started.running.started_at_unix_ns,
        addresses: connection
            .addresses
            .into_iter()
            .map(wire::address)
            .collect(),
        started_now: started.started_now,
        warnings: started.warnings,
        ports: connection.ports.into_iter().map(wire::port).collect(),
    }
}

#[cfg(test)]
mod tests {
    use longshore_runtime::FailureClass;

    use super::*;

    fn request(spec: &str) -> v1::RunRequest {
        v1::RunRequest {
            id: "ab".repeat(32),
            oci_spec: spec.as_bytes().to_vec(),
            rootfs: Some(v1::Rootfs {
                chain_ids: vec![format!("sha256:{}", "0".repeat(64))],
                read_only: false,
            }),
            ..Default::default()
        }
    }

    #[test]
    fn a_spec_without_a_network_namespace_shares_the_hosts() {
        let own = r#"{"linux":{"namespaces":[{"type":"pid"},{"type":"network"}]}}"#;
        assert!(!parse(request(own)).unwrap().host_network);
        assert!(parse(request(r#"{"linux":{}}"#)).unwrap().host_network);
    }

    #[test]
    fn a_cgroup_lies_below_its_parent_and_nowhere_else() {
        let id = "ab".repeat(32);
        let with = |path: &str| request(&format!(r#"{{"linux":{{"cgroupsPath":"{path}"}}}}"#));
        let order = parse(with(&format!("/teams/red/{id}"))).unwrap().order;
        assert_eq!(order.cgroup_path(), format!("teams/red/{id}"));
        assert_eq!(
            parse(with("")).unwrap().order.cgroup_path(),
            format!("longshore/{id}")
        );
        let bad = [
            "/teams/red".to_owned(),
            format!("/../{id}"),
            format!("a//{id}"),
            format!("system.slice:longshore:{id}"),
            format!("{}/{id}", "x".repeat(256)),
        ];
        for path in bad {
            let failure = parse(with(&path)).err().unwrap();
            assert!(failure.message.contains("linux.cgroupsPath"), "{failure}");
        }
    }

    #[test]
    fn only_other_containers_namespaces_can_be_joined_each_once() {
        let join = |namespace: &str, byte: &str| v1::NamespaceJoin {
            namespace: namespace.into(),
            container_id: byte.repeat(32),
        };
        let with = |join: Vec<v1::NamespaceJoin>| v1::RunRequest {
            join,
            ..request("{}")
        };
        let good = parse(with(vec![join("pid", "cd"), join("network", "cd")])).unwrap();
        assert_eq!(good.order.shared(), Namespaces::PID | Namespaces::NETWORK);
        assert!(!good.host_network);
        let bad = [
            vec![join("mount", "cd")],
            vec![join("pid", "ab")],
            vec![join("pid", "cd"), join("pid", "ef")],
            vec![join("pid", "x")],
        ];
        for joins in bad {
            let failure = parse(with(joins)).err().unwrap();
            assert_eq!(failure.class, FailureClass::InvalidArgument, "{failure}");
        }
    }

    #[test]
    fn ids_layers_and_names_are_checked() {
        let bad = [
            v1::RunRequest {
                id: "../../etc".into(),
                ..request("{}")
            },
            v1::RunRequest {
                rootfs: None,
                ..request("{}")
            },
            v1::RunRequest {
                oci_spec: b"{".to_vec(),
                ..request("{}")
            },
            v1::RunRequest {
                identity: Some(v1::IdentityFiles {
                    hostname: "a\nb".into(),
                    ..Default::default()
                }),
                ..request("{}")
            },
        ];
        for request in bad {
            let failure = parse(request).err().unwrap();
            assert_eq!(failure.class, FailureClass::InvalidArgument, "{failure}");
        }
    }
}
