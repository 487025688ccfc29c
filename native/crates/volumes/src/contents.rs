//! What is in a volume as a whole: filled, copied, emptied, taken out and brought in.

use std::fs::File;
use std::io::{BufRead, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use longshore_files::{
    SourcePath, Usage, View, WriteOptions, duplicate, measure, read_archive, write_archive,
};

use crate::error::{Result, VolumeError};
use crate::name::{TrashId, VolumeName};
use crate::options::LocalOptions;
use crate::record::{DATA, VolumeRecord, VolumeSpec};
use crate::staging::{Staged, entries, exchange, sync_all};
use crate::store::VolumeStore;
use crate::uses::lock;

impl VolumeStore {
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

    /// A whole volume with nothing in it, which nobody sees yet.
    pub(crate) fn begin(&self, record: &VolumeRecord) -> Result<Staged<'_>> {
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
