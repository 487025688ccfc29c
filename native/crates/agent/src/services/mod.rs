//! The gRPC services: requests checked and put into our own words, answers put into the protocol's.

mod builds;
mod files;
mod networks;
mod runtime;
mod snapshots;
mod system;
mod volumes;

pub(crate) use builds::BuildsService;
pub(crate) use files::FilesService;
pub(crate) use networks::NetworksService;
pub(crate) use runtime::RuntimeService;
pub(crate) use snapshots::SnapshotsService;
pub(crate) use system::SystemService;
pub(crate) use volumes::VolumesService;
