//! Applies entries one after the other.

use std::io::BufRead;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, linkat, makedev, mkdirat, mknodat, openat, renameat, statat,
    symlinkat, unlinkat,
};
use rustix::io::Errno;

use super::attributes::Attributes;
use super::directories::Directories;
use super::file;
use super::path::{self, MAX_PATH, Target};
use super::tree::{Folder, Staging, Tree};
use super::umask;
use crate::error::{Result, SnapshotError, printable};
use crate::limits::UnpackLimits;
use crate::tar::{Entry, EntryKind, Segment, TarReader};

const DIRECTORY_BYTES: u64 = 4096;

/// A layer whose archive has been read to its end.
pub(crate) struct Applied {
    pub(crate) entries: u64,
    /// Bytes of disk it takes.
    pub(crate) usage: u64,
    /// Folders that the archive only implies, the root among them, by path; those below an opaque folder
    /// excepted, which nothing in the layers below can describe.
    pub(crate) implied: Vec<Vec<u8>>,
}

/// Reads the archive to the input's end and makes its content in `staging.tree`.
///
/// The calling thread's umask becomes 0, for it alone.
pub(crate) fn apply(
    staging: &Staging,
    input: impl BufRead,
    limits: &UnpackLimits,
) -> Result<Applied> {
    umask::own_umask()?;
    let mut tar = TarReader::new(input);
    let mut applier = Applier {
        tree: Tree::new(staging.tree.as_fd()),
        root: staging.tree.as_fd(),
        discard: staging.discard.as_fd(),
        discarded: 0,
        directories: Directories::default(),
        usage: 0,
    };
    applier.directories.at(b"");
    let mut entries = 0;
    while let Some(entry) = tar.next_entry()? {
        entries += 1;
        if entries > limits.entries {
            return Err(SnapshotError::Quota {
                allowed: limits.entries,
                unit: "entries",
            });
        }
        check_xattrs(&entry, limits)?;
        applier.apply(&entry, &mut tar)?;
    }
    tar.drain()?;
    let implied = applier.directories.settle(applier.root)?;
    Ok(Applied {
        entries,
        usage: applier.usage + DIRECTORY_BYTES,
        implied,
    })
}

fn check_xattrs(entry: &Entry, limits: &UnpackLimits) -> Result<()> {
    let bytes: usize = entry
        .xattrs
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    match bytes > limits.xattr_bytes {
        true => Err(refused(entry, "its extended attributes are too large")),
        false => Ok(()),
    }
}

struct Applier<'a> {
    tree: Tree<'a>,
    root: BorrowedFd<'a>,
    discard: BorrowedFd<'a>,
    discarded: u64,
    directories: Directories,
    usage: u64,
}

impl Applier<'_> {
    fn apply<R: BufRead>(&mut self, entry: &Entry, tar: &mut TarReader<R>) -> Result<()> {
        match path::target(&entry.name).map_err(|reason| refused(entry, reason))? {
            Target::Root => self.root_entry(entry),
            Target::Node { parent, name } => {
                let folder = self.folder(&parent, entry)?;
                self.node(entry, &folder, &name, tar)
            }
            Target::Whiteout { parent, name } => {
                let folder = self.folder(&parent, entry)?;
                self.whiteout(entry, &folder, &name)
            }
            Target::Opaque { folder } => {
                let folder = self.folder(&folder, entry)?;
                self.directories.at(&folder.path).opaque = true;
                Ok(())
            }
        }
    }

    fn root_entry(&mut self, entry: &Entry) -> Result<()> {
        if entry.kind != EntryKind::Directory {
            return Err(refused(entry, "the layer's root must be a folder"));
        }
        self.directories.at(b"").attributes = Some(Attributes::of(entry));
        Ok(())
    }

    fn folder(&mut self, path: &[u8], entry: &Entry) -> Result<Folder> {
        let folder = self.tree.folder(path, &entry.name)?;
        for made in self.tree.take_made() {
            self.directories.at(&made);
            self.usage += DIRECTORY_BYTES;
        }
        Ok(folder)
    }

    fn node<R: BufRead>(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
        tar: &mut TarReader<R>,
    ) -> Result<()> {
        match &entry.kind {
            EntryKind::Directory => self.directory(entry, folder, name),
            EntryKind::File { sparse } => self.file(entry, folder, name, sparse.as_deref(), tar),
            EntryKind::Hardlink { target } => self.hardlink(entry, folder, name, target),
            EntryKind::Symlink { target } => {
                check_symlink(entry, target)?;
                self.create(entry, "symlink", folder, name, |at| {
                    symlinkat(&**target, at, name)
                })?;
                self.node_attributes(entry, folder, name)
            }
            EntryKind::Fifo => self.device(entry, folder, name, FileType::Fifo, (0, 0)),
            EntryKind::CharDevice { major, minor } => self.device(
                entry,
                folder,
                name,
                FileType::CharacterDevice,
                (*major, *minor),
            ),
            EntryKind::BlockDevice { major, minor } => {
                self.device(entry, folder, name, FileType::BlockDevice, (*major, *minor))
            }
        }
    }

    fn directory(&mut self, entry: &Entry, folder: &Folder, name: &[u8]) -> Result<()> {
        let mode = Mode::from_raw_mode(0o755);
        let path = path::join(&folder.path, name);
        match mkdirat(folder.as_fd(), name, mode) {
            Ok(()) => self.usage += DIRECTORY_BYTES,
            Err(Errno::EXIST) => match stat(entry, folder, name)? {
                Existing::Directory => {}
                Existing::Whiteout => {
                    // What it hid stays hidden below the folder that takes its place.
                    self.replace_by_directory(entry, folder, name)?;
                    self.directories.at(&path).opaque = true;
                }
                Existing::Other => self.replace_by_directory(entry, folder, name)?,
            },
            Err(errno) => return Err(failed("mkdir", entry, errno)),
        }
        self.directories.at(&path).attributes = Some(Attributes::of(entry));
        Ok(())
    }

    fn replace_by_directory(&mut self, entry: &Entry, folder: &Folder, name: &[u8]) -> Result<()> {
        self.displace(entry, folder, name)?;
        self.usage += DIRECTORY_BYTES;
        mkdirat(folder.as_fd(), name, Mode::from_raw_mode(0o755))
            .map_err(|errno| failed("mkdir", entry, errno))
    }

    fn file<R: BufRead>(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
        sparse: Option<&[Segment]>,
        tar: &mut TarReader<R>,
    ) -> Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(entry.mode & 0o777);
        let file: OwnedFd = self.create(entry, "open", folder, name, |at| {
            openat(at, name, flags, mode)
        })?;
        self.usage += file::write(file.as_fd(), entry, sparse, tar)?;
        Attributes::of(entry)
            .apply_to_new_file(file.as_fd())
            .map_err(|errno| failed("attributes", entry, errno))
    }

    fn hardlink(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
        target: &[u8],
    ) -> Result<()> {
        let target = path::clean(target).map_err(|reason| refused(entry, reason))?;
        let (parent, base) = path::split(&target);
        if base.is_empty() {
            return Err(refused(entry, "it links to a folder"));
        }
        let source = self.tree.existing_folder(parent, &entry.name)?;
        if source.path == folder.path && base == name {
            return Err(refused(entry, "it links to itself"));
        }
        // Not followed: a link to a symlink is a second name of the symlink.
        let link = |at: BorrowedFd<'_>| linkat(source.as_fd(), base, at, name, AtFlags::empty());
        match self.create(entry, "link", folder, name, link) {
            Err(SnapshotError::System {
                errno: Errno::NOENT,
                ..
            }) => Err(refused(entry, "what it links to is not in the layer")),
            Err(SnapshotError::System {
                errno: Errno::PERM, ..
            }) => Err(refused(entry, "it links to a folder")),
            linked => linked,
        }
    }

    fn device(
        &mut self,
        entry: &Entry,
        folder: &Folder,
        name: &[u8],
        kind: FileType,
        (major, minor): (u32, u32),
    ) -> Result<()> {
        let mode = Mode::from_raw_mode(entry.mode & 0o777);
        let device = makedev(major, minor);
        self.create(entry, "mknod", folder, name, |at| {
            mknodat(at, name, kind, mode, device)
        })?;
        self.node_attributes(entry, folder, name)
    }

    fn whiteout(&mut self, entry: &Entry, folder: &Folder, name: &[u8]) -> Result<()> {
        match make_whiteout(folder.as_fd(), name) {
            // The layer's own entry hides the one below already; a folder does when it is opaque.
            Err(Errno::EXIST) => {
                if matches!(stat(entry, folder, name)?, Existing::Directory) {
                    self.directories.at(&path::join(&folder.path, name)).opaque = true;
                }
                Ok(())
            }
            made => made.map_err(|errno| failed("mknod", entry, errno)),
        }
    }

    fn node_attributes(&self, entry: &Entry, folder: &Folder, name: &[u8]) -> Result<()> {
        Attributes::of(entry)
            .apply_to_node(folder.as_fd(), name)
            .map_err(|errno| failed("attributes", entry, errno))
    }

    /// Makes something at `name`; an earlier entry of the name gives way.
    fn create<T>(
        &mut self,
        entry: &Entry,
        step: &'static str,
        folder: &Folder,
        name: &[u8],
        make: impl Fn(BorrowedFd<'_>) -> std::result::Result<T, Errno>,
    ) -> Result<T> {
        let mut made = make(folder.as_fd());
        if matches!(made, Err(Errno::EXIST)) {
            self.displace(entry, folder, name)?;
            made = make(folder.as_fd());
        }
        made.map_err(|errno| failed(step, entry, errno))
    }

    fn displace(&mut self, entry: &Entry, folder: &Folder, name: &[u8]) -> Result<()> {
        self.tree.forget();
        match unlinkat(folder.as_fd(), name, AtFlags::empty()) {
            Err(Errno::ISDIR) => {}
            removed => return removed.map_err(|errno| failed("unlink", entry, errno)),
        }
        self.directories.forget(&path::join(&folder.path, name));
        self.discarded += 1;
        let discarded = self.discarded.to_string();
        renameat(folder.as_fd(), name, self.discard, &*discarded)
            .map_err(|errno| failed("rename", entry, errno))
    }
}

enum Existing {
    Directory,
    Whiteout,
    Other,
}

fn stat(entry: &Entry, folder: &Folder, name: &[u8]) -> Result<Existing> {
    let stat = statat(folder.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW)
        .map_err(|errno| failed("stat", entry, errno))?;
    Ok(match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => Existing::Directory,
        FileType::CharacterDevice if stat.st_rdev == 0 => Existing::Whiteout,
        _ => Existing::Other,
    })
}

/// Overlay's mark for a name that the layers below have and the merged folder has not.
fn make_whiteout(at: BorrowedFd<'_>, name: &[u8]) -> std::result::Result<(), Errno> {
    mknodat(
        at,
        name,
        FileType::CharacterDevice,
        Mode::empty(),
        makedev(0, 0),
    )
}

fn check_symlink(entry: &Entry, target: &[u8]) -> Result<()> {
    if target.is_empty() {
        return Err(refused(entry, "it is a symlink to nowhere"));
    }
    if target.len() > MAX_PATH {
        return Err(refused(entry, "the target of its symlink is too long"));
    }
    Ok(())
}

fn refused(entry: &Entry, reason: &'static str) -> SnapshotError {
    SnapshotError::Entry {
        name: printable(&entry.name),
        reason,
    }
}

fn failed(step: &'static str, entry: &Entry, errno: Errno) -> SnapshotError {
    SnapshotError::System {
        step,
        path: printable(&entry.name),
        errno,
    }
}
