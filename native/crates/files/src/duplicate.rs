//! The content of one directory copied into another, with everything that the file system keeps of it.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_snapshots::archive::{Attributes, Timestamp, own_umask};
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, SeekFrom, fchmod, ftruncate, linkat, makedev, mkdirat,
    mknodat, openat, seek, symlinkat,
};
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::node::Node;
use crate::tree::{is_pseudo, join, names, open_folder};

/// Names of hard links that are remembered; a further one becomes a file of its own.
const MAX_LINKS: usize = 500_000;

/// Copies what is in `source` into `target`, an empty folder, and gives `target` the owner, mode, times and attributes
/// of `source`. Sockets are left out, and what lies on other file systems that show the kernel.
///
/// The calling thread's umask becomes 0, for it alone. Ends with [`FilesError::CutOff`] soon after `is_cancelled`.
pub fn duplicate(
    source: BorrowedFd<'_>,
    target: BorrowedFd<'_>,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<()> {
    own_umask()?;
    let mut copy = Copy {
        source,
        target,
        links: HashMap::new(),
        folders: vec![Vec::new()],
        is_cancelled,
    };
    // Folders get their attributes last, the innermost first: what is put into them changes their times.
    let mut done = 0;
    while done < copy.folders.len() {
        let path = copy.folders[done].clone();
        copy.folder(&path)?;
        done += 1;
    }
    for path in copy.folders.iter().rev() {
        copy.finish_folder(path)?;
    }
    Ok(())
}

struct Copy<'a> {
    source: BorrowedFd<'a>,
    target: BorrowedFd<'a>,
    /// Paths in the target of files that have several names, by device and inode.
    links: HashMap<(u64, u64), Vec<u8>>,
    /// In the order in which they were met.
    folders: Vec<Vec<u8>>,
    is_cancelled: &'a dyn Fn() -> bool,
}

impl Copy<'_> {
    fn folder(&mut self, path: &[u8]) -> Result<()> {
        let from = match open_folder(self.source, path) {
            Ok(from) => from,
            // Gone, or replaced, meanwhile.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(()),
            Err(errno) => return Err(FilesError::at("open", path)(errno)),
        };
        let to = open_folder(self.target, path).map_err(FilesError::at("open", path))?;
        for name in names(&from, path)? {
            if (self.is_cancelled)() {
                return Err(FilesError::CutOff);
            }
            let inside = join(path, &name);
            match Node::at(&from, &name) {
                Ok(node) => self.node(&node, to.as_fd(), &name, inside)?,
                Err(Errno::NOENT) => {}
                Err(errno) => return Err(FilesError::at("open", &inside)(errno)),
            }
        }
        Ok(())
    }

    fn node(&mut self, node: &Node, to: BorrowedFd<'_>, name: &[u8], path: Vec<u8>) -> Result<()> {
        let failed = |step| FilesError::at(step, &path);
        if node.kind() == FileType::Directory {
            if !is_pseudo(node) {
                mkdirat(to, name, Mode::from_raw_mode(0o700)).map_err(failed("mkdir"))?;
                self.folders.push(path);
            }
            return Ok(());
        }
        if node.stat.st_nlink > 1 && self.link(node, to, name, &path)? {
            return Ok(());
        }
        let mode = Mode::from_raw_mode(node.stat.st_mode & 0o777);
        match node.kind() {
            FileType::RegularFile => return self.file(node, to, name, &path),
            FileType::Symlink => {
                let target = node.link_target().map_err(failed("readlink"))?;
                symlinkat(&*target, to, name).map_err(failed("symlink"))?;
            }
            FileType::Fifo => {
                mknodat(to, name, FileType::Fifo, mode, makedev(0, 0)).map_err(failed("mknod"))?;
            }
            FileType::CharacterDevice | FileType::BlockDevice => {
                let device = node.stat.st_rdev;
                mknodat(to, name, node.kind(), mode, device).map_err(failed("mknod"))?;
            }
            _ => return Ok(()),
        }
        attributes(node, &path)?
            .apply_to_node(to, name)
            .map_err(failed("attributes"))
    }

    /// Whether it is a further name of something that is there already.
    fn link(&mut self, node: &Node, to: BorrowedFd<'_>, name: &[u8], path: &[u8]) -> Result<bool> {
        let key = (node.stat.st_dev, node.stat.st_ino);
        let Some(first) = self.links.get(&key) else {
            if self.links.len() < MAX_LINKS {
                self.links.insert(key, path.to_vec());
            }
            return Ok(false);
        };
        let (parent, base) = longshore_snapshots::archive::split_path(first);
        let folder = open_folder(self.target, parent).map_err(FilesError::at("open", first))?;
        linkat(&folder, base, to, name, AtFlags::empty()).map_err(FilesError::at("link", path))?;
        Ok(true)
    }

    fn file(&self, node: &Node, to: BorrowedFd<'_>, name: &[u8], path: &[u8]) -> Result<()> {
        let failed = |step| FilesError::at(step, path);
        let from = node.open_file().map_err(failed("open"))?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let made = openat(to, name, flags, Mode::from_raw_mode(0o600)).map_err(failed("open"))?;
        self.content(&from, made.try_clone(), path)?;
        let attributes = attributes(node, path)?;
        attributes
            .apply_to_new_file(made.as_fd())
            .and_then(|()| fchmod(&made, Mode::from_raw_mode(node.stat.st_mode & 0o7777)))
            .map_err(failed("attributes"))
    }

    /// Piece by piece, holes left out; blocks are shared where the file system can.
    fn content(&self, from: &File, made: io::Result<OwnedFd>, path: &[u8]) -> Result<()> {
        let made = made.map_err(|error| of_io("open", path, &error))?;
        if rustix::fs::ioctl_ficlone(&made, from).is_ok() {
            return Ok(());
        }
        let size = from
            .metadata()
            .map_err(|error| of_io("stat", path, &error))?
            .len();
        let mut at = 0;
        while at < size {
            let begin = match seek(from, SeekFrom::Data(at)) {
                Err(Errno::NXIO) => break,
                begin => begin.map_err(FilesError::at("seek", path))?,
            };
            let end = seek(from, SeekFrom::Hole(begin)).map_err(FilesError::at("seek", path))?;
            at = self.piece(from, &made, (begin, end.min(size)), path)?;
        }
        // A hole at the end.
        ftruncate(&made, size).map_err(FilesError::at("truncate", path))
    }

    /// Where it ended: before `end` when the file has become shorter.
    fn piece(
        &self,
        from: &File,
        made: &OwnedFd,
        (begin, end): (u64, u64),
        path: &[u8],
    ) -> Result<u64> {
        const PIECE: u64 = 8 << 20;
        let (mut read, mut written) = (begin, begin);
        while read < end {
            if (self.is_cancelled)() {
                return Err(FilesError::CutOff);
            }
            let wanted = usize::try_from((end - read).min(PIECE)).unwrap_or(usize::MAX);
            let copied = rustix::fs::copy_file_range(
                from,
                Some(&mut read),
                made,
                Some(&mut written),
                wanted,
            );
            match copied {
                Ok(0) => return Ok(u64::MAX),
                Ok(_) | Err(Errno::INTR) => {}
                Err(Errno::XDEV | Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                    return by_hand(from, made, (read, end), path);
                }
                Err(errno) => return Err(FilesError::at("copy", path)(errno)),
            }
        }
        Ok(end)
    }

    fn finish_folder(&self, path: &[u8]) -> Result<()> {
        let failed = || FilesError::at("attributes", path);
        let from = match open_folder(self.source, path) {
            Ok(from) => Node::of(from).map_err(failed())?,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(()),
            Err(errno) => return Err(failed()(errno)),
        };
        let to = open_folder(self.target, path).map_err(failed())?;
        attributes(&from, path)?
            .apply_to_directory(to.as_fd())
            .map_err(failed())
    }
}

/// Between file systems that cannot do it for each other.
fn by_hand(from: &File, made: &OwnedFd, (begin, end): (u64, u64), path: &[u8]) -> Result<u64> {
    let mut buffer = vec![0; 1 << 20];
    let mut at = begin;
    while at < end {
        let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
        let length = buffer.len().min(wanted);
        let read = rustix::io::pread(from, &mut buffer[..length], at);
        let read = read.map_err(FilesError::at("read", path))?;
        if read == 0 {
            return Ok(u64::MAX);
        }
        let mut sent = 0;
        while sent < read {
            let offset = at + sent as u64;
            let written = rustix::io::pwrite(made, &buffer[sent..read], offset);
            sent += written.map_err(FilesError::at("write", path))?;
        }
        at += read as u64;
    }
    Ok(end)
}

fn attributes(node: &Node, path: &[u8]) -> Result<Attributes> {
    let stat = &node.stat;
    Ok(Attributes {
        uid: stat.st_uid,
        gid: stat.st_gid,
        mode: stat.st_mode & 0o7777,
        mtime: Some(Timestamp {
            seconds: stat.st_mtime,
            nanoseconds: u32::try_from(stat.st_mtime_nsec).unwrap_or(0),
        }),
        xattrs: node.xattrs().map_err(FilesError::at("getxattr", path))?,
    })
}

fn of_io(step: &'static str, path: &[u8], error: &io::Error) -> FilesError {
    let errno = Errno::from_io_error(error).unwrap_or(Errno::IO);
    FilesError::at(step, path)(errno)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::Path;

    fn copy(from: &Path, to: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
        let (from, to) = (File::open(from).unwrap(), File::open(to).unwrap());
        duplicate(from.as_fd(), to.as_fd(), is_cancelled)
    }

    #[test]
    fn everything_comes_along_and_hard_links_stay_one_file() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let source = from.path();
        std::fs::create_dir_all(source.join("a/b")).unwrap();
        std::fs::write(source.join("a/b/file"), "content").unwrap();
        std::fs::hard_link(source.join("a/b/file"), source.join("second")).unwrap();
        symlink("/etc/passwd", source.join("link")).unwrap();
        let mode = std::fs::Permissions::from_mode(0o2751);
        std::fs::set_permissions(source.join("a"), mode).unwrap();
        std::fs::set_permissions(source, std::fs::Permissions::from_mode(0o1777)).unwrap();
        copy(source, to.path(), &|| false).unwrap();
        let at = |name: &str| to.path().join(name);
        assert_eq!(std::fs::read_to_string(at("second")).unwrap(), "content");
        let inode = |name: &str| std::fs::metadata(at(name)).unwrap().ino();
        assert_eq!(inode("second"), inode("a/b/file"));
        let link = std::fs::read_link(at("link")).unwrap();
        assert_eq!(link, Path::new("/etc/passwd"));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o7777;
        assert_eq!(mode(&at("a")), 0o2751);
        assert_eq!(mode(to.path()), 0o1777);
        let time = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
        assert_eq!(time(&at("a")), time(&source.join("a")));
    }

    #[test]
    fn holes_stay_holes_and_the_length_is_kept() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = File::create(from.path().join("sparse")).unwrap();
        rustix::io::pwrite(&file, b"in the middle", 8 << 20).unwrap();
        file.set_len(64 << 20).unwrap();
        copy(from.path(), to.path(), &|| false).unwrap();
        let made = std::fs::metadata(to.path().join("sparse")).unwrap();
        assert_eq!(made.len(), 64 << 20);
        assert!(made.blocks() * 512 < 4 << 20);
        let copied = std::fs::read(to.path().join("sparse")).unwrap();
        assert_eq!(&copied[8 << 20..(8 << 20) + 13], b"in the middle");
    }

    #[test]
    fn it_ends_when_it_is_cancelled() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(from.path().join("a"), "x").unwrap();
        let cut_off = copy(from.path(), to.path(), &|| true).unwrap_err();
        assert!(matches!(cut_off, FilesError::CutOff));
        assert!(!to.path().join("a").exists());
    }
}
