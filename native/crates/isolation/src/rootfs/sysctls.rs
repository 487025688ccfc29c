use std::os::fd::AsFd;

use longshore_sys::mount::{FileSystemContext, MountAttributes};
use longshore_sys::rooted;
use rustix::fs::{Mode, OFlags};

use super::Rootfs;
use crate::error::{Step, StepError};
use crate::plan::Sysctl;

/// Writes through the container's own proc mount: nothing else can stand at those paths (CVE-2025-52881).
pub(super) fn write(rootfs: &Rootfs, sysctls: &[Sysctl]) -> Result<(), StepError> {
    if sysctls.is_empty() {
        return Ok(());
    }
    let own;
    let proc = match &rootfs.proc {
        Some(proc) => proc.as_fd(),
        None => {
            let context = FileSystemContext::open(c"proc").step("sysctl", "")?;
            own = context.mount(MountAttributes::empty()).step("sysctl", "")?;
            own.as_fd()
        }
    };
    for sysctl in sysctls {
        let path = format!("sys/{}", sysctl.path);
        let name = &sysctl.path;
        let file = rooted::open_beneath_no_symlinks(proc, &path, OFlags::WRONLY, Mode::empty())
            .step("sysctl", name)?;
        rustix::io::write(&file, sysctl.value.as_bytes()).map_err(|errno| {
            StepError::kernel("sysctl", name, errno)
                .with_hint(format!("{:?} may not be a value of {name}.", sysctl.value))
        })?;
    }
    Ok(())
}
