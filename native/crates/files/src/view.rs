//! The root directory that a container's paths begin at.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use longshore_sys::mount::{FileSystemContext, MountAttributes};
use longshore_sys::pidfd;
use longshore_sys::rooted::open_in_root;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

use crate::error::{FilesError, Result};
use crate::ids::Ids;

/// As the containers' own overlays: whoever wrote the layers may not be trusted.
const OPTIONS: [(&str, &str); 3] = [
    ("index", "off"),
    ("metacopy", "off"),
    ("redirect_dir", "nofollow"),
];

/// The longest value that fsconfig(2) takes.
const MAX_VALUE: usize = 255;

/// A root directory. A mount that was made for it is nowhere in the host's tree and goes with it.
#[derive(Debug)]
pub struct View {
    root: OwnedFd,
    /// Whose users and groups its files have.
    ids: Ids,
}

/// The folders that a stopped container's root is made of.
#[derive(Debug, Clone)]
pub struct Layers {
    /// The image's, lowest first.
    pub image: Vec<PathBuf>,
    pub upper: PathBuf,
    pub work: PathBuf,
}

impl View {
    /// As the process sees it, its mounts included.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] when the process has ended.
    pub fn of_process(pid: i32, process: impl AsFd) -> Result<Self> {
        let path = format!("/proc/{pid}/root");
        let root = open_directory(CWD, Path::new(&path))
            .map_err(FilesError::at("open", path.as_bytes()))?;
        let ids = Ids::of_process(pid).map_err(|errno| match errno {
            Errno::SRCH => FilesError::NotFound { path: path.clone() },
            errno => FilesError::at("uid_map", path.as_bytes())(errno),
        })?;
        // As long as the process is there the number is its own.
        pidfd::send_signal(process, 0).map_err(|_| FilesError::NotFound { path })?;
        Ok(View { root, ids })
    }

    /// The merged root, for reading: also while the container runs, as its mounts are not in it.
    pub fn merged(layers: &Layers) -> Result<Self> {
        let mut lower: Vec<&Path> = layers.image.iter().map(PathBuf::as_path).collect();
        lower.push(&layers.upper);
        overlay(&lower, None, MountAttributes::READ_ONLY)
    }

    /// The image's root alone. `empty` is an empty folder: overlay wants two layers at least.
    pub fn image(layers: &Layers, empty: &Path) -> Result<Self> {
        let mut lower: Vec<&Path> = layers.image.iter().map(PathBuf::as_path).collect();
        lower.push(empty);
        overlay(&lower, None, MountAttributes::READ_ONLY)
    }

    /// The merged root, for writing: only while the container does not run and cannot start.
    pub fn writable(layers: &Layers) -> Result<Self> {
        let lower: Vec<&Path> = layers.image.iter().map(PathBuf::as_path).collect();
        let upper = Some((layers.upper.as_path(), layers.work.as_path()));
        overlay(&lower, upper, MountAttributes::empty())
    }

    /// A folder of our own as the root.
    pub fn of_folder(path: &Path) -> Result<Self> {
        Ok(View {
            root: open_path(path)?,
            ids: Ids::default(),
        })
    }

    pub fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }
}

/// The folder at a path, links on the way followed inside the root. `None`: there is no such folder.
pub fn folder_at(view: &View, path: &[u8]) -> Result<Option<View>> {
    use std::os::unix::ffi::OsStrExt;
    let from_root = [b"/".as_slice(), path].concat();
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let place = std::ffi::OsStr::from_bytes(&from_root);
    match open_in_root(view.root(), place, flags, Mode::empty()) {
        Ok(root) => {
            let ids = view.ids.clone();
            Ok(Some(View { root, ids }))
        }
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
        Err(errno) => Err(FilesError::at("open", path)(errno)),
    }
}

/// `lower`: lowest first. Layers are named by descriptor, however long their paths are.
fn overlay(
    lower: &[&Path],
    upper: Option<(&Path, &Path)>,
    attributes: MountAttributes,
) -> Result<View> {
    let failed = |step| FilesError::at(step, b"overlay");
    let opened: Vec<OwnedFd> = lower
        .iter()
        .rev()
        .map(|it| open_path(it))
        .collect::<Result<_>>()?;
    let context = FileSystemContext::open(c"overlay").map_err(failed("overlay"))?;
    set_lower(&context, &opened)?;
    let upper = upper
        .map(|(upper, work)| Ok::<_, FilesError>((open_path(upper)?, open_path(work)?)))
        .transpose()?;
    if let Some((upper, work)) = &upper {
        context
            .set_string("upperdir", name(upper))
            .map_err(failed("upperdir"))?;
        context
            .set_string("workdir", name(work))
            .map_err(failed("workdir"))?;
    }
    for (key, value) in OPTIONS {
        context.set_string(key, value).map_err(failed("overlay"))?;
    }
    let root = context.mount(attributes).map_err(failed("overlay"))?;
    // On disk the files of mapped containers have the containers' own ids.
    let ids = Ids::default();
    Ok(View { root, ids })
}

fn set_lower(context: &FileSystemContext, layers: &[OwnedFd]) -> Result<()> {
    for (index, layer) in layers.iter().enumerate() {
        match context.set_string("lowerdir+", name(layer)) {
            Err(Errno::INVAL) if index == 0 => return set_lower_at_once(context, layers),
            set => set.map_err(FilesError::at("lowerdir", b"overlay"))?,
        }
    }
    Ok(())
}

/// Before Linux 6.8 they come in one value.
fn set_lower_at_once(context: &FileSystemContext, layers: &[OwnedFd]) -> Result<()> {
    let value = layers.iter().map(name).collect::<Vec<_>>().join(":");
    if value.len() > MAX_VALUE {
        let reason = "has too many layers for this kernel: Linux 6.8 and later take 500";
        return Err(FilesError::refused(b"the image", reason));
    }
    let set = context.set_string("lowerdir", value);
    set.map_err(FilesError::at("lowerdir", b"overlay"))
}

fn name(fd: &OwnedFd) -> String {
    format!("/proc/self/fd/{}", fd.as_raw_fd())
}

fn open_path(path: &Path) -> Result<OwnedFd> {
    use std::os::unix::ffi::OsStrExt;
    open_directory(CWD, path).map_err(FilesError::at("open", path.as_os_str().as_bytes()))
}

fn open_directory(at: BorrowedFd<'_>, path: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    openat(at, path, flags, Mode::empty())
}
