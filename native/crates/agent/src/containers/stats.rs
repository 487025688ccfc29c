//! What running containers use, read by one reader at a time however many ask.

mod interfaces;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use longshore_cgroups::{Cgroup, Usage};
use longshore_runtime::clock::now_unix_ns;
use longshore_runtime::{Failure, Id};
use longshore_sys::pidfd;

use super::Containers;
use super::container::{Container, RunState, Running};
use crate::failure::interrupted;
pub(crate) use interfaces::InterfaceUsage;

/// The cgroup above all containers'.
const PARENT: &str = "longshore";

pub(crate) struct Sample {
    pub(crate) at_unix_ns: i64,
    pub(crate) host_cpu_ns: u64,
    pub(crate) online_cpus: u32,
    pub(crate) host_memory_bytes: u64,
    pub(crate) containers: Vec<ContainerSample>,
}

pub(crate) struct ContainerSample {
    pub(crate) id: Id,
    pub(crate) at_unix_ns: i64,
    pub(crate) usage: Usage,
    pub(crate) interfaces: Vec<InterfaceUsage>,
}

impl Containers {
    /// One look at the containers named, or at all without a name. Those that do not run are left out.
    pub(crate) async fn sample(self: &Arc<Self>, ids: &Arc<[Id]>) -> Result<Sample, Failure> {
        let _turn = self.sampling.lock().await;
        let (containers, ids) = (Arc::clone(self), Arc::clone(ids));
        let read = tokio::task::spawn_blocking(move || containers.read_sample(&ids));
        read.await.map_err(|_| interrupted("stats"))
    }

    fn read_sample(&self, ids: &[Id]) -> Sample {
        self.cgroups.count_below(PARENT);
        let host_network = network_namespace("self");
        let containers = self.chosen(ids);
        let read = |container: &Arc<Container>| match container.state() {
            RunState::Running(running) => {
                self.read_container(&container.id, &running, host_network)
            }
            _ => None,
        };
        Sample {
            at_unix_ns: now_unix_ns(),
            host_cpu_ns: host_cpu_ns(&fs::read_to_string("/proc/stat").unwrap_or_default()),
            online_cpus: std::thread::available_parallelism().map_or(1, |it| it.get() as u32),
            host_memory_bytes: rustix::system::sysinfo().totalram as u64,
            containers: containers.iter().filter_map(read).collect(),
        }
    }

    fn chosen(&self, ids: &[Id]) -> Vec<Arc<Container>> {
        let table = self.table.lock();
        let mut chosen: Vec<_> = match ids {
            [] => table.values().cloned().collect(),
            ids => ids.iter().filter_map(|id| table.get(id).cloned()).collect(),
        };
        chosen.sort_by(|left, right| left.id.cmp(&right.id));
        chosen.dedup_by(|left, right| left.id == right.id);
        chosen
    }

    /// `None` when it has ended meanwhile.
    fn read_container(
        &self,
        id: &Id,
        running: &Running,
        host_network: Option<(u64, u64)>,
    ) -> Option<ContainerSample> {
        let cgroup = Cgroup::open(&self.cgroups, &self.cgroup_path(id)).ok()?;
        let usage = cgroup.usage();
        let pid = running.pid.to_string();
        let interfaces = match network_namespace(&pid) {
            Some(own) if Some(own) != host_network => interfaces::read(&pid),
            _ => Vec::new(),
        };
        // Only as long as init is there do its pid and its cgroup stand for this container.
        pidfd::send_signal(&running.init, 0).ok()?;
        Some(ContainerSample {
            id: id.clone(),
            at_unix_ns: now_unix_ns(),
            usage,
            interfaces,
        })
    }
}

fn network_namespace(pid: &str) -> Option<(u64, u64)> {
    let namespace = fs::metadata(format!("/proc/{pid}/ns/net")).ok()?;
    Some((namespace.dev(), namespace.ino()))
}

/// The first line of /proc/stat, in ticks. What guests use is in user already (proc_stat(5)).
fn host_cpu_ns(stat: &str) -> u64 {
    let line = stat.lines().next().unwrap_or_default();
    let fields = line.split_ascii_whitespace().skip(1).take(8);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks.saturating_mul(1_000_000_000 / rustix::param::clock_ticks_per_second().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_time_counts_idle_processors_too() {
        let per_tick = 1_000_000_000 / rustix::param::clock_ticks_per_second();
        assert_eq!(host_cpu_ns("cpu  1 2 3 4 5 6 7 8 100 100\n"), 36 * per_tick);
    }
}
