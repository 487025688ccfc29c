//! Signal dispositions and masks of a single-threaded process.

use crate::{Result, check};

/// One past the last signal of the kernel.
const END: i32 = 65;

/// A set of signals.
#[derive(Clone, Copy)]
pub struct SignalSet(libc::sigset_t);

impl SignalSet {
    #[must_use]
    pub fn empty() -> SignalSet {
        // SAFETY: sigset_t is plain integers; all zeroes is the empty set.
        SignalSet(unsafe { std::mem::zeroed() })
    }

    #[must_use]
    pub fn all() -> SignalSet {
        let mut set = SignalSet::empty();
        // SAFETY: the pointer is to a set that this function owns.
        unsafe { libc::sigfillset(&raw mut set.0) };
        set
    }

    /// Makes this the calling thread's mask of blocked signals.
    pub fn block_exactly(&self) -> Result<()> {
        // SAFETY: the set outlives the call; the old mask is not asked for.
        check(
            unsafe {
                libc::sigprocmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut())
            }
            .into(),
        )
        .map(drop)
    }

    /// Waits for one of the set's signals, which must be blocked, and takes it.
    pub fn wait(&self) -> Result<i32> {
        rustix::io::retry_on_intr(|| {
            // SAFETY: the set outlives the call; no siginfo is asked for.
            check(unsafe { libc::sigwaitinfo(&raw const self.0, std::ptr::null_mut()) }.into())
        })
        .map(|signal| signal as i32)
    }
}

/// Gives every signal its default action and blocks none, as a new program expects it: ignored signals (Rust's
/// runtime ignores SIGPIPE) and blocked ones would survive an exec.
pub fn reset() -> Result<()> {
    // The kernel's own sigaction, all zeroes: SIG_DFL, no flags, an empty mask. libc's would leave out the two signals
    // that it keeps to itself, which a parent may have ignored too.
    let default = [0_u64; 4];
    for signal in 1..END {
        // SAFETY: the structure is larger than the kernel reads and outlives the call, and no handler is installed.
        // SIGKILL and SIGSTOP refuse, rightly.
        unsafe {
            libc::syscall(
                libc::SYS_rt_sigaction,
                signal,
                default.as_ptr(),
                std::ptr::null_mut::<u64>(),
                size_of::<u64>(),
            )
        };
    }
    SignalSet::empty().block_exactly()
}

/// Ignores one signal from now on.
pub fn ignore(signal: i32) -> Result<()> {
    // SAFETY: SIG_IGN is no handler of ours.
    let before = unsafe { libc::signal(signal, libc::SIG_IGN) };
    if before == libc::SIG_ERR {
        check(-1).map(drop)
    } else {
        Ok(())
    }
}
