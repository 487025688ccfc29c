//! Mounts of volumes: the spec names a volume, the container gets a bind of its data.

use std::collections::BTreeMap;

use longshore_runtime::store::ContainerDirectory;
use longshore_runtime::{Failure, Id};
use longshore_volumes::VolumeName;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::{Containers, StartRequest};
use crate::failure::{invalid, of_volumes};
use crate::report;

const VOLUME: &str = "volume";

#[derive(Deserialize, Serialize)]
struct SpecMount {
    destination: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    options: Vec<String>,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

/// What of `linux` decides here.
#[derive(Default, Deserialize)]
struct Users {
    #[serde(rename = "uidMappings", default)]
    mappings: Vec<serde_json::Value>,
}

impl Containers {
    /// Puts the place of each volume's data into the spec. The container has the volumes from now on, until
    /// [`Containers::release_volumes`].
    pub(super) fn acquire_volumes(&self, request: &mut StartRequest) -> Result<(), Failure> {
        // Most containers have none, and their specs are not taken apart.
        if !request.spec.get().contains("\"volume\"") {
            return Ok(());
        }
        let wrong = |error: serde_json::Error| invalid("spec", format!("config.json: {error}"));
        let mut spec: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(request.spec.get()).map_err(wrong)?;
        let users: Users = read(&spec, "linux").map_err(wrong)?.unwrap_or_default();
        let mut mounts: Vec<SpecMount> = read(&spec, "mounts").map_err(wrong)?.unwrap_or_default();
        let id = &request.order.id;
        for mount in mounts.iter_mut().filter(|mount| mount.kind == VOLUME) {
            let name = volume_name(&mount.source)?;
            let options = bind_options(mount, !users.mappings.is_empty())?;
            let data = self.volumes.acquire(&name, id.as_str());
            let data = data.map_err(|error| of_volumes(&error))?;
            mount.kind = "bind".to_owned();
            mount.source = data.display().to_string();
            mount.options = options;
            request.order.volumes.push(name.into());
        }
        spec.insert("mounts".to_owned(), to_raw_value(&mounts).map_err(wrong)?);
        request.spec = to_raw_value(&spec).map_err(wrong)?;
        Ok(())
    }

    pub(super) fn release_volumes(&self, id: &Id) {
        if let Err(error) = self.volumes.release(id.as_str()) {
            report::error("volume", format_args!("{id}: {error}"));
        }
    }

    /// Of a container that an earlier agent has started.
    pub(super) fn adopt_volumes(&self, id: &Id, directory: &ContainerDirectory) {
        let bundle = directory.bundle().ok().flatten();
        let names = bundle
            .map(|bundle| bundle.order.volumes)
            .unwrap_or_default();
        let names = names.iter().filter_map(|name| VolumeName::parse(name).ok());
        self.volumes.adopt(id.as_str(), names);
    }

    pub(super) fn unmount_unused_volumes(&self) {
        if let Err(error) = self.volumes.unmount_unused() {
            report::error("volume", error);
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(
    spec: &BTreeMap<String, Box<RawValue>>,
    field: &str,
) -> Result<Option<T>, serde_json::Error> {
    let value = spec
        .get(field)
        .map(|value| serde_json::from_str(value.get()));
    value.transpose()
}

fn volume_name(text: &str) -> Result<VolumeName, Failure> {
    VolumeName::parse(text).map_err(|error| of_volumes(&error))
}

/// Later mounts of the host do not show. In a container with mapped users files have owners as it sees them.
fn bind_options(mount: &SpecMount, has_mapped_users: bool) -> Result<Vec<String>, Failure> {
    let mut options = vec!["rbind".to_owned(), "rprivate".to_owned()];
    for option in &mount.options {
        match option.as_str() {
            "ro" => options.extend(["ro".to_owned(), "rro".to_owned()]),
            "rw" => options.push("rw".to_owned()),
            subpath if subpath.starts_with("subpath=") => options.push(subpath.to_owned()),
            other => {
                let message = format!("{other:?} is no option of a volume mount");
                return Err(invalid("mount", message).at(&mount.destination));
            }
        }
    }
    if has_mapped_users {
        options.push("idmap".to_owned());
    }
    Ok(options)
}
