//! Hearing of it when a container runs out of memory.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{EventfdFlags, eventfd};
use rustix::fs::{CWD, Mode, OFlags, inotify, openat};

use crate::error::{Result, at};
use crate::group::Cgroup;
use crate::host::{Controller, Version};

/// Readable when the kernel may have killed for want of memory: ask [`OomWatch::take`] then.
#[derive(Debug)]
pub struct OomWatch {
    source: OwnedFd,
    version: Version,
    seen: u64,
}

impl Cgroup {
    /// `None` where the host does not limit memory.
    pub fn watch_oom(&self) -> Result<Option<OomWatch>> {
        let Some(group) = self.group_of(Controller::Memory) else {
            return Ok(None);
        };
        let path = group.directory.path();
        let source = match group.version {
            Version::V1 => watch_v1(path),
            Version::V2 => watch_v2(path),
        };
        let source = source.map_err(at("watch", path))?;
        Ok(Some(OomWatch {
            source,
            version: group.version,
            seen: self.oom_kills()?,
        }))
    }
}

impl OomWatch {
    /// Whether the kernel has killed since the last time, or (v1) is about to.
    pub fn take(&mut self, cgroup: &Cgroup) -> Result<bool> {
        let told = rustix::io::read(&self.source, &mut [0u8; 1024]).is_ok();
        let kills = cgroup.oom_kills()?;
        let more = kills > self.seen;
        self.seen = kills;
        // On v1 the notification comes before the kill is counted, and only for lack of memory.
        Ok(more || (told && self.version == Version::V1))
    }
}

impl AsFd for OomWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.source.as_fd()
    }
}

/// An eventfd registered with the folder (Documentation/admin-guide/cgroup-v1/memory.rst, 10. OOM Control).
fn watch_v1(path: &std::path::Path) -> rustix::io::Result<OwnedFd> {
    use std::os::fd::AsRawFd;
    let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
    let flags = OFlags::CLOEXEC;
    let oom = openat(
        CWD,
        path.join("memory.oom_control"),
        OFlags::RDONLY | flags,
        Mode::empty(),
    )?;
    let control = openat(
        CWD,
        path.join("cgroup.event_control"),
        OFlags::WRONLY | flags,
        Mode::empty(),
    )?;
    let registration = format!("{} {}", event.as_raw_fd(), oom.as_raw_fd());
    rustix::io::write(&control, registration.as_bytes())?;
    Ok(event)
}

/// The kernel marks memory.events as modified (Documentation/admin-guide/cgroup-v2.rst).
fn watch_v2(path: &std::path::Path) -> rustix::io::Result<OwnedFd> {
    let notifier = inotify::init(inotify::CreateFlags::CLOEXEC | inotify::CreateFlags::NONBLOCK)?;
    inotify::add_watch(
        &notifier,
        path.join("memory.events"),
        inotify::WatchFlags::MODIFY,
    )?;
    Ok(notifier)
}
