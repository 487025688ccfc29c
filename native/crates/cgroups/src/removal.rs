use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::AtFlags;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::directory::Directory;
use crate::error::{Error, Result, at};
use crate::folders;
use crate::group::Group;

/// How long killed processes may take to leave.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between tries, when a process is past its end but not yet off the kernel's list.
const PAUSE: Duration = Duration::from_millis(1);
/// A container that nests deeper than this is up to no good.
const MAX_DEPTH: usize = 64;

/// Removes the folders of all groups, killing what is in the way.
pub(crate) fn remove(groups: &[Group]) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut outcome = Ok(());
    for group in groups {
        // One that cannot go does not keep the others.
        outcome = outcome.and(remove_group(&group.directory, deadline));
        folders::prune_parents(group.directory.path());
    }
    outcome
}

fn remove_group(directory: &Directory, deadline: Instant) -> Result<()> {
    while !remove_tree(directory.path())? {
        let victims = kill_all(directory)?;
        if Instant::now() >= deadline {
            let path = directory.path().display().to_string();
            return Err(Error::Busy {
                path,
                pids: procs(directory.path())?,
            });
        }
        if victims.is_empty() {
            std::thread::sleep(PAUSE);
        }
        for victim in &victims {
            wait_for_end(victim, deadline);
        }
    }
    Ok(())
}

/// Removes a folder and those below it. False when processes are in the way.
pub(crate) fn remove_tree(path: &Path) -> Result<bool> {
    remove_tree_within(path, MAX_DEPTH)
}

fn remove_tree_within(path: &Path, depth: usize) -> Result<bool> {
    if try_rmdir(path)? {
        return Ok(true);
    }
    if depth > 0 {
        for child in children(path)? {
            if !remove_tree_within(&child, depth - 1)? {
                return Ok(false);
            }
        }
    }
    try_rmdir(path)
}

/// False when there are processes or folders in it.
fn try_rmdir(path: &Path) -> Result<bool> {
    match rustix::fs::unlinkat(rustix::fs::CWD, path, AtFlags::REMOVEDIR) {
        Ok(()) | Err(Errno::NOENT) => Ok(true),
        Err(Errno::BUSY | Errno::NOTEMPTY) => Ok(false),
        Err(errno) => Err(at("remove", path)(errno)),
    }
}

/// Sends SIGKILL to all processes. Returns those that it found, to wait for.
pub(crate) fn kill_all(directory: &Directory) -> Result<Vec<OwnedFd>> {
    let mut victims = open_all(procs(directory.path())?);
    match directory.write("cgroup.kill", "1") {
        Ok(()) => return Ok(victims),
        // v1, or before Linux 5.14.
        Err(Errno::NOENT | Errno::ACCESS | Errno::PERM) => {}
        Err(errno) => return Err(at("write", &directory.path().join("cgroup.kill"))(errno)),
    }
    // A process that is being killed can still fork: go round until nobody new appears.
    let mut known = 0;
    while victims.len() > known {
        for victim in &victims[known..] {
            // Gone already, or beyond our reach: the caller sees who remains.
            let _ = pidfd_send_signal(victim, Signal::KILL);
        }
        known = victims.len();
        let killed: Vec<i32> = victims.iter().filter_map(pid_of).collect();
        let newcomers = procs(directory.path())?;
        victims.extend(open_all(
            newcomers.into_iter().filter(|pid| !killed.contains(pid)),
        ));
    }
    Ok(victims)
}

fn open_all(pids: impl IntoIterator<Item = i32>) -> Vec<OwnedFd> {
    let pids = pids.into_iter().filter_map(Pid::from_raw);
    pids.filter_map(|pid| pidfd_open(pid, PidfdFlags::empty()).ok())
        .collect()
}

/// None when the process has ended and was reaped.
fn pid_of(pidfd: &OwnedFd) -> Option<i32> {
    use std::os::fd::AsRawFd as _;
    let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{}", pidfd.as_raw_fd())).ok()?;
    let pid = info.lines().find_map(|line| line.strip_prefix("Pid:"))?;
    pid.trim().parse().ok().filter(|pid| *pid > 0)
}

fn wait_for_end(pidfd: &OwnedFd, deadline: Instant) {
    let left = deadline.saturating_duration_since(Instant::now());
    let timeout = Timespec {
        tv_sec: left.as_secs().cast_signed(),
        tv_nsec: i64::from(left.subsec_nanos()),
    };
    // Whatever it answers, the next try to remove the folder tells.
    let _ = poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&timeout));
}

/// The processes of a folder and of those below it.
pub(crate) fn procs(path: &Path) -> Result<Vec<i32>> {
    let mut pids = Vec::new();
    collect_procs(path, MAX_DEPTH, &mut pids)?;
    Ok(pids)
}

fn collect_procs(path: &Path, depth: usize, pids: &mut Vec<i32>) -> Result<()> {
    let directory = match Directory::open(path.to_owned()) {
        Ok(directory) => directory,
        Err(Errno::NOENT) => return Ok(()),
        Err(errno) => return Err(at("open", path)(errno)),
    };
    // A threaded cgroup has no readable list; its processes are on its parent's.
    let text = directory
        .read_if_present("cgroup.procs")
        .unwrap_or_default()
        .unwrap_or_default();
    pids.extend(text.lines().filter_map(|line| line.parse::<i32>().ok()));
    if depth > 0 {
        for child in children(path)? {
            collect_procs(&child, depth - 1, pids)?;
        }
    }
    Ok(())
}

fn children(path: &Path) -> Result<Vec<std::path::PathBuf>> {
    let failed = |source| Error::Io {
        step: "list",
        path: path.display().to_string(),
        source,
    };
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let Ok(entry) = entry else { break };
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}
