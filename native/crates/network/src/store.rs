//! What the agent alone can put everything right from after its restart: the networks, and who is on them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::definition::Definition;
use crate::member::Membership;
use crate::state::StateFile;
use crate::{Error, Result};

const LONGEST_ID: usize = 128;

#[derive(Debug)]
pub(crate) struct Store {
    networks: PathBuf,
    members: PathBuf,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NetworkRecord {
    /// Links are named by it.
    pub(crate) index: u16,
    pub(crate) definition: Definition,
}

impl Store {
    /// In `dir`, which must exist.
    pub(crate) fn new(dir: &Path) -> Self {
        Self {
            networks: dir.join("networks"),
            members: dir.join("members"),
        }
    }

    fn create(&self) -> Result<()> {
        for folder in [&self.networks, &self.members] {
            fs::create_dir_all(folder).map_err(|source| failed("create", folder, source))?;
        }
        Ok(())
    }

    pub(crate) fn networks(&self) -> Result<Vec<NetworkRecord>> {
        let found = named_records(&self.networks)?;
        Ok(found.into_iter().map(|(_, record)| record).collect())
    }

    /// By container id. What a power cut left half-written is void: with it went the container's namespace.
    pub(crate) fn members(&self) -> Result<Vec<(String, Membership)>> {
        named_records(&self.members)
    }

    /// The first record of all; only then there can be members.
    pub(crate) fn write_network(&self, record: &NetworkRecord) -> Result<()> {
        self.create()?;
        file(&self.networks, &record.definition.id).write(record)
    }

    pub(crate) fn remove_network(&self, id: &str) -> Result<()> {
        file(&self.networks, id).remove()
    }

    /// With no wait for the disk.
    pub(crate) fn write_member(&self, id: &str, membership: &Membership) -> Result<()> {
        file(&self.members, id).write_soon(membership)
    }

    pub(crate) fn remove_member(&self, id: &str) -> Result<()> {
        file(&self.members, id).remove()
    }

    /// Leaves no empty folder behind.
    pub(crate) fn remove_members(&self) -> Result<()> {
        match fs::remove_dir_all(&self.members) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", &self.members, source))
            }
            _ => {
                // Which fails while there are networks, as it shall.
                let _ = fs::remove_dir(&self.networks);
                Ok(())
            }
        }
    }
}

/// Ids become file names.
pub(crate) fn check_id(id: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let first = id.bytes().next();
    let starts_well = first.is_some_and(|byte| byte.is_ascii_alphanumeric());
    if starts_well && id.len() <= LONGEST_ID && id.bytes().all(plain) {
        return Ok(());
    }
    Err(Error::InvalidId { id: id.to_owned() })
}

fn file(folder: &Path, id: &str) -> StateFile {
    StateFile::new(folder, &format!("{id}.json"))
}

fn named_records<T: DeserializeOwned>(folder: &Path) -> Result<Vec<(String, T)>> {
    let mut found = Vec::new();
    let listed = match fs::read_dir(folder) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(found),
        listed => listed.map_err(|source| failed("list", folder, source))?,
    };
    for entry in listed {
        let path = entry
            .map_err(|source| failed("list", folder, source))?
            .path();
        let name = path.file_name().and_then(|name| name.to_str());
        let id = name.and_then(|name| name.strip_suffix(".json"));
        let record = id.and_then(|id| Some((id.to_owned(), file(folder, id).read().ok()??)));
        match record {
            Some(record) => found.push(record),
            None => fs::remove_file(&path).map_err(|source| failed("remove", &path, source))?,
        }
    }
    Ok(found)
}

fn failed(step: &'static str, path: &Path, source: io::Error) -> Error {
    Error::File {
        step,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let name = format!("longshore-store-{}-{name}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&dir);
        dir
    }

    #[test]
    fn records_survive_a_restart_and_damaged_members_are_void() {
        let dir = scratch("restart");
        let store = Store::new(&dir);
        assert!(store.members().unwrap().is_empty());
        let definition = Definition::default_network();
        let record = NetworkRecord {
            index: 3,
            definition,
        };
        store.write_network(&record).unwrap();
        store.write_member("a", &Membership::default()).unwrap();
        fs::write(dir.join("members/b.json"), "{\"atta").unwrap();
        fs::write(dir.join("members/stranger"), "").unwrap();
        let store = Store::new(&dir);
        assert_eq!(
            store.members().unwrap(),
            [("a".to_owned(), Membership::default())]
        );
        assert_eq!(store.networks().unwrap()[0].definition, record.definition);
        assert_eq!(fs::read_dir(dir.join("members")).unwrap().count(), 1);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn an_id_cannot_leave_the_folder() {
        let long = "a".repeat(LONGEST_ID + 1);
        for bad in ["", ".", "..", "../x", "a/b", "-a", &long] {
            assert!(
                matches!(check_id(bad), Err(Error::InvalidId { .. })),
                "{bad}"
            );
        }
    }
}
