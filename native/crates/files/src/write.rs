//! Copying into a container.

mod target;

use std::io::{BufRead, BufReader};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use longshore_snapshots::Compression;
use longshore_snapshots::archive::{
    Attributes, Decoder, Entry, EntryKind, Segment, TarReader, clean_path, own_umask, split_path,
    write_data,
};
use longshore_sys::file_owner::with_file_owner;
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, fchmod, linkat, makedev, mkdirat, mknodat, openat, statat,
    symlinkat,
};
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::remove::remove;
use crate::view::View;
use target::Target;

/// Folders whose attributes wait for the end.
const MAX_FOLDERS: usize = 1_000_000;
/// Of one entry.
const MAX_XATTRS: usize = 256 << 10;

#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions {
    /// Fail where a folder would replace something else, or something else a folder.
    pub no_overwrite_dir_non_dir: bool,
    /// User and group, as the container knows them, that everything will belong to; `None`: as the archive says.
    pub owner: Option<(u32, u32)>,
    /// Give the folder itself what the archive says of it; else it stays as it is.
    pub with_root: bool,
    /// Refuse devices: what is unpacked to may come to be where nobody watches which devices are opened.
    pub no_devices: bool,
}

/// Unpacks an archive, compressed or not, into the folder at `path`.
///
/// The calling thread's umask becomes 0, for it alone. What was made before a failure stays.
pub fn write_archive(
    view: &View,
    path: &[u8],
    options: &WriteOptions,
    mut input: impl BufRead,
) -> Result<()> {
    let target = Target::find(view, path)?;
    let begin = input.fill_buf().map_err(|_| FilesError::CutOff)?;
    let compression = Compression::of_stream(begin);
    let decoder = Decoder::new(compression, input).map_err(|_| FilesError::CutOff)?;
    let input = BufReader::with_capacity(128 << 10, decoder);
    if !view.ids().are_mapped() {
        return unpack_into(target, options, input);
    }
    // The host's own root has no place in the container: what is made without an owner is the container's root's.
    let (uid, gid) = view.ids().outside((0, 0)).ok_or_else(|| no_place(path))?;
    with_file_owner(uid, gid, || unpack_into(target, options, input))
        .map_err(FilesError::at("setfsuid", path))?
}

/// Unpacks a bare archive into the folder at `path`; for the fuzz targets.
pub fn unpack(folder: &Path, path: &[u8], input: impl BufRead) -> Result<()> {
    let view = View::of_folder(folder)?;
    unpack_into(Target::find(&view, path)?, &WriteOptions::default(), input)
}

fn unpack_into(target: Target<'_>, options: &WriteOptions, input: impl BufRead) -> Result<()> {
    own_umask()?;
    let mut tar = TarReader::new(input);
    let mut unpacker = Unpacker {
        target,
        options,
        folders: Vec::new(),
    };
    while let Some(entry) = tar.next_entry()? {
        unpacker.entry(entry, &mut tar)?;
    }
    tar.drain()?;
    unpacker.settle()
}

struct Unpacker<'a> {
    target: Target<'a>,
    options: &'a WriteOptions,
    /// Made or met, with what the archive says about them: what is put into a folder changes its times.
    folders: Vec<(Vec<u8>, Attributes)>,
}

impl Unpacker<'_> {
    fn entry<R: BufRead>(&mut self, mut entry: Entry, tar: &mut TarReader<R>) -> Result<()> {
        let path = clean(&entry.name)?;
        if path.is_empty() {
            let is_told = self.options.with_root && entry.kind == EntryKind::Directory;
            return match is_told {
                true => self.remember(path, &entry),
                false => Ok(()),
            };
        }
        let xattrs: usize = entry
            .xattrs
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        if xattrs > MAX_XATTRS {
            return Err(FilesError::refused(
                &path,
                "has too many extended attributes",
            ));
        }
        let owner = self.options.owner.unwrap_or((entry.uid, entry.gid));
        let ids = self.target.ids().outside(owner);
        (entry.uid, entry.gid) = ids.ok_or_else(|| no_place(&path))?;
        let (parent, name) = split_path(&path);
        let (parent, name) = (parent.to_vec(), name.to_vec());
        let folder = self.target.folder(&parent)?;
        if self.make_way(folder.as_fd(), &name, &entry, &path)? {
            return self.remember(path, &entry);
        }
        self.make(folder.as_fd(), &name, &entry, &path, tar)
    }

    /// Whether it is a folder that is there already.
    fn make_way(
        &mut self,
        at: BorrowedFd<'_>,
        name: &[u8],
        entry: &Entry,
        path: &[u8],
    ) -> Result<bool> {
        let there = match statat(at, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => FileType::from_raw_mode(stat.st_mode) == FileType::Directory,
            Err(Errno::NOENT) => return Ok(false),
            Err(errno) => return Err(FilesError::at("stat", path)(errno)),
        };
        let wanted = entry.kind == EntryKind::Directory;
        if there && wanted {
            return Ok(true);
        }
        if self.options.no_overwrite_dir_non_dir && there != wanted {
            let reason = match there {
                true => "is a directory, and would be overwritten by something else",
                false => "is no directory, and would be overwritten by one",
            };
            return Err(FilesError::refused(path, reason));
        }
        self.target.forget();
        remove(at, name)?;
        Ok(false)
    }

    fn make<R: BufRead>(
        &mut self,
        at: BorrowedFd<'_>,
        name: &[u8],
        entry: &Entry,
        path: &[u8],
        tar: &mut TarReader<R>,
    ) -> Result<()> {
        let failed = |step| FilesError::at(step, path);
        match &entry.kind {
            EntryKind::Directory => {
                let mode = Mode::from_raw_mode(0o755);
                mkdirat(at, name, mode).map_err(failed("mkdir"))?;
                return self.remember(path.to_vec(), entry);
            }
            EntryKind::File { sparse } => {
                return file(at, name, entry, sparse.as_deref(), path, tar);
            }
            EntryKind::Hardlink { target } => return self.hardlink(at, name, target, path),
            EntryKind::Symlink { target } => {
                symlinkat(&**target, at, name).map_err(failed("symlink"))?;
            }
            EntryKind::Fifo => {
                let mode = Mode::from_raw_mode(entry.mode & 0o777);
                mknodat(at, name, FileType::Fifo, mode, makedev(0, 0)).map_err(failed("mknod"))?;
            }
            EntryKind::CharDevice { .. } | EntryKind::BlockDevice { .. }
                if self.options.no_devices =>
            {
                return Err(FilesError::refused(
                    path,
                    "is a device, which a volume does not take",
                ));
            }
            EntryKind::CharDevice { major, minor } => {
                let device = makedev(*major, *minor);
                make_device(at, name, FileType::CharacterDevice, device, entry, path)?;
            }
            EntryKind::BlockDevice { major, minor } => {
                let device = makedev(*major, *minor);
                make_device(at, name, FileType::BlockDevice, device, entry, path)?;
            }
        }
        let attributes = Attributes::of(entry);
        attributes
            .apply_to_node(at, name)
            .map_err(failed("attributes"))
    }

    /// A second name of something in the folder that is unpacked to.
    fn hardlink(
        &mut self,
        at: BorrowedFd<'_>,
        name: &[u8],
        target: &[u8],
        path: &[u8],
    ) -> Result<()> {
        let target = clean(target)?;
        let (parent, base) = split_path(&target);
        let folder = self.target.existing_folder(parent)?;
        // A link to a symlink is a second name of the symlink.
        linkat(folder.as_fd(), base, at, name, AtFlags::empty())
            .map_err(FilesError::at("link", path))
    }

    fn remember(&mut self, path: Vec<u8>, entry: &Entry) -> Result<()> {
        if self.folders.len() == MAX_FOLDERS {
            return Err(FilesError::TooMuch {
                limit: MAX_FOLDERS,
                what: "folders in one archive",
            });
        }
        self.folders.push((path, Attributes::of(entry)));
        Ok(())
    }

    fn settle(mut self) -> Result<()> {
        for (path, attributes) in std::mem::take(&mut self.folders) {
            let (parent, name) = match path.as_slice() {
                b"" => (b"".as_slice(), b".".as_slice()),
                path => split_path(path),
            };
            let folder = self.target.existing_folder(parent)?;
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            match openat(folder.as_fd(), name, flags, Mode::empty()) {
                Ok(folder) => attributes
                    .apply_to_directory(folder.as_fd())
                    .map_err(FilesError::at("attributes", &path))?,
                // A later entry, or the container, has replaced it.
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => {}
                Err(errno) => return Err(FilesError::at("open", &path)(errno)),
            }
        }
        Ok(())
    }
}

fn file<R: BufRead>(
    at: BorrowedFd<'_>,
    name: &[u8],
    entry: &Entry,
    sparse: Option<&[Segment]>,
    path: &[u8],
    tar: &mut TarReader<R>,
) -> Result<()> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    // Nobody reads it before it has its owner.
    let made = openat(at, name, flags, Mode::from_raw_mode(0o600));
    let made = made.map_err(FilesError::at("open", path))?;
    write_data(made.as_fd(), entry, sparse, tar)?;
    let attributes = Attributes::of(entry);
    let applied = attributes
        .apply_to_new_file(made.as_fd())
        .and_then(|()| fchmod(&made, Mode::from_raw_mode(entry.mode & 0o7777)));
    applied.map_err(FilesError::at("attributes", path))
}

/// Which devices may be opened is the business of the container's rules, as for those that it makes itself.
fn make_device(
    at: BorrowedFd<'_>,
    name: &[u8],
    kind: FileType,
    device: u64,
    entry: &Entry,
    path: &[u8],
) -> Result<()> {
    // A character device 0/0 is overlay's mark of a deleted name.
    if kind == FileType::CharacterDevice && device == makedev(0, 0) {
        return Err(FilesError::refused(path, "is no device, but a whiteout"));
    }
    let mode = Mode::from_raw_mode(entry.mode & 0o777);
    mknodat(at, name, kind, mode, device).map_err(FilesError::at("mknod", path))
}

fn no_place(path: &[u8]) -> FilesError {
    FilesError::refused(
        path,
        "belongs to a user or group that the container does not have",
    )
}

/// Relative, without `.` and `..`.
fn clean(name: &[u8]) -> Result<Vec<u8>> {
    clean_path(name).map_err(|_| {
        let reason = "is no name inside the folder that is unpacked to";
        FilesError::refused(name, reason)
    })
}
