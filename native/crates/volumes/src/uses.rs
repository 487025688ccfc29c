//! Who uses which volume now, and how long work on one keeps others away.

use std::collections::{BTreeSet, HashMap};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};

use crate::error::{Result, VolumeError};
use crate::name::VolumeName;

/// One volume's gate.
#[derive(Default)]
pub(crate) struct Gate {
    /// Shared by whoever reads it or changes single files; alone by whoever changes it as a whole.
    work: RwLock<()>,
    /// Containers that run with it and work that needs its mount.
    users: Mutex<BTreeSet<String>>,
}

#[derive(Default)]
pub(crate) struct Uses {
    gates: Mutex<HashMap<VolumeName, Arc<Gate>>>,
}

impl Uses {
    pub(crate) fn gate(&self, name: &VolumeName) -> Arc<Gate> {
        Arc::clone(lock(&self.gates).entry(name.clone()).or_default())
    }

    /// A gate that nobody stands at goes.
    pub(crate) fn forget(&self, name: &VolumeName) {
        let mut gates = lock(&self.gates);
        let is_idle = |gate: &Arc<Gate>| Arc::strong_count(gate) == 1 && gate.users().is_empty();
        if gates.get(name).is_some_and(is_idle) {
            gates.remove(name);
        }
    }

    /// Volumes that this user has.
    pub(crate) fn of(&self, user: &str) -> Vec<VolumeName> {
        let gates = lock(&self.gates);
        let has = gates.iter().filter(|(_, gate)| gate.users().contains(user));
        has.map(|(name, _)| name.clone()).collect()
    }
}

impl Gate {
    pub(crate) fn share(&self) -> RwLockReadGuard<'_, ()> {
        self.work.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for others.
    pub(crate) fn close(&self) -> RwLockWriteGuard<'_, ()> {
        self.work.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails when somebody works on it, or has it.
    pub(crate) fn close_unused(&self, name: &VolumeName) -> Result<RwLockWriteGuard<'_, ()>> {
        let closed = match self.work.try_write() {
            Ok(closed) => closed,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err(VolumeError::Busy {
                    name: name.to_string(),
                });
            }
        };
        let users: Vec<String> = self.users().iter().cloned().collect();
        match users.is_empty() {
            true => Ok(closed),
            false => Err(VolumeError::InUse {
                name: name.to_string(),
                users,
            }),
        }
    }

    /// Nothing that guards it can fail in the middle.
    pub(crate) fn users(&self) -> MutexGuard<'_, BTreeSet<String>> {
        lock(&self.users)
    }
}

/// A poisoned lock guards data that is still whole here: every change is a single step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
