//! Whether a connection can be opened, tried from where the container stands.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use longshore_network::{Probe, ProbeOutcome};
use longshore_protocol::v1;
use longshore_runtime::Failure;

use crate::containers::Containers;
use crate::failure::{invalid, parse_id};

/// The usual patience, and the longest.
const TIMEOUT_MS: u32 = 3000;
const LONGEST_TIMEOUT_MS: u32 = 30_000;

pub(super) async fn probe(
    containers: &Arc<Containers>,
    request: v1::ProbeRequest,
) -> Result<v1::ProbeResponse, Failure> {
    let refuse = |_| invalid("probe", format!("port: {} is no port", request.port));
    let port = u16::try_from(request.port).map_err(refuse)?;
    let timeout = match request.timeout_ms {
        0 => TIMEOUT_MS,
        wanted => wanted.min(LONGEST_TIMEOUT_MS),
    };
    let probe = Probe {
        host: request.host,
        port,
        timeout: Duration::from_millis(timeout.into()),
    };
    let from = match request.from_container_id.as_str() {
        "" => None,
        id => Some(parse_id(id)?),
    };
    let report = containers.probe(from.as_ref(), probe).await?;
    let outcome = match report.outcome {
        ProbeOutcome::Connected => v1::ProbeOutcome::Connected,
        ProbeOutcome::Refused => v1::ProbeOutcome::Refused,
        ProbeOutcome::TimedOut => v1::ProbeOutcome::TimedOut,
        ProbeOutcome::Unreachable => v1::ProbeOutcome::Unreachable,
        ProbeOutcome::UnknownName => v1::ProbeOutcome::UnknownName,
    };
    Ok(v1::ProbeResponse {
        outcome: outcome.into(),
        addresses: report.addresses.iter().map(IpAddr::to_string).collect(),
        round_trip_us: u64::try_from(report.round_trip.as_micros()).unwrap_or(u64::MAX),
        reason: report.reason,
    })
}
