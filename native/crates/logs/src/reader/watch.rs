use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, epoll, poll};
use rustix::fs::inotify;
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};

use crate::error::{Result, at};

/// How often to look when the kernel has no inotify instance left (fs.inotify.max_user_instances).
const FALLBACK_INTERVAL: Duration = Duration::from_millis(100);

/// Tells when a log may have grown, as one descriptor that becomes readable.
#[derive(Debug)]
pub(super) struct Watch {
    epoll: OwnedFd,
    changes: OwnedFd,
    _deadline: Option<OwnedFd>,
}

impl Watch {
    /// Becomes readable at `until` (Unix nanoseconds) as well.
    pub(super) fn new(dir: &Path, until: Option<i64>) -> Result<Watch> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(at("watch", dir))?;
        let changes = changes_in(dir).map_err(at("watch", dir))?;
        let deadline = until.map(deadline).transpose().map_err(at("watch", dir))?;
        for fd in [Some(&changes), deadline.as_ref()].into_iter().flatten() {
            epoll::add(
                &epoll,
                fd,
                epoll::EventData::new_u64(0),
                epoll::EventFlags::IN,
            )
            .map_err(at("watch", dir))?;
        }
        Ok(Watch {
            epoll,
            changes,
            _deadline: deadline,
        })
    }

    /// Forgets what was told so far. Call it before looking, so that nothing that comes meanwhile is missed.
    pub(super) fn drain(&self) {
        let mut events = [0; 4096];
        while rustix::io::read(&self.changes, &mut events).is_ok_and(|count| count > 0) {}
    }

    /// Blocks until the log may have grown. False when `cancel` has become readable.
    pub(super) fn wait(&self, cancel: BorrowedFd<'_>, dir: &Path) -> Result<bool> {
        let mut fds = [
            PollFd::new(&self.epoll, PollFlags::IN),
            PollFd::from_borrowed_fd(cancel, PollFlags::IN),
        ];
        loop {
            match poll(&mut fds, None) {
                Err(Errno::INTR) => {}
                Err(errno) => return Err(at("wait for", dir)(errno)),
                Ok(_) => return Ok(fds[1].revents().is_empty()),
            }
        }
    }
}

impl AsFd for Watch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}

fn changes_in(dir: &Path) -> rustix::io::Result<OwnedFd> {
    match notifier(dir) {
        Err(Errno::MFILE | Errno::NFILE | Errno::NOSPC | Errno::NOMEM | Errno::NOSYS) => ticker(),
        result => result,
    }
}

fn notifier(dir: &Path) -> rustix::io::Result<OwnedFd> {
    use inotify::{CreateFlags, WatchFlags};
    let fd = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
    let what = WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO;
    inotify::add_watch(
        &fd,
        dir,
        what | WatchFlags::DELETE_SELF | WatchFlags::ONLYDIR,
    )?;
    Ok(fd)
}

fn ticker() -> rustix::io::Result<OwnedFd> {
    let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
    let fd = timerfd_create(TimerfdClockId::Monotonic, flags)?;
    let interval = Timespec {
        tv_sec: 0,
        tv_nsec: i64::from(FALLBACK_INTERVAL.subsec_nanos()),
    };
    let times = Itimerspec {
        it_interval: interval,
        it_value: interval,
    };
    timerfd_settime(&fd, TimerfdTimerFlags::empty(), &times)?;
    Ok(fd)
}

fn deadline(until: i64) -> rustix::io::Result<OwnedFd> {
    let fd = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::CLOEXEC)?;
    // The first moment after `until`; a zero time would disarm the timer.
    let after = until.max(0).saturating_add(1);
    let it_value = Timespec {
        tv_sec: after / 1_000_000_000,
        tv_nsec: after % 1_000_000_000,
    };
    let times = Itimerspec {
        it_interval: Timespec::default(),
        it_value,
    };
    timerfd_settime(&fd, TimerfdTimerFlags::ABSTIME, &times)?;
    Ok(fd)
}
