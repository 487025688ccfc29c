//! Cancelling a blocking operation from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use crate::error::{Result, SnapshotError};

/// Something whose waiters look again when they are woken.
pub(crate) trait Wake: Send + Sync {
    /// Wakes every waiter. Must take the lock that the waiters check under, so that none misses it.
    fn wake(&self);
}

/// A flag shared by the one who cancels and the threads that must end. Once set it stays set.
#[derive(Clone, Default)]
pub struct Cancel {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    waiting: Mutex<Vec<Weak<dyn Wake>>>,
}

impl Cancel {
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the operation at its next step; harmless when it has ended already.
    pub fn cancel(&self) {
        self.inner.cancelled.store(true, Ordering::SeqCst);
        let waiting = std::mem::take(&mut *lock(&self.inner.waiting));
        for waker in waiting.iter().filter_map(Weak::upgrade) {
            waker.wake();
        }
    }

    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::SeqCst)
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(SnapshotError::Cancelled);
        }
        Ok(())
    }

    /// Has `waker` woken by `cancel`. Who waits checks `is_cancelled` first, under its own lock.
    pub(crate) fn wakes<W: Wake + 'static>(&self, waker: &Arc<W>) {
        let waker: Arc<dyn Wake> = waker.clone();
        lock(&self.inner.waiting).push(Arc::downgrade(&waker));
    }
}

/// A poisoned lock guards data that is still whole here: every change is a single step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition
        .wait(guard)
        .unwrap_or_else(PoisonError::into_inner)
}
