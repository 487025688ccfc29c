//! The protocol's words for volumes, and ours.

use longshore_protocol::v1;
use longshore_protocol::v1::purge_trash_request::What;
use longshore_runtime::Failure;
use longshore_snapshots::ChainId;
use longshore_volumes::{Purge, StoredVolume, TrashId, TrashedVolume, VolumeName, VolumeSpec};
use tonic::Status;

use crate::failure::{invalid, of_volumes, status};

const MAX_RECORD: usize = 4 << 20;

pub(super) fn volume_name(text: &str) -> Result<VolumeName, Status> {
    VolumeName::parse(text).map_err(|error| status(&of_volumes(&error)))
}

pub(super) fn trash_id(text: &str) -> Result<TrashId, Status> {
    TrashId::parse(text).map_err(|error| status(&of_volumes(&error)))
}

pub(super) fn chain_ids(names: &[String]) -> Result<Vec<ChainId>, Failure> {
    let parse = |name: &String| {
        let parsed = name.parse();
        parsed.map_err(|_| invalid("rootfs", format!("{name:?} is no ChainID")).at(name))
    };
    names.iter().map(parse).collect()
}

pub(super) fn spec(spec: Option<v1::VolumeSpec>) -> Result<VolumeSpec, Status> {
    let spec = spec.unwrap_or_default();
    if spec.record.len() > MAX_RECORD {
        let failure = invalid("record", "what is to be kept with the volume is too long");
        return Err(status(&failure));
    }
    Ok(VolumeSpec {
        name: volume_name(&spec.name)?,
        options: spec.options.into_iter().collect(),
        record: spec.record,
    })
}

pub(super) fn wire_spec(spec: VolumeSpec) -> v1::VolumeSpec {
    v1::VolumeSpec {
        name: spec.name.into(),
        options: spec.options.into_iter().collect(),
        record: spec.record,
    }
}

pub(super) fn stored(volume: StoredVolume) -> v1::StoredVolume {
    v1::StoredVolume {
        spec: Some(wire_spec(volume.spec)),
        created_at_unix_ns: volume.created_at_unix_ns,
    }
}

pub(super) fn trashed(trashed: TrashedVolume) -> v1::TrashedVolume {
    v1::TrashedVolume {
        id: trashed.id.to_string(),
        spec: Some(wire_spec(trashed.volume.spec)),
        removed_at_unix_ns: trashed.removed_at_unix_ns,
        size_bytes: trashed.size_bytes,
    }
}

pub(super) fn purge(request: v1::PurgeTrashRequest) -> Result<Purge, Status> {
    match request.what {
        Some(What::These(these)) => {
            let ids = these.trash_ids.iter().map(|id| trash_id(id));
            Ok(Purge::These(ids.collect::<Result<_, _>>()?))
        }
        Some(What::Beyond(beyond)) => Ok(Purge::Beyond {
            removed_before_unix_ns: beyond.removed_before_unix_ns,
            max_bytes: beyond.max_bytes,
        }),
        None => {
            let failure = invalid("purge", "does not say what is to go");
            Err(status(&failure))
        }
    }
}
