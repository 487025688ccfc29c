//! Who uses a volume's data, and what the driver mounts for them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use longshore_files::View;

use crate::driver;
use crate::error::Result;
use crate::name::VolumeName;
use crate::options::LocalOptions;
use crate::record::{DATA, VolumeRecord};
use crate::store::{VolumeStore, unknown};
use crate::uses::Gate;

impl VolumeStore {
    /// Where the data is for a container that is about to run, mounted if need be; until [`VolumeStore::release`].
    pub fn acquire(&self, name: &VolumeName, user: &str) -> Result<PathBuf> {
        let gate = self.existing(name)?;
        let _shared = gate.share();
        self.mount_for(&gate, name, user)
    }

    /// The user needs no volume any more. What the driver mounted for it alone goes.
    pub fn release(&self, user: &str) -> Result<()> {
        let mut first_failure = Ok(());
        for name in self.uses.of(user) {
            let released = self.unmount_for(&self.uses.gate(&name), &name, user);
            first_failure = first_failure.and(released);
        }
        first_failure
    }

    /// After a restart: a container that runs has these.
    pub fn adopt(&self, user: &str, names: impl IntoIterator<Item = VolumeName>) {
        for name in names {
            self.uses.gate(&name).users().insert(user.to_owned());
        }
    }

    /// After a restart, when all users are known: what the driver mounted for those that are gone goes.
    pub fn unmount_unused(&self) -> Result<()> {
        for name in self.names()? {
            let is_used = !self.uses.gate(&name).users().is_empty();
            let data = self.volume(&name).join(DATA);
            if !is_used && driver::is_mounted(&data) {
                driver::unmount_all(&data)?;
            }
            self.uses.forget(&name);
        }
        Ok(())
    }

    /// Its files, to look at or to change one by one. It cannot be removed as long as the answer is held.
    pub fn open_files(&self, name: &VolumeName) -> Result<OpenVolume<'_>> {
        let gate = self.existing(name)?;
        let user = format!("look-{}", self.next_look.fetch_add(1, Ordering::Relaxed));
        OpenVolume::new(self, gate, name.clone(), user)
    }

    fn mount_for(&self, gate: &Gate, name: &VolumeName, user: &str) -> Result<PathBuf> {
        let volume = self.volume(name);
        let data = volume.join(DATA);
        if !data.is_dir() {
            return Err(unknown(name));
        }
        let mut users = gate.users();
        if users.is_empty() {
            let options = LocalOptions::parse(&VolumeRecord::read(&volume).options)?;
            driver::unmount_all(&data)?;
            driver::mount(name, &options, &data)?;
        }
        users.insert(user.to_owned());
        Ok(data)
    }

    fn unmount_for(&self, gate: &Gate, name: &VolumeName, user: &str) -> Result<()> {
        let mut users = gate.users();
        if users.remove(user) && users.is_empty() {
            driver::unmount_all(&self.volume(name).join(DATA))?;
        }
        Ok(())
    }
}

/// A volume that somebody looks into.
pub struct OpenVolume<'a> {
    store: &'a VolumeStore,
    gate: Arc<Gate>,
    name: VolumeName,
    user: String,
    view: View,
}

impl<'a> OpenVolume<'a> {
    fn new(
        store: &'a VolumeStore,
        gate: Arc<Gate>,
        name: VolumeName,
        user: String,
    ) -> Result<Self> {
        let shared = gate.share();
        let data = store.mount_for(&gate, &name, &user)?;
        drop(shared);
        let view = match View::of_folder(&data) {
            Ok(view) => view,
            Err(error) => {
                store.unmount_for(&gate, &name, &user)?;
                return Err(error.into());
            }
        };
        Ok(OpenVolume {
            store,
            gate,
            name,
            user,
            view,
        })
    }

    pub fn view(&self) -> &View {
        &self.view
    }
}

impl Drop for OpenVolume<'_> {
    fn drop(&mut self) {
        // What stays mounted goes with the next use, or with the next agent.
        let _ = self.store.unmount_for(&self.gate, &self.name, &self.user);
    }
}
