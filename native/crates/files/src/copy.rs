//! Files on their way into an archive.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{FileType, major, minor, seek};
use rustix::io::Errno;

use crate::error::{FilesError, Result, cut_off};
use crate::ids::Ids;
use crate::node::Node;
use crate::tar::{Member, MemberKind, Segment, TarWriter};
use crate::tree::{is_pseudo, join, names, open_folder};

/// Names of hard links that are remembered; a further one becomes a file of its own.
const MAX_LINKS: usize = 500_000;
/// Files from this size on are looked at for holes.
const SPARSE_FROM: u64 = 1 << 20;
/// A file that is scattered more is written whole.
const MAX_SEGMENTS: usize = 10_000;

pub(crate) struct Copier<W> {
    tar: TarWriter<W>,
    /// Names in the archive of files that have several, by device and inode.
    links: HashMap<(u64, u64), Vec<u8>>,
    ids: Ids,
}

impl<W: Write> Copier<W> {
    pub(crate) fn new(output: W) -> Self {
        Copier::with_ids(output, Ids::default())
    }

    /// Of files whose users are a container's.
    pub(crate) fn with_ids(output: W, ids: Ids) -> Self {
        Copier {
            tar: TarWriter::new(output),
            links: HashMap::new(),
            ids,
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.tar.finish().map_err(cut_off)
    }

    /// The content of `root`, as entries below `prefix`; not `root` itself. What the kernel only shows (procfs, sysfs)
    /// is left out, but for its mount points.
    pub(crate) fn tree(&mut self, root: BorrowedFd<'_>, prefix: &[u8]) -> Result<()> {
        let mut folders = vec![Vec::new()];
        while let Some(path) = folders.pop() {
            let folder = match open_folder(root, &path) {
                Ok(folder) => folder,
                // Gone, or replaced, meanwhile.
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => continue,
                Err(errno) => return Err(FilesError::at("open", &path)(errno)),
            };
            let mut below = Vec::new();
            for name in names(&folder, &path)? {
                let inside = join(&path, &name);
                let Some(node) = self.look(folder.as_fd(), &name)? else {
                    continue;
                };
                self.node(&node, &[prefix, inside.as_slice()].concat())?;
                if node.kind() == FileType::Directory && !is_pseudo(&node) {
                    below.push(inside);
                }
            }
            folders.extend(below.into_iter().rev());
        }
        Ok(())
    }

    fn look(&self, folder: BorrowedFd<'_>, name: &[u8]) -> Result<Option<Node>> {
        match Node::at(folder, name) {
            Ok(node) => Ok(Some(node)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(FilesError::at("open", name)(errno)),
        }
    }

    /// One thing, without what is in it. A socket has no place in an archive.
    pub(crate) fn node(&mut self, node: &Node, name: &[u8]) -> Result<()> {
        let Some(mut member) = member(node, name)? else {
            return Ok(());
        };
        (member.uid, member.gid) = self.ids.inside((member.uid, member.gid));
        if node.stat.st_nlink > 1 && member.kind != MemberKind::Directory {
            let key = (node.stat.st_dev, node.stat.st_ino);
            if let Some(first) = self.links.get(&key) {
                member.target.clone_from(first);
                member.kind = MemberKind::Hardlink;
                member.xattrs.clear();
                return self.tar.member(&member).map_err(cut_off);
            }
            if self.links.len() < MAX_LINKS {
                self.links.insert(key, name.to_vec());
            }
        }
        if member.kind != MemberKind::File {
            return self.tar.member(&member).map_err(cut_off);
        }
        member.size = u64::try_from(node.stat.st_size).unwrap_or(0);
        let mut file = node.open_file().map_err(FilesError::at("open", name))?;
        match segments(node, &file, member.size) {
            Some(segments) => self.tar.sparse_file(&member, &segments, |segment| {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(segment.offset))?;
                Ok(file)
            }),
            None => self.tar.file(&member, &mut Content(&mut file)),
        }
        .map_err(|error| failed_copy(name, &error))
    }

    /// An entry that only the archive has.
    pub(crate) fn mark(&mut self, name: &[u8]) -> Result<()> {
        let member = Member {
            name: name.to_vec(),
            kind: MemberKind::File,
            mode: 0o644,
            uid: 0,
            gid: 0,
            mtime: 0,
            size: 0,
            target: Vec::new(),
            device: (0, 0),
            xattrs: Vec::new(),
        };
        self.tar.member(&member).map_err(cut_off)
    }
}

/// A file that fails to be read is the container's fault, a pipe that is closed the reader's.
fn failed_copy(name: &[u8], error: &io::Error) -> FilesError {
    match Errno::from_io_error(error) {
        Some(errno) => FilesError::at("read", name)(errno),
        None => FilesError::CutOff,
    }
}

struct Content<'a>(&'a mut File);

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// `None` of what an archive cannot hold.
fn member(node: &Node, name: &[u8]) -> Result<Option<Member>> {
    let stat = &node.stat;
    let failed = |step| FilesError::at(step, name);
    let kind = match node.kind() {
        FileType::RegularFile => MemberKind::File,
        FileType::Directory => MemberKind::Directory,
        FileType::Symlink => MemberKind::Symlink,
        FileType::Fifo => MemberKind::Fifo,
        FileType::CharacterDevice => MemberKind::CharDevice,
        FileType::BlockDevice => MemberKind::BlockDevice,
        _ => return Ok(None),
    };
    let is_device = matches!(kind, MemberKind::CharDevice | MemberKind::BlockDevice);
    let mut name = name.to_vec();
    if kind == MemberKind::Directory && !name.ends_with(b"/") {
        name.push(b'/');
    }
    Ok(Some(Member {
        kind,
        mode: stat.st_mode & 0o7777,
        uid: stat.st_uid,
        gid: stat.st_gid,
        mtime: stat.st_mtime,
        size: 0,
        target: match kind {
            MemberKind::Symlink => node.link_target().map_err(failed("readlink"))?,
            _ => Vec::new(),
        },
        device: match is_device {
            true => (major(stat.st_rdev), minor(stat.st_rdev)),
            false => (0, 0),
        },
        xattrs: node.xattrs().map_err(failed("getxattr"))?,
        name,
    }))
}

/// The pieces with data of a file that is mostly holes.
fn segments(node: &Node, file: &File, size: u64) -> Option<Vec<Segment>> {
    let on_disk = u64::try_from(node.stat.st_blocks).ok()?.saturating_mul(512);
    if size < SPARSE_FROM || on_disk >= size / 2 {
        return None;
    }
    let mut segments = Vec::new();
    let mut at = 0;
    while at < size {
        let begin = match seek(file, rustix::fs::SeekFrom::Data(at)) {
            Ok(begin) => begin.min(size),
            Err(Errno::NXIO) => break,
            Err(_) => return None,
        };
        let end = seek(file, rustix::fs::SeekFrom::Hole(begin))
            .ok()?
            .min(size);
        if begin >= end || segments.len() == MAX_SEGMENTS {
            return None;
        }
        segments.push(Segment {
            offset: begin,
            length: end - begin,
        });
        at = end;
    }
    Some(segments)
}
