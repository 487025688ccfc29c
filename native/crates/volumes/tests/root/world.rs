use std::fs;
use std::path::{Path, PathBuf};

use longshore_volumes::{Options, TrashId, VolumeName, VolumeSpec, VolumeStore};
use tempfile::TempDir;

/// A store of one test.
pub(crate) struct World {
    store: VolumeStore,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = VolumeStore::open(&folder.path().join("volumes")).unwrap();
        World { store, folder }
    }

    pub(crate) fn store(&self) -> &VolumeStore {
        &self.store
    }

    /// As after a crash: another process opens what is there.
    pub(crate) fn reopened(&self) -> VolumeStore {
        VolumeStore::open(&self.folder.path().join("volumes")).unwrap()
    }

    /// Beside the volumes.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn create(&self, volume: &str, options: &[(&str, &str)]) {
        assert!(self.store.create(&spec(volume, options)).unwrap());
    }

    /// One with a file in it.
    pub(crate) fn create_with(&self, volume: &str, file: &str, text: &str) {
        self.create(volume, &[]);
        fs::write(self.data(volume).join(file), text).unwrap();
    }

    pub(crate) fn data(&self, volume: &str) -> PathBuf {
        self.path("volumes").join(volume).join("_data")
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let stored = self.store.list().unwrap().into_iter();
        stored.map(|it| it.spec.name.to_string()).collect()
    }
}

pub(crate) fn name(text: &str) -> VolumeName {
    VolumeName::parse(text).unwrap()
}

pub(crate) fn trash_id(digit: char) -> TrashId {
    TrashId::parse(&digit.to_string().repeat(32)).unwrap()
}

pub(crate) fn spec(volume: &str, options: &[(&str, &str)]) -> VolumeSpec {
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    VolumeSpec {
        name: name(volume),
        options: options.iter().map(pair).collect::<Options>(),
        record: format!("record of {volume}"),
    }
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
