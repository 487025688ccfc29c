use std::path::Path;

use libtest_mimic::Failed;
use rustix::mount::{MountPropagationFlags, UnmountFlags, mount_change, unmount};
use rustix::thread::{UnshareFlags, unshare_unsafe};

/// Runs a test where the hierarchies of this kind ("cgroup" or "cgroup2") are not mounted: in a thread with a
/// mount namespace of its own.
pub(crate) fn without(kind: &'static str, test: fn() -> Result<(), Failed>) -> Result<(), Failed> {
    let thread = std::thread::spawn(move || {
        hide(kind)?;
        test()
    });
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn hide(kind: &str) -> Result<(), Failed> {
    // SAFETY: only this thread's file system context is unshared, and the thread ends with the test.
    unsafe { unshare_unsafe(UnshareFlags::NEWNS)? };
    mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )?;
    let mounts = std::fs::read_to_string("/proc/thread-self/mounts")?;
    for line in mounts.lines() {
        let mut fields = line.split(' ').skip(1);
        if let (Some(path), Some(found)) = (fields.next(), fields.next())
            && found == kind
        {
            unmount(Path::new(path), UnmountFlags::DETACH)?;
        }
    }
    Ok(())
}
