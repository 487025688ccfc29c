use std::fs::File;
use std::io::{BufRead, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use longshore_files::{
    SourcePath, Usage, View, WriteOptions, duplicate, measure, read_archive, write_archive,
};

use crate::driver;
use crate::error::{Result, VolumeError};
use crate::name::{TrashId, VolumeName};
use crate::options::LocalOptions;
use crate::record::{DATA, StoredVolume, TRASH_FILE, VolumeRecord, VolumeSpec};
use crate::staging::{Staged, Staging, entries, exchange, make_private, sync_all};
use crate::trash::Trash;
use crate::uses::{Gate, Uses, lock};

/// Where a removed volume goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    Trash(TrashId),
    ForGood,
}

/// All volumes of one agent.
pub struct VolumeStore {
    folder: PathBuf,
    pub(crate) staging: Staging,
    pub(crate) trash: Trash,
    uses: Uses,
    /// Held while a name is taken, so that no two differ only in case.
    naming: Mutex<()>,
    next_look: AtomicU64,
}

impl VolumeStore {
    /// What an earlier process left unfinished goes.
    pub fn open(folder: &Path) -> Result<Self> {
        make_private(folder)?;
        make_private(&folder.join(".empty"))?;
        let staging = Staging::open(folder.join(".staging"))?;
        let store = VolumeStore {
            trash: Trash::open(folder.join(".trash"))?,
            folder: folder.to_owned(),
            staging,
            uses: Uses::default(),
            naming: Mutex::default(),
            next_look: AtomicU64::new(0),
        };
        for name in store.names()? {
            // A removal that came no further than its first step.
            let _ = std::fs::remove_file(store.volume(&name).join(TRASH_FILE));
        }
        Ok(store)
    }

    /// A folder with nothing in it.
    pub fn empty_folder(&self) -> PathBuf {
        self.folder.join(".empty")
    }

    /// By name.
    pub fn list(&self) -> Result<Vec<StoredVolume>> {
        let mut names = self.names()?;
        names.sort_unstable();
        let stored = names.into_iter().map(|name| {
            let record = VolumeRecord::read(&self.volume(&name));
            record.named(name)
        });
        Ok(stored.collect())
    }

    /// Whether it is new; one with the same options is there already otherwise.
    pub fn create(&self, spec: &VolumeSpec) -> Result<bool> {
        LocalOptions::parse(&spec.options)?;
        let _naming = lock(&self.naming);
        if self.volume(&spec.name).exists() {
            let same = VolumeRecord::read(&self.volume(&spec.name)).options == spec.options;
            let name = spec.name.to_string();
            return match same {
                true => Ok(false),
                false => Err(VolumeError::OtherOptions { name }),
            };
        }
        self.check_name(&spec.name)?;
        let staged = self.begin(&VolumeRecord::new(spec))?;
        staged.publish(&self.volume(&spec.name))?;
        Ok(true)
    }

    /// How much disk was freed, when it is gone for good.
    pub fn remove(&self, name: &VolumeName, removal: &Removal) -> Result<u64> {
        let gate = self.existing(name)?;
        let closed = gate.close_unused(name)?;
        let volume = self.volume(name);
        driver::unmount_all(&volume.join(DATA))?;
        let freed = match removal {
            Removal::Trash(id) => {
                self.trash.take_volume(&volume, name, id)?;
                0
            }
            Removal::ForGood => {
                let taken = self.staging.take(&volume)?;
                let size = measure_folder(&taken.data())?;
                drop(taken);
                size.bytes
            }
        };
        drop(closed);
        drop(gate);
        self.uses.forget(name);
        Ok(freed)
    }

    /// Fills an empty volume with what is in `source`. False, and nothing happened: it is not empty, a container runs
    /// with it, or its data is not the store's own.
    pub fn copy_up(
        &self,
        name: &VolumeName,
        source: BorrowedFd<'_>,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<bool> {
        let gate = self.existing(name)?;
        let _closed = gate.close();
        let volume = self.volume(name);
        let record = VolumeRecord::read(&volume);
        let is_own = LocalOptions::parse(&record.options)?.is_folder();
        let data = volume.join(DATA);
        if !is_own || !gate.users().is_empty() || !is_empty(&data)? {
            return Ok(false);
        }
        let staged = self.begin(&record)?;
        fill(source, &staged, is_cancelled)?;
        sync_all(staged.path())?;
        exchange(&staged.data(), &data)?;
        Ok(true)
    }

    /// A new volume with the same data.
    pub fn clone_volume(
        &self,
        source: &VolumeName,
        spec: &VolumeSpec,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<()> {
        self.check_new(spec)?;
        let open = self.open_files(source)?;
        let staged = self.begin(&VolumeRecord::new(spec))?;
        fill(open.view().root(), &staged, is_cancelled)?;
        self.publish(staged, &spec.name)
    }

    /// Its content goes into the trash. False: there was none.
    pub fn empty(&self, name: &VolumeName, id: &TrashId) -> Result<bool> {
        let gate = self.existing(name)?;
        let _closed = gate.close_unused(name)?;
        let volume = self.own_folder(name)?;
        if is_empty(&volume.join(DATA))? {
            return Ok(false);
        }
        let staged = self.begin(&VolumeRecord::read(&volume))?;
        like(&volume.join(DATA), &staged.data())?;
        self.trash.exchange(staged, &volume, name, id)?;
        Ok(true)
    }

    /// A volume with what an archive holds. One of this name that is there already: refused, or with `replaced` given
    /// another content, its former one goes there into the trash.
    pub fn import(
        &self,
        spec: &VolumeSpec,
        replaced: Option<&TrashId>,
        input: impl BufRead,
    ) -> Result<()> {
        if let (true, Some(id)) = (self.volume(&spec.name).exists(), replaced) {
            return self.replace(&spec.name, id, input);
        }
        self.check_new(spec)?;
        let staged = self.begin(&VolumeRecord::new(spec))?;
        unpack(&staged.data(), input)?;
        self.publish(staged, &spec.name)
    }

    fn replace(&self, name: &VolumeName, id: &TrashId, input: impl BufRead) -> Result<()> {
        let gate = self.existing(name)?;
        let _closed = gate.close_unused(name)?;
        let volume = self.own_folder(name)?;
        let staged = self.begin(&VolumeRecord::read(&volume))?;
        like(&volume.join(DATA), &staged.data())?;
        unpack(&staged.data(), input)?;
        sync_all(staged.path())?;
        self.trash.exchange(staged, &volume, name, id)
    }

    /// What is in it as a tar archive, its root first.
    pub fn export(&self, name: &VolumeName, output: impl Write) -> Result<()> {
        let open = self.open_files(name)?;
        let source = SourcePath::find(open.view(), b"/.")?;
        Ok(read_archive(&source, output)?)
    }

    pub fn usage(&self, name: &VolumeName, is_cancelled: &dyn Fn() -> bool) -> Result<Usage> {
        let open = self.open_files(name)?;
        Ok(measure(open.view().root(), is_cancelled)?)
    }

    /// Brings one back from the trash, under its own name or another.
    pub fn restore(&self, id: &TrashId, name: Option<&VolumeName>) -> Result<VolumeSpec> {
        let name = match name {
            Some(name) => name.clone(),
            None => self.trash.name_of(id)?,
        };
        let _naming = lock(&self.naming);
        if self.volume(&name).exists() {
            return Err(VolumeError::Exists {
                name: name.to_string(),
            });
        }
        self.check_name(&name)?;
        self.trash.restore(id, &self.volume(&name))?;
        Ok(VolumeRecord::read(&self.volume(&name)).named(name).spec)
    }

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

    fn volume(&self, name: &VolumeName) -> PathBuf {
        self.folder.join(name.as_str())
    }

    fn names(&self) -> Result<Vec<VolumeName>> {
        let paths = entries(&self.folder)?;
        let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
        Ok(names
            .filter_map(|name| VolumeName::parse(name).ok())
            .collect())
    }

    fn existing(&self, name: &VolumeName) -> Result<Arc<Gate>> {
        match self.volume(name).is_dir() {
            true => Ok(self.uses.gate(name)),
            false => Err(unknown(name)),
        }
    }

    /// Its folder, when the driver mounts nothing over it.
    fn own_folder(&self, name: &VolumeName) -> Result<PathBuf> {
        let volume = self.volume(name);
        let options = LocalOptions::parse(&VolumeRecord::read(&volume).options)?;
        match options.is_folder() {
            true => Ok(volume),
            false => Err(VolumeError::Foreign {
                name: name.to_string(),
                device: options.device().to_owned(),
            }),
        }
    }

    fn check_new(&self, spec: &VolumeSpec) -> Result<()> {
        if !LocalOptions::parse(&spec.options)?.is_folder() {
            let reason = "cannot be given to a volume that is made with data".to_owned();
            let option = spec.options.keys().next().cloned().unwrap_or_default();
            return Err(VolumeError::InvalidOption { option, reason });
        }
        let _naming = lock(&self.naming);
        self.check_name(&spec.name)
    }

    /// The caller holds the names.
    fn check_name(&self, name: &VolumeName) -> Result<()> {
        for other in self.names()? {
            if other == *name {
                return Err(VolumeError::Exists {
                    name: name.to_string(),
                });
            }
            if other.differs_only_in_case(name) {
                return Err(VolumeError::DiffersInCase {
                    name: name.to_string(),
                    other: other.to_string(),
                });
            }
        }
        Ok(())
    }

    /// A whole volume with nothing in it, which nobody sees yet.
    fn begin(&self, record: &VolumeRecord) -> Result<Staged<'_>> {
        let staged = self.staging.begin()?;
        let data = staged.data();
        std::fs::create_dir(&data).map_err(VolumeError::io("mkdir", data.display()))?;
        set_mode(&data, 0o755)?;
        record.write(staged.path())?;
        Ok(staged)
    }

    fn publish(&self, staged: Staged<'_>, name: &VolumeName) -> Result<()> {
        // What takes long is on disk before others have to wait.
        sync_all(staged.path())?;
        let _naming = lock(&self.naming);
        self.check_name(name)?;
        staged.publish(&self.volume(name))
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

fn unknown(name: &VolumeName) -> VolumeError {
    VolumeError::Unknown {
        name: name.to_string(),
    }
}

fn fill(
    source: BorrowedFd<'_>,
    staged: &Staged<'_>,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<()> {
    let data = staged.data();
    let target = File::open(&data).map_err(VolumeError::io("open", data.display()))?;
    Ok(duplicate(source, target.as_fd(), is_cancelled)?)
}

fn unpack(data: &Path, input: impl BufRead) -> Result<()> {
    let options = WriteOptions {
        with_root: true,
        no_devices: true,
        ..WriteOptions::default()
    };
    Ok(write_archive(
        &View::of_folder(data)?,
        b"/",
        &options,
        input,
    )?)
}

fn is_empty(data: &Path) -> Result<bool> {
    Ok(entries(data)?.is_empty())
}

/// The same owner and permissions.
fn like(model: &Path, folder: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(model).map_err(VolumeError::io("stat", model.display()))?;
    std::os::unix::fs::chown(folder, Some(found.uid()), Some(found.gid()))
        .map_err(VolumeError::io("chown", folder.display()))?;
    set_mode(folder, found.mode() & 0o7777)
}

/// Whatever the umask is.
fn set_mode(folder: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(folder, mode).map_err(VolumeError::io("chmod", folder.display()))
}

pub(crate) fn measure_folder(data: &Path) -> Result<Usage> {
    let view = View::of_folder(data)?;
    Ok(measure(view.root(), &|| false)?)
}
