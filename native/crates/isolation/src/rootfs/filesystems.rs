use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use longshore_sys::Errno;
use longshore_sys::mount::{self, FileSystemContext};
use longshore_sys::rooted::{Missing, Place};

use super::devices::Nodes;
use super::{Rootfs, copy_up, devices, places};
use crate::error::{Step, StepError};
use crate::plan::{ContainerPlan, FileSystemOption, MountPlan, MountSource};

/// Mounts a file system of the container's own.
pub(super) fn add(
    rootfs: &mut Rootfs,
    plan: &MountPlan,
    container: &ContainerPlan,
) -> Result<(), StepError> {
    let MountSource::FileSystem {
        fs_type,
        source,
        options,
        copy_up,
    } = &plan.source
    else {
        return Ok(());
    };
    let fs_type = fs_type.as_str();
    let place = match fs_type {
        "proc" | "sysfs" => places::open_without_symlinks(rootfs, &plan.destination)?,
        _ => places::open(rootfs, &plan.destination, Missing::Directory)?,
    };
    let mode = inherited_mode(fs_type, options, &place)?;
    let options: Vec<_> = options.iter().chain(&mode).collect();
    let mounted = make(plan, fs_type, source.as_deref(), &options)?;
    let is_dev = fs_type == "tmpfs" && plan.destination == Path::new("/dev");
    if is_dev {
        devices::fill(mounted.as_fd(), Nodes::of(container))?;
    }
    if *copy_up && !place.created {
        copy_up::copy(&place, &mounted)?;
    }
    if plan.propagation.is_some() || !plan.set_recursive.is_empty() {
        let propagation = MountPlan {
            set: Default::default(),
            ..plan.clone()
        };
        super::binds::change_attributes(&mounted, &propagation)?;
    }
    mount::attach(&mounted, &place.fd).step("mount", plan.destination.display())?;
    match fs_type {
        "proc" if plan.destination == Path::new("/proc") => rootfs.proc = Some(mounted),
        "sysfs" if plan.destination == Path::new("/sys") => rootfs.sys = Some(mounted),
        "devpts" => rootfs.devpts = Some(mounted),
        _ if is_dev => rootfs.dev = Some(mounted),
        _ => {}
    }
    Ok(())
}

fn make(
    plan: &MountPlan,
    fs_type: &str,
    source: Option<&str>,
    options: &[&FileSystemOption],
) -> Result<OwnedFd, StepError> {
    let destination = plan.destination.display();
    let context = FileSystemContext::open(fs_type).map_err(|errno| {
        let message = format!("this kernel has no file system of type {fs_type:?}");
        let error = StepError::kernel("mount", destination, errno);
        if errno == Errno::NODEV {
            error.with_message(message)
        } else {
            error
        }
    })?;
    if let Some(source) = source {
        context
            .set_string("source", source)
            .map_err(|errno| failure(plan, &context, errno))?;
    }
    for option in options {
        let set = match &option.value {
            Some(value) => context.set_string(&option.key, value.as_str()),
            None => context.set_flag(&option.key),
        };
        set.map_err(|errno| {
            let error = failure(plan, &context, errno);
            let message = format!("{}: option {:?}", error.message, option.key);
            error.with_message(message)
        })?;
    }
    context
        .mount(plan.set)
        .map_err(|errno| failure(plan, &context, errno))
}

fn failure(plan: &MountPlan, context: &FileSystemContext, errno: Errno) -> StepError {
    let error = StepError::kernel("mount", plan.destination.display(), errno);
    match context.messages().last() {
        Some(words) => {
            let message = format!("{} ({words})", error.message);
            error.with_message(message)
        }
        None => error,
    }
}

/// A tmpfs over a directory of the image has that directory's mode, unless its options say one: /tmp stays 1777.
fn inherited_mode(
    fs_type: &str,
    options: &[FileSystemOption],
    place: &Place,
) -> Result<Option<FileSystemOption>, StepError> {
    if fs_type != "tmpfs" || place.created || options.iter().any(|option| option.key == "mode") {
        return Ok(None);
    }
    let status = rustix::fs::fstat(&place.fd).step("mount", "")?;
    let value = Some(format!("{:o}", status.st_mode & 0o7777));
    Ok(Some(FileSystemOption {
        key: "mode".to_owned(),
        value,
    }))
}
