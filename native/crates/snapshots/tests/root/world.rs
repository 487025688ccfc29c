//! A store in a folder of its own, layers made in memory, and trees as text.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use longshore_snapshots::{
    Cancel, ChainId, Digest, Feed, InUse, LayerSource, Result, SnapshotStore, UnpackLimits,
    UnpackRequest, Unpacked,
};

pub(crate) const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
pub(crate) const ZSTD: &str = "application/vnd.oci.image.layer.v1.tar+zstd";
pub(crate) const PLAIN: &str = "application/vnd.oci.image.layer.v1.tar";

/// A folder that is gone with its owner.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("longshore-snapshots-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A store and the folder it lives in.
pub(crate) struct World {
    // Fields drop in order: the store before its folder.
    pub(crate) store: SnapshotStore,
    pub(crate) scratch: Scratch,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(UnpackLimits::default())
    }

    pub(crate) fn with(limits: UnpackLimits) -> Self {
        let scratch = Scratch::new();
        let store = SnapshotStore::open_with(&scratch.0.join("layers"), limits).unwrap();
        Self { store, scratch }
    }

    pub(crate) fn unpack(&self, layer: &Layer) -> Result<Unpacked> {
        self.store
            .unpack(&layer.request(), layer.source(), &Cancel::new(), &|_| {})
    }

    /// The unpacked tree as text.
    pub(crate) fn tree(&self, layer: &Layer) -> String {
        describe(&self.store.layer_path(&layer.chain_id).unwrap())
    }

    pub(crate) fn layers_folder(&self) -> PathBuf {
        self.scratch.0.join("layers")
    }

    /// Neither a layer nor any piece of one is left.
    pub(crate) fn assert_empty(&self) {
        assert_eq!(self.store.list(), []);
        wait_until_empty(&self.layers_folder().join("tmp"));
        wait_until_empty(&self.layers_folder().join("trash"));
        assert_eq!(names(&self.layers_folder()), ["lock", "tmp", "trash"]);
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Returns when the deletion in the background is through.
pub(crate) fn wait_until_empty(folder: &Path) {
    while !names(folder).is_empty() {
        std::thread::yield_now();
    }
}

/// A layer as a registry would serve it; the fields may be made to lie.
#[derive(Clone)]
pub(crate) struct Layer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: &'static str,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    pub(crate) diff_id: Digest,
    pub(crate) parent: Option<ChainId>,
    pub(crate) chain_id: ChainId,
}

impl Layer {
    pub(crate) fn plain(tar: &[u8]) -> Self {
        Self::packed(tar, tar.to_vec(), PLAIN)
    }

    pub(crate) fn gzip(tar: &[u8]) -> Self {
        Self::packed(tar, gzip(tar), GZIP)
    }

    pub(crate) fn zstd(tar: &[u8]) -> Self {
        Self::packed(tar, zstd::encode_all(tar, 1).unwrap(), ZSTD)
    }

    pub(crate) fn packed(tar: &[u8], bytes: Vec<u8>, media_type: &'static str) -> Self {
        let diff_id = Digest::of(tar);
        Self {
            size: bytes.len() as u64,
            digest: Digest::of(&bytes),
            bytes,
            media_type,
            diff_id,
            parent: None,
            chain_id: ChainId::of(None, &diff_id),
        }
    }

    pub(crate) fn on(mut self, parent: &Layer) -> Self {
        self.parent = Some(parent.chain_id);
        self.chain_id = ChainId::of(Some(&parent.chain_id), &self.diff_id);
        self
    }

    pub(crate) fn request(&self) -> UnpackRequest {
        let Self {
            chain_id,
            parent,
            diff_id,
            digest,
            size,
            media_type,
            ..
        } = self;
        UnpackRequest::new(*chain_id, *parent, *diff_id, *digest, *size, media_type).unwrap()
    }

    /// All bytes, pushed at once.
    pub(crate) fn source(&self) -> LayerSource {
        let (feed, source) = Feed::pushed();
        feed.push(self.bytes.clone(), &Cancel::new()).unwrap();
        feed.complete();
        source
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that no compression makes smaller; always the same ones (xorshift).
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// No container anywhere.
pub(crate) struct Unused;

impl InUse for Unused {
    fn container_using(&self, _chain_id: &ChainId) -> Option<String> {
        None
    }
}

/// One line for each file of a tree, in order: path, type and mode, owner, what it holds, times, attributes.
pub(crate) fn describe(root: &Path) -> String {
    let mut lines = String::new();
    let mut inodes = HashMap::new();
    describe_into(root, root, &mut inodes, &mut lines);
    lines
}

fn describe_into(root: &Path, path: &Path, inodes: &mut HashMap<u64, String>, lines: &mut String) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let name = path.strip_prefix(root).unwrap().display().to_string();
    let name = if name.is_empty() {
        ".".to_owned()
    } else {
        name
    };
    let kind = metadata.file_type();
    let content = if kind.is_dir() {
        "dir".to_owned()
    } else if let Some(first) = inodes.get(&metadata.ino()) {
        format!("= {first}")
    } else if kind.is_symlink() {
        format!("-> {}", fs::read_link(path).unwrap().display())
    } else if kind.is_file() {
        let mut bytes = Vec::new();
        fs::File::open(path)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        match std::str::from_utf8(&bytes) {
            Ok(text) if text.len() < 40 && !text.contains(char::is_control) => format!("{text:?}"),
            _ => format!("{} bytes {}", bytes.len(), &Digest::of(&bytes).hex()[..12]),
        }
    } else {
        let kind = if kind.is_fifo() {
            "fifo"
        } else if kind.is_char_device() {
            "char"
        } else {
            "block"
        };
        let device = metadata.rdev();
        format!(
            "{kind} {}:{}",
            rustix::fs::major(device),
            rustix::fs::minor(device)
        )
    };
    if !kind.is_dir() {
        inodes.entry(metadata.ino()).or_insert_with(|| name.clone());
    }
    let (mode, uid, gid) = (metadata.mode() & 0o7777, metadata.uid(), metadata.gid());
    write!(lines, "{name} {mode:o} {uid}:{gid} {content}").unwrap();
    write!(lines, " @{}.{:09}", metadata.mtime(), metadata.mtime_nsec()).unwrap();
    for (key, value) in xattrs(path) {
        write!(lines, " {key}={value}").unwrap();
    }
    lines.push('\n');
    if kind.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        for entry in entries {
            describe_into(root, &entry, inodes, lines);
        }
    }
}

fn xattrs(path: &Path) -> Vec<(String, String)> {
    let mut names = vec![0u8; 65536];
    let length = rustix::fs::llistxattr(path, &mut names[..]).unwrap();
    let names = names[..length]
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty());
    let mut xattrs: Vec<_> = names
        .map(|name| {
            let mut value = vec![0u8; 65536];
            let length = rustix::fs::lgetxattr(path, name, &mut value[..]).unwrap();
            let value = value[..length].escape_ascii().to_string();
            (String::from_utf8_lossy(name).into_owned(), value)
        })
        .collect();
    xattrs.sort();
    xattrs
}

/// The line of `name` in a described tree, without the time.
pub(crate) fn line<'a>(tree: &'a str, name: &str) -> Option<&'a str> {
    let found = tree
        .lines()
        .find(|line| line.split(' ').next() == Some(name));
    found.map(|line| line.split_once(' ').unwrap().1)
}
