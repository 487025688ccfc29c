use std::os::fd::AsFd;
use std::path::{Component, Path};

use longshore_sys::Errno;
use longshore_sys::rooted::{self, Missing, Place};
use rustix::fs::{Mode, PROC_SUPER_MAGIC};

use super::Rootfs;
use crate::container::invalid;
use crate::error::{Step, StepError};

/// Directories made for mounts, as Docker's and runc's.
pub(super) const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o755);

/// Below /proc: what tools such as lxcfs replace by files of their own. Anything else there would take away the
/// protection of the kernel's files (CVE-2019-16884, CVE-2023-27561).
const REPLACEABLE: [&str; 12] = [
    "cpuinfo",
    "diskstats",
    "meminfo",
    "stat",
    "swaps",
    "uptime",
    "loadavg",
    "slabinfo",
    "sys/kernel/ns_last_pid",
    "sys/crypto/fips_enabled",
    "net/dev",
    "version",
];

/// The place for a mount, made when missing; symlinks are followed inside the root.
pub(super) fn open(
    rootfs: &Rootfs,
    destination: &Path,
    missing: Missing,
) -> Result<Place, StepError> {
    refuse_root(destination)?;
    let place = rooted::open_or_create(rootfs.root(), destination, missing, DIRECTORY_MODE)
        .step("mount", destination.display())?;
    refuse_procfs(&place, destination)?;
    Ok(place)
}

/// As [`open`], for the kernel's own file systems: a symlink on the way is an image's attempt to have the container's
/// protected paths elsewhere than the kernel's files (CVE-2019-19921).
pub(super) fn open_without_symlinks(
    rootfs: &Rootfs,
    destination: &Path,
) -> Result<Place, StepError> {
    refuse_root(destination)?;
    let directory = rustix::fs::OFlags::PATH | rustix::fs::OFlags::DIRECTORY;
    let opened =
        rooted::open_in_root_no_symlinks(rootfs.root(), destination, directory, Mode::empty());
    match opened {
        Ok(fd) => Ok(Place { fd, created: false }),
        // Where something is missing there is no symlink at its place, nor, since nothing of the image runs, later.
        Err(Errno::NOENT) => rooted::open_or_create(
            rootfs.root(),
            destination,
            Missing::Directory,
            DIRECTORY_MODE,
        )
        .step("mount", destination.display()),
        Err(errno @ (Errno::LOOP | Errno::NOTDIR)) => {
            let path = destination.display();
            let message = format!("{path} is not an ordinary directory in the image");
            Err(StepError::kernel("mount", path, errno)
                .with_message(message)
                .with_hint("The image replaces it by a symlink or a file, which could fool the kernel's protections."))
        }
        Err(errno) => Err(StepError::kernel("mount", destination.display(), errno)),
    }
}

fn refuse_root(destination: &Path) -> Result<(), StepError> {
    if destination
        .components()
        .all(|it| matches!(it, Component::RootDir | Component::CurDir))
    {
        return Err(invalid(
            "mount",
            "/",
            "nothing can be mounted over the root directory",
        ));
    }
    Ok(())
}

fn refuse_procfs(place: &Place, destination: &Path) -> Result<(), StepError> {
    let path = &destination.display();
    let status = rustix::fs::fstatfs(place.fd.as_fd()).step("mount", path)?;
    if status.f_type != PROC_SUPER_MAGIC {
        return Ok(());
    }
    let inside = destination
        .strip_prefix("/proc")
        .ok()
        .and_then(Path::to_str);
    if inside.is_some_and(|inside| REPLACEABLE.contains(&inside)) {
        return Ok(());
    }
    Err(invalid(
        "mount",
        &path.to_string(),
        &format!("{path} lies inside /proc"),
    )
    .with_hint("Only single files such as /proc/meminfo can be replaced there."))
}
