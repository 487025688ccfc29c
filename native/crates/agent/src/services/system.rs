use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use longshore_cgroups::{Controller, Mode};
use longshore_protocol::{PROTOCOL_VERSION, v1};
use longshore_runtime::{Failure, FailureClass};
use rustix::fs::{Mode as FileMode, OFlags};
use tokio::sync::Notify;
use tonic::{Request, Response, Status};

use crate::containers::Containers;
use crate::failure::{interrupted, of_files, status};

/// `longshore.agent.v1.System`: what this machine is and has.
pub(crate) struct SystemService {
    containers: Arc<Containers>,
    data: PathBuf,
    end: Arc<Notify>,
}

impl SystemService {
    /// `end` is notified when a client asks the agent to end.
    pub(crate) fn new(containers: Arc<Containers>, data: &Path, end: Arc<Notify>) -> Self {
        SystemService {
            containers,
            data: data.to_owned(),
            end,
        }
    }
}

#[tonic::async_trait]
impl v1::system_server::System for SystemService {
    async fn hello(
        &self,
        request: Request<v1::HelloRequest>,
    ) -> Result<Response<v1::HelloResponse>, Status> {
        let asked = request.into_inner().protocol_version;
        if asked != PROTOCOL_VERSION {
            let message =
                format!("the agent speaks protocol version {PROTOCOL_VERSION}, the engine {asked}");
            let failure = Failure::new(FailureClass::FailedPrecondition, "protocol", message);
            return Err(status(&failure.hint("update the older of the two")));
        }
        Ok(Response::new(self.describe()))
    }

    async fn usage(
        &self,
        _request: Request<v1::UsageRequest>,
    ) -> Result<Response<v1::UsageResponse>, Status> {
        let usage = measure(&self.data);
        let usage = usage.map_err(|error| status(&Failure::io("usage", "", &error)))?;
        Ok(Response::new(usage))
    }

    async fn data_usage(
        &self,
        _request: Request<v1::DataUsageRequest>,
    ) -> Result<Response<v1::DataUsageResponse>, Status> {
        let data = self.data.clone();
        let measured = spawn_cancellable(move |is_cancelled| data_bytes(&data, is_cancelled)).await;
        let size_bytes = measured.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::DataUsageResponse { size_bytes }))
    }

    async fn shutdown(
        &self,
        _request: Request<v1::ShutdownRequest>,
    ) -> Result<Response<v1::ShutdownResponse>, Status> {
        self.end.notify_one();
        Ok(Response::new(v1::ShutdownResponse {}))
    }
}

impl SystemService {
    fn describe(&self) -> v1::HelloResponse {
        let host = self.containers.cgroup_host();
        let mode = match host.mode() {
            Mode::V1 => v1::CgroupMode::V1,
            Mode::Hybrid => v1::CgroupMode::Hybrid,
            Mode::V2 => v1::CgroupMode::V2,
        };
        v1::HelloResponse {
            protocol_version: PROTOCOL_VERSION,
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            kernel_version: rustix::system::uname()
                .release()
                .to_string_lossy()
                .into_owned(),
            architecture: architecture().to_owned(),
            cgroup_mode: mode.into(),
            cgroup_controllers: host.controllers().iter().map(controller_name).collect(),
            cgroup_kill: host.has_kill(),
            swap_accounting: host.swap_accounting(),
            nofile_hard_limit: nofile_hard_limit(),
            firewall: self.containers.networks().firewall().to_owned(),
            warnings: Vec::new(),
            pid: rustix::process::getpid().as_raw_pid(),
        }
    }
}

/// As in OCI platforms.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn controller_name(controller: &Controller) -> String {
    controller.name().to_owned()
}

fn nofile_hard_limit() -> u64 {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.maximum.unwrap_or(u64::MAX)
}

fn measure(data: &Path) -> io::Result<v1::UsageResponse> {
    let (cpu_busy_ms, cpu_total_ms) = cpu_times(&fs::read_to_string("/proc/stat")?);
    let memory = fs::read_to_string("/proc/meminfo")?;
    let total = meminfo(&memory, "MemTotal:");
    let disk = rustix::fs::statvfs(data)?;
    Ok(v1::UsageResponse {
        cpus: std::thread::available_parallelism().map_or(1, |count| count.get() as u32),
        cpu_busy_ms,
        cpu_total_ms,
        memory_total_bytes: total,
        memory_used_bytes: total.saturating_sub(meminfo(&memory, "MemAvailable:")),
        disk_total_bytes: disk.f_blocks * disk.f_frsize,
        disk_used_bytes: (disk.f_blocks - disk.f_bfree) * disk.f_frsize,
    })
}

/// On a thread that may wait; `work` is told when nobody waits for it any more.
async fn spawn_cancellable<T: Send + 'static>(
    work: impl FnOnce(&dyn Fn() -> bool) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (alive, watched) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::task::spawn_blocking(move || work(&|| alive.is_closed()));
    let done = running.await.map_err(|_| interrupted("usage"))?;
    drop(watched);
    done
}

fn data_bytes(data: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<u64, Failure> {
    let failed = |errno: rustix::io::Errno| Failure::io("usage", data.display(), &errno.into());
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::open(data, flags, FileMode::empty()).map_err(failed)?;
    let own = rustix::fs::fstat(&folder).map_err(failed)?.st_blocks;
    let below = longshore_files::measure(folder.as_fd(), is_cancelled);
    let below = below.map_err(|error| of_files(&error))?.bytes;
    Ok(below.saturating_add(u64::try_from(own).unwrap_or(0).saturating_mul(512)))
}

/// Busy and total milliseconds from /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, in ticks. What
/// guests use is in user already (proc_stat(5)).
fn cpu_times(stat: &str) -> (u64, u64) {
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<u64> = line
        .split_ascii_whitespace()
        .skip(1)
        .take(8)
        .filter_map(|it| it.parse().ok())
        .collect();
    let total: u64 = ticks.iter().sum();
    let idle: u64 = ticks.iter().skip(3).take(2).sum();
    let per_tick = 1000 / rustix::param::clock_ticks_per_second().max(1);
    ((total - idle) * per_tick, total * per_tick)
}

/// Bytes of one line of /proc/meminfo, which counts in KiB.
fn meminfo(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = value.and_then(|rest| rest.split_ascii_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_time_is_what_is_neither_idle_nor_waiting() {
        let stat = "cpu  100 0 50 800 50 0 0 0 70 0\ncpu0 1 1 1 1\n";
        let per_tick = 1000 / rustix::param::clock_ticks_per_second();
        assert_eq!(cpu_times(stat), (150 * per_tick, 1000 * per_tick));
    }

    #[test]
    fn meminfo_counts_in_kib() {
        let text = "MemTotal:       24683904 kB\nMemFree:  1 kB\n";
        assert_eq!(meminfo(text, "MemTotal:"), 24_683_904 * 1024);
        assert_eq!(meminfo(text, "Absent:"), 0);
    }
}
