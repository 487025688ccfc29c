//! The processes of a container, as /proc shows them to the host.

mod parse;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use longshore_cgroups::Cgroup;
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_sys::pidfd;
use rustix::fs::{Mode, OFlags};
use tokio::time::timeout;

use super::Containers;
use crate::failure::{self, interrupted};
use parse::Clock;

/// What one answer holds at most.
const MAX_PROCESSES: usize = 4096;
/// Of one process's arguments.
const MAX_ARGUMENTS: u64 = 4096;
/// Of its other files.
const MAX_FILE: u64 = 16 * 1024;
/// To read the arguments the kernel waits for the process's memory map, which a stuck process may hold.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct ProcessTable {
    /// By host pid.
    pub(crate) processes: Vec<ProcessInfo>,
    pub(crate) truncated: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ProcessInfo {
    pub(crate) pid: i32,
    pub(crate) parent_pid: i32,
    pub(crate) pid_inside: i32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) tty: String,
    pub(crate) started_at_unix_ns: i64,
    pub(crate) cpu_ns: u64,
    pub(crate) state: String,
    pub(crate) resident_bytes: u64,
    pub(crate) virtual_bytes: u64,
    pub(crate) threads: u32,
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
}

impl Containers {
    pub(crate) async fn processes(self: &Arc<Self>, id: &Id) -> Result<ProcessTable, Failure> {
        let container = self.get(id)?;
        let running = container.running()?;
        let inspecting = Arc::clone(&container.inspecting).try_acquire_owned();
        let inspecting = inspecting.map_err(|_| failure::too_busy(id))?;
        let (containers, id) = (Arc::clone(self), id.clone());
        let read = tokio::task::spawn_blocking(move || {
            let _inspecting = inspecting;
            let table = containers.read_processes(&id)?;
            match pidfd::send_signal(&running.init, 0) {
                Ok(()) => Ok(table),
                Err(_) => Err(failure::not_running(&id)),
            }
        });
        match timeout(PATIENCE, read).await {
            Ok(table) => table.map_err(|_| interrupted("processes"))?,
            Err(_) => {
                let message = "a process of the container is stuck in the kernel";
                Err(Failure::new(
                    FailureClass::Unavailable,
                    "processes",
                    message,
                ))
            }
        }
    }

    fn read_processes(&self, id: &Id) -> Result<ProcessTable, Failure> {
        let cgroup = Cgroup::open(&self.cgroups, &self.cgroup_path(id))?;
        let clock = Clock::now();
        let found: BTreeSet<i32> = cgroup.procs()?.into_iter().collect();
        let truncated = found.len() > MAX_PROCESSES;
        let open = |pid: i32| Some((pid, open_process(pid)?));
        let opened: Vec<_> = found
            .into_iter()
            .take(MAX_PROCESSES)
            .filter_map(open)
            .collect();
        // A pid may have changed hands before it was opened. Whoever is still in the cgroup is meant, and a folder of
        // /proc stays with its process.
        let still: BTreeSet<i32> = cgroup.procs()?.into_iter().collect();
        let processes = opened
            .iter()
            .filter(|(pid, _)| still.contains(pid))
            .filter_map(|(pid, folder)| read_process(*pid, folder, &clock))
            .collect();
        Ok(ProcessTable {
            processes,
            truncated,
        })
    }
}

fn open_process(pid: i32) -> Option<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(format!("/proc/{pid}"), flags, Mode::empty()).ok()
}

/// `None` when it has ended.
fn read_process(pid: i32, folder: &OwnedFd, clock: &Clock) -> Option<ProcessInfo> {
    let stat = read(folder, "stat", MAX_FILE)?;
    let status = read(folder, "status", MAX_FILE)?;
    let mut process = parse::stat(pid, &String::from_utf8_lossy(&stat), clock)?;
    parse::status(&String::from_utf8_lossy(&status), &mut process);
    process.args = parse::arguments(&read(folder, "cmdline", MAX_ARGUMENTS).unwrap_or_default());
    Some(process)
}

fn read(folder: &OwnedFd, name: &str, most: u64) -> Option<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let file = rustix::fs::openat(folder, name, flags, Mode::empty()).ok()?;
    let mut bytes = Vec::new();
    File::from(file).take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
