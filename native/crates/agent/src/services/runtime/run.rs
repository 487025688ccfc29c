use longshore_protocol::v1;
use longshore_runtime::store::{AssignedAddress, IdentitySettings, LogSettings, RunOrder};
use longshore_runtime::{Failure, FailureClass};
use longshore_snapshots::ChainId;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::containers::{StartRequest, Started};
use crate::failure::{invalid, parse_id};

/// The parts of an OCI spec that decide here; the supervisor reads the rest.
#[derive(Deserialize)]
struct SpecOutline {
    linux: Option<LinuxOutline>,
}

#[derive(Deserialize)]
struct LinuxOutline {
    #[serde(default)]
    namespaces: Vec<NamespaceOutline>,
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
    let (spec, host_network) = parse_spec(&request.oci_spec)?;
    let log = request.log.unwrap_or_default();
    let network = parse_networks(request.networks)?;
    let order = RunOrder {
        id,
        chain_ids: rootfs.chain_ids,
        layers: Vec::new(),
        rootfs_read_only: rootfs.read_only,
        log: LogSettings {
            max_size_bytes: log.max_size_bytes,
            max_files: log.max_files,
        },
        networked: network.is_some(),
        seccomp_profile: request.seccomp_profile,
        identity: parse_identity(request.identity.unwrap_or_default())?,
        user: Some(request.user).filter(|user| !user.is_empty()),
        additional_groups: request.additional_groups,
        init: request.init,
        open_stdin: request.open_stdin,
        stdin_once: request.stdin_once,
    };
    Ok(StartRequest {
        order,
        chain_ids,
        spec,
        network,
        host_network,
    })
}

fn parse_spec(bytes: &[u8]) -> Result<(Box<RawValue>, bool), Failure> {
    let wrong = |error: &dyn std::fmt::Display| invalid("spec", format!("config.json: {error}"));
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(&error))?;
    let outline: SpecOutline = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    let spec = RawValue::from_string(text.to_owned()).map_err(|error| wrong(&error))?;
    let namespaces = outline
        .linux
        .map(|linux| linux.namespaces)
        .unwrap_or_default();
    Ok((
        spec,
        !namespaces
            .iter()
            .any(|namespace| namespace.kind == "network"),
    ))
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

fn parse_networks(networks: Vec<v1::NetworkAttachment>) -> Result<Option<String>, Failure> {
    if networks.len() > 1 {
        let message = "a container on several networks is not supported yet";
        return Err(Failure::new(
            FailureClass::NotImplemented,
            "network",
            message,
        ));
    }
    Ok(networks
        .into_iter()
        .next()
        .map(|attachment| attachment.network))
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

pub(super) fn answer(started: Started) -> v1::RunResponse {
    v1::RunResponse {
        pid: started.running.pid,
        started_at_unix_ns: started.running.started_at_unix_ns,
        addresses: started
            .running
            .addresses()
            .into_iter()
            .map(address)
            .collect(),
        started_now: started.started_now,
        warnings: started.warnings,
    }
}

pub(super) fn address(address: AssignedAddress) -> v1::AssignedAddress {
    v1::AssignedAddress {
        network: address.network,
        interface: address.interface,
        address: address.address,
        gateway: address.gateway,
        mac: address.mac,
    }
}

#[cfg(test)]
mod tests {
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
