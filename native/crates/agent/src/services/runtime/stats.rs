use std::sync::Arc;
use std::time::Duration;

use longshore_cgroups::{BlockDeviceUsage, CpuUsage, MemoryUsage, PidsUsage};
use longshore_protocol::v1;
use longshore_runtime::{Failure, Id};
use tokio::time::{MissedTickBehavior, interval};
use tonic::{Response, Status};

use super::Answers;
use crate::containers::{ContainerSample, Containers, InterfaceUsage, Sample};
use crate::failure::{parse_id, status};

/// Nobody can look faster, and reading costs.
const SHORTEST: Duration = Duration::from_millis(100);

pub(super) fn stats(
    containers: &Arc<Containers>,
    request: &v1::StatsRequest,
) -> Result<Response<Answers<v1::StatsBatch>>, Status> {
    let ids: Result<Arc<[Id]>, Failure> = request.ids.iter().map(|id| parse_id(id)).collect();
    let ids = ids.map_err(|failure| status(&failure))?;
    let period = match request.interval_ms {
        0 => None,
        period => Some(Duration::from_millis(period.into()).max(SHORTEST)),
    };
    let containers = Arc::clone(containers);
    Ok(Response::new(Box::pin(async_stream::stream! {
        let mut ticks = period.map(interval);
        if let Some(ticks) = &mut ticks {
            // For a reader that is slow there are fewer batches, not a queue of old ones.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            if let Some(ticks) = &mut ticks {
                ticks.tick().await;
            }
            let sample = containers.sample(&ids).await;
            yield sample.map(batch).map_err(|failure| status(&failure));
            if ticks.is_none() {
                return;
            }
        }
    })))
}

fn batch(sample: Sample) -> v1::StatsBatch {
    v1::StatsBatch {
        at_unix_ns: sample.at_unix_ns,
        containers: sample.containers.into_iter().map(container).collect(),
        host_cpu_ns: sample.host_cpu_ns,
        online_cpus: sample.online_cpus,
        host_memory_bytes: sample.host_memory_bytes,
    }
}

fn container(sample: ContainerSample) -> v1::ContainerStats {
    let usage = sample.usage;
    v1::ContainerStats {
        id: sample.id.into(),
        at_unix_ns: sample.at_unix_ns,
        cpu: Some(cpu(usage.cpu)),
        memory: Some(memory(usage.memory)),
        pids: Some(pids(usage.pids)),
        block_devices: usage.block_devices.into_iter().map(block_device).collect(),
        interfaces: sample.interfaces.into_iter().map(interface).collect(),
    }
}

fn cpu(usage: CpuUsage) -> v1::CpuStats {
    v1::CpuStats {
        usage_ns: usage.usage_ns,
        user_ns: usage.user_ns,
        system_ns: usage.system_ns,
        per_cpu_ns: usage.per_cpu_ns,
        periods: usage.periods,
        throttled_periods: usage.throttled_periods,
        throttled_ns: usage.throttled_ns,
    }
}

fn memory(usage: MemoryUsage) -> v1::MemoryStats {
    v1::MemoryStats {
        usage_bytes: usage.usage,
        max_usage_bytes: usage.max_usage,
        limit_bytes: usage.limit.unwrap_or(0),
        anon_bytes: usage.anon,
        file_bytes: usage.file,
        inactive_file_bytes: usage.inactive_file,
        kernel_bytes: usage.kernel,
        swap_bytes: usage.swap,
        oom_kills: usage.oom_kills,
    }
}

fn pids(usage: PidsUsage) -> v1::PidsStats {
    v1::PidsStats {
        current: usage.current,
        limit: usage.limit.unwrap_or(0),
    }
}

fn block_device(usage: BlockDeviceUsage) -> v1::BlockDeviceStats {
    v1::BlockDeviceStats {
        major: usage.major,
        minor: usage.minor,
        read_bytes: usage.read_bytes,
        write_bytes: usage.write_bytes,
        read_operations: usage.read_operations,
        write_operations: usage.write_operations,
    }
}

fn interface(usage: InterfaceUsage) -> v1::InterfaceStats {
    v1::InterfaceStats {
        interface: usage.interface,
        received_bytes: usage.received.bytes,
        received_packets: usage.received.packets,
        received_errors: usage.received.errors,
        received_dropped: usage.received.dropped,
        sent_bytes: usage.sent.bytes,
        sent_packets: usage.sent.packets,
        sent_errors: usage.sent.errors,
        sent_dropped: usage.sent.dropped,
    }
}
