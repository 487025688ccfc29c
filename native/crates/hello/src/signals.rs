//! Signals that end a program, waited for instead of handled.

use std::mem::MaybeUninit;
use std::ptr;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Signal {
    pub(crate) number: u8,
    pub(crate) name: &'static str,
}

/// Those that tell a program to end. PID 1 gets them only because they are waited for.
const ENDING: [Signal; 4] = [
    Signal {
        number: libc::SIGTERM as u8,
        name: "SIGTERM",
    },
    Signal {
        number: libc::SIGINT as u8,
        name: "SIGINT",
    },
    Signal {
        number: libc::SIGHUP as u8,
        name: "SIGHUP",
    },
    Signal {
        number: libc::SIGQUIT as u8,
        name: "SIGQUIT",
    },
];

/// From its making on, the ending signals wait until they are asked for. To be made before any thread.
pub(crate) struct EndSignals {
    set: libc::sigset_t,
}

impl EndSignals {
    pub(crate) fn block() -> Self {
        let mut set = MaybeUninit::uninit();
        // SAFETY: sigemptyset initialises the set it is given; the others get an initialised set and numbers of
        // signals that exist.
        let set = unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            let mut set = set.assume_init();
            for signal in ENDING {
                libc::sigaddset(&mut set, signal.number.into());
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, &set, ptr::null_mut());
            set
        };
        Self { set }
    }

    /// Waits for a signal; `None` after `limit` without one. Without a limit, until there is one.
    pub(crate) fn wait(&self, limit: Option<Duration>) -> Option<Signal> {
        // A limit beyond what the clock can say is none.
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        loop {
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            let number = self.wait_once(left);
            if let Some(signal) = ENDING
                .iter()
                .find(|signal| i32::from(signal.number) == number)
            {
                return Some(*signal);
            }
            // EINTR (a stop and a continue) counts as nothing.
            if left.is_some_and(|left| left.is_zero()) {
                return None;
            }
        }
    }

    fn wait_once(&self, limit: Option<Duration>) -> libc::c_int {
        let limit = limit.map(|limit| libc::timespec {
            tv_sec: limit.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: limit.subsec_nanos().into(),
        });
        let limit = limit.as_ref().map_or(ptr::null(), ptr::from_ref);
        // SAFETY: the set is initialised; the information is not asked for; the time is null or points to a value
        // that lives to the end of the call.
        unsafe { libc::sigtimedwait(&self.set, ptr::null_mut(), limit) }
    }
}

/// What a shell does with signals: Ctrl-C only ends what it reads, SIGTERM ends the shell also as PID 1.
pub(crate) fn handle_as_shell() {
    extern "C" fn nothing(_signal: libc::c_int) {}
    extern "C" fn end(signal: libc::c_int) {
        // SAFETY: _exit is async-signal-safe and does not return.
        unsafe { libc::_exit(128 + signal) }
    }
    handle(libc::SIGINT, nothing);
    handle(libc::SIGTERM, end);
}

fn handle(signal: libc::c_int, handler: extern "C" fn(libc::c_int)) {
    // SAFETY: an all-zero sigaction is a valid one (empty mask, no SA_RESTART, so that a read is interrupted); the
    // handlers above do nothing that is not async-signal-safe.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as usize;
        libc::sigaction(signal, &action, ptr::null_mut());
    }
}
