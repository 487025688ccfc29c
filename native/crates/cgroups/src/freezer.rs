//! Stopping all processes of a container, and letting them go on.

use std::io;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use crate::create::check_path;
use crate::directory::Directory;
use crate::error::{Error, Result, at};
use crate::group::Cgroup;
use crate::host::{CgroupHost, Version};
use crate::mounts::mount_of_v1;
use crate::removal::remove_tree;
use crate::v2::flat_key;

/// Between looks at a v1 freezer, which tells nobody when it is done.
const PAUSE: Duration = Duration::from_millis(1);
/// Rounds of moving processes into a v1 freezer: children of those that have moved are born there.
const ROUNDS: usize = 100;

/// The switch of one container. On hosts without the unified hierarchy the container joins the v1 freezer when it is
/// first frozen.
#[derive(Debug)]
pub struct Freezer {
    cgroup: Cgroup,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Unified,
    /// The container's folder in the v1 freezer hierarchy; there only once it was frozen.
    V1(PathBuf),
}

impl CgroupHost {
    /// The freezer of the cgroup that [`CgroupHost::create`] made at `path`.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the host has neither the unified hierarchy nor a v1 freezer.
    pub fn freezer(&self, path: &str) -> Result<Freezer> {
        check_path(path)?;
        let cgroup = Cgroup::open(self, path)?;
        let place = match cgroup.unified() {
            Some(_) => Place::Unified,
            None => Place::V1(v1_freezer()?.join(path)),
        };
        Ok(Freezer { cgroup, place })
    }
}

impl Freezer {
    /// Returns when every process stands still. Frozen already is a success.
    ///
    /// # Errors
    /// [`Error::Io`] of kind `TimedOut` when a process does not stop within `patience`, being deep in the kernel; then
    /// all go on.
    pub fn freeze(&self, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        let frozen = match &self.place {
            Place::Unified => self.freeze_unified(deadline),
            Place::V1(path) => self.freeze_v1(path, deadline),
        };
        if frozen.is_err() {
            // The first failure is the one to tell.
            let _ = self.thaw();
        }
        frozen
    }

    /// Not frozen is a success.
    pub fn thaw(&self) -> Result<()> {
        match &self.place {
            Place::Unified => self.write_unified("0"),
            Place::V1(path) => match Directory::open(path.clone()) {
                Ok(directory) => directory
                    .write("freezer.state", "THAWED")
                    .map_err(at("thaw", path)),
                Err(Errno::NOENT) => Ok(()),
                Err(errno) => Err(at("open", path)(errno)),
            },
        }
    }

    /// Whether somebody has asked for it, be all processes standing still yet or not.
    pub fn is_frozen(&self) -> Result<bool> {
        match &self.place {
            Place::Unified => {
                let state = self.unified()?.read_if_present("cgroup.freeze")?;
                Ok(state.is_some_and(|state| state.trim() == "1"))
            }
            Place::V1(path) => match Directory::open(path.clone()) {
                Ok(directory) => Ok(directory.read("freezer.state")?.trim() != "THAWED"),
                Err(Errno::NOENT) => Ok(false),
                Err(errno) => Err(at("open", path)(errno)),
            },
        }
    }

    fn unified(&self) -> Result<&Directory> {
        let group = self.cgroup.unified();
        group
            .map(|group| &group.directory)
            .ok_or_else(|| unsupported("it has left the unified hierarchy"))
    }

    fn write_unified(&self, value: &str) -> Result<()> {
        let directory = self.unified()?;
        match directory.write("cgroup.freeze", value) {
            Err(Errno::NOENT) => Err(unsupported("the kernel is older than 5.2")),
            written => written.map_err(at("freeze", directory.path())),
        }
    }

    fn freeze_unified(&self, deadline: Instant) -> Result<()> {
        let directory = self.unified()?;
        let path = directory.path().join("cgroup.events");
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let events = openat(directory.as_fd(), "cgroup.events", flags, Mode::empty())
            .map_err(at("open", &path))?;
        self.write_unified("1")?;
        let mut buffer = [0; 256];
        loop {
            let count = rustix::io::pread(&events, &mut buffer, 0).map_err(at("read", &path))?;
            if flat_key(&String::from_utf8_lossy(&buffer[..count]), "frozen") == 1 {
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(self.does_not_stop());
            }
            // The kernel marks the file when a value in it changes (Documentation/admin-guide/cgroup-v2.rst).
            wait_for_change(PollFd::new(&events, PollFlags::PRI), left);
        }
    }

    fn freeze_v1(&self, path: &PathBuf, deadline: Instant) -> Result<()> {
        std::fs::create_dir_all(path).map_err(|source| Error::Io {
            step: "make",
            path: path.display().to_string(),
            source,
        })?;
        let directory = Directory::open(path.clone()).map_err(at("open", path))?;
        self.join_v1(&directory)?;
        loop {
            // Again and again: a process that is about to be traced or woken may slip the first time.
            directory
                .write("freezer.state", "FROZEN")
                .map_err(at("freeze", path))?;
            if directory.read("freezer.state")?.trim() == "FROZEN" {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(self.does_not_stop());
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn join_v1(&self, directory: &Directory) -> Result<()> {
        for _ in 0..ROUNDS {
            let inside = crate::removal::procs(directory.path())?;
            let outside = self.cgroup.procs()?;
            let mut moved = false;
            for pid in outside.iter().filter(|pid| !inside.contains(pid)) {
                match directory.write("cgroup.procs", &pid.to_string()) {
                    Ok(()) => moved = true,
                    // It has ended meanwhile.
                    Err(Errno::SRCH) => {}
                    Err(errno) => return Err(at("join", directory.path())(errno)),
                }
            }
            if !moved {
                return Ok(());
            }
        }
        Err(self.does_not_stop())
    }

    fn does_not_stop(&self) -> Error {
        let path = match &self.place {
            Place::Unified => self.unified().map(|it| it.path().to_owned()),
            Place::V1(path) => Ok(path.clone()),
        };
        let reason = "a process does not stop";
        Error::Io {
            step: "freeze",
            path: path.unwrap_or_default().display().to_string(),
            source: io::Error::new(io::ErrorKind::TimedOut, reason),
        }
    }
}

impl CgroupHost {
    /// Removes the folder that a v1 freezer may have of a container that is gone. False while processes are in it.
    pub fn remove_freezer(&self, path: &str) -> Result<bool> {
        check_path(path)?;
        if self.hierarchies.iter().any(|it| it.version == Version::V2) {
            return Ok(true);
        }
        match v1_freezer() {
            Ok(mount) => remove_tree(&mount.join(path)),
            // Then nothing was ever frozen.
            Err(Error::Unsupported { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

fn v1_freezer() -> Result<PathBuf> {
    const MOUNTS: &str = "/proc/thread-self/mountinfo";
    let mounts = std::fs::read_to_string(MOUNTS).map_err(|source| Error::Io {
        step: "read",
        path: MOUNTS.to_owned(),
        source,
    })?;
    mount_of_v1(&mounts, "freezer").ok_or_else(|| unsupported("there is no freezer"))
}

fn unsupported(reason: &str) -> Error {
    Error::Unsupported {
        limit: "pause",
        reason: reason.to_owned(),
    }
}

fn wait_for_change(file: PollFd<'_>, most: Duration) {
    let timeout = Timespec {
        tv_sec: most.as_secs().cast_signed(),
        tv_nsec: i64::from(most.subsec_nanos()),
    };
    // Whatever it answers, the next look tells.
    let _ = poll(&mut [file], Some(&timeout));
}
