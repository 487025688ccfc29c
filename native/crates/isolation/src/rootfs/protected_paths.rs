use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use longshore_sys::mount::{self, AttributeChange, FileSystemContext, MountAttributes};
use longshore_sys::{Errno, rooted};
use rustix::fs::{FileType, Mode, OFlags, makedev};

use super::Rootfs;
use crate::container::invalid;
use crate::error::{Step, StepError};

/// Files then read as empty (/dev/null is bound over them), directories as empty and read-only. Missing ones are fine.
pub(super) fn mask(rootfs: &Rootfs, paths: &[PathBuf]) -> Result<(), StepError> {
    let mut sources = MaskSources::default();
    for path in paths {
        let Some(place) = open(rootfs, path).step("mask", path.display())? else {
            continue;
        };
        let status = rustix::fs::fstat(&place).step("mask", path.display())?;
        let source = if FileType::from_raw_mode(status.st_mode).is_dir() {
            sources.empty_directory()?
        } else {
            mount::clone_tree(sources.null_device(rootfs)?, false).step("mask", "/dev/null")?
        };
        mount::attach(&source, &place).step("mask", path.display())?;
    }
    Ok(())
}

/// Binds each path over itself, read-only with all below it. Missing ones are fine.
pub(super) fn make_read_only(rootfs: &Rootfs, paths: &[PathBuf]) -> Result<(), StepError> {
    for path in paths {
        let Some(place) = open(rootfs, path).step("read-only path", path.display())? else {
            continue;
        };
        let tree = mount::clone_tree(&place, true).step("read-only path", path.display())?;
        let set = MountAttributes::READ_ONLY;
        let change = AttributeChange {
            set,
            recursive: true,
            ..AttributeChange::default()
        };
        mount::change_attributes(&tree, &change).step("read-only path", path.display())?;
        mount::attach(&tree, &place).step("read-only path", path.display())?;
    }
    Ok(())
}

/// From the descriptor of the proc or sysfs mount where there is one: whatever an image has at /proc plays no part.
fn open(rootfs: &Rootfs, path: &Path) -> Result<Option<OwnedFd>, Errno> {
    let kernels = [("/proc", &rootfs.proc), ("/sys", &rootfs.sys)];
    let inside = kernels.iter().find_map(|(prefix, mounted)| {
        let inside = path
            .strip_prefix(prefix)
            .ok()
            .filter(|it| !it.as_os_str().is_empty())?;
        Some((mounted.as_ref()?, inside))
    });
    let opened = match inside {
        Some((mounted, inside)) => {
            rooted::open_beneath(mounted, inside, OFlags::PATH, Mode::empty())
        }
        None => rooted::open_in_root(rootfs.root(), path, OFlags::PATH, Mode::empty()),
    };
    match opened {
        Ok(place) => Ok(Some(place)),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// What is mounted over masked paths, made at the first use.
#[derive(Debug, Default)]
struct MaskSources {
    null: Option<OwnedFd>,
    directory: Option<OwnedFd>,
}

impl MaskSources {
    /// The container's own null device, so that no inode of the host's is in its reach. It must be the device
    /// itself: a symlink or file in its place would be shown instead of nothing (CVE-2025-31133).
    fn null_device(&mut self, rootfs: &Rootfs) -> Result<BorrowedFd<'_>, StepError> {
        if self.null.is_none() {
            let flags = OFlags::PATH | OFlags::NOFOLLOW;
            let opened = match &rootfs.dev {
                Some(dev) => rooted::open_beneath_no_symlinks(dev, "null", flags, Mode::empty()),
                None => rooted::open_in_root_no_symlinks(
                    rootfs.root(),
                    "/dev/null",
                    flags,
                    Mode::empty(),
                ),
            };
            let null = opened.step("mask", "/dev/null")?;
            verify_null_device(&null)?;
            self.null = Some(null);
        }
        self.null
            .as_ref()
            .map(AsFd::as_fd)
            .ok_or_else(not_the_null_device)
    }

    /// One tmpfs for all, cloned for each place.
    fn empty_directory(&mut self) -> Result<OwnedFd, StepError> {
        if let Some(directory) = &self.directory {
            return mount::clone_tree(directory, false).step("mask", "");
        }
        let context = FileSystemContext::open(c"tmpfs").step("mask", "")?;
        let attributes = MountAttributes::READ_ONLY
            | MountAttributes::NO_SUID
            | MountAttributes::NO_DEV
            | MountAttributes::NO_EXEC;
        let directory = context.mount(attributes).step("mask", "")?;
        let first = directory.try_clone();
        self.directory = Some(directory);
        first.map_err(|error| {
            let errno = Errno::from_io_error(&error).unwrap_or(Errno::MFILE);
            StepError::kernel("mask", "", errno)
        })
    }
}

fn verify_null_device(null: &OwnedFd) -> Result<(), StepError> {
    let status = rustix::fs::fstat(null).step("mask", "/dev/null")?;
    let is_device = FileType::from_raw_mode(status.st_mode).is_char_device();
    if is_device && status.st_rdev == makedev(1, 3) {
        return Ok(());
    }
    Err(not_the_null_device())
}

fn not_the_null_device() -> StepError {
    invalid(
        "mask",
        "/dev/null",
        "/dev/null in the container is not the null device",
    )
}
