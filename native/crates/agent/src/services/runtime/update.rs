use std::sync::Arc;

use longshore_cgroups::LimitChange;
use longshore_protocol::v1;
use longshore_runtime::Failure;
use oci_spec::runtime::LinuxResources;

use crate::containers::Containers;
use crate::failure::{invalid, parse_id};

pub(super) async fn update(
    containers: &Arc<Containers>,
    request: &v1::UpdateRequest,
) -> Result<(), Failure> {
    let id = parse_id(&request.id)?;
    let resources: LinuxResources = serde_json::from_slice(&request.oci_resources)
        .map_err(|error| invalid("resources", format!("linux.resources: {error}")))?;
    containers
        .update(&id, LimitChange::from_oci(&resources)?)
        .await
}
