use std::ffi::CString;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use longshore_sys::mount::{self, FileSystemContext, MountAttributes};
use longshore_sys::{Errno, file_owner};
use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::mount::MountFlags;

use crate::container::invalid;
use crate::error::{ErrorClass, Step, StepError};
use crate::plan::{RootPlan, UserMappings};
use crate::user_namespace;

/// The longest value that fsconfig(2) takes for a string.
const MAX_VALUE: usize = 255;
/// mount(2) takes one page of options, its end included.
const MAX_OPTIONS: usize = 4095;

/// Layers are made independently of each other, and whoever wrote them may not be trusted: no redirects, no
/// metacopies, no index, whatever the kernel's defaults are.
const OPTIONS: [(&str, &str); 3] = [
    ("index", "off"),
    ("metacopy", "off"),
    ("redirect_dir", "nofollow"),
];

/// Mounts the overlay on `root.merged`, and answers its root directory (O_PATH).
pub(super) fn mount(root: &RootPlan) -> Result<OwnedFd, StepError> {
    if root.layers.is_empty() {
        return Err(invalid("overlay", "", "the image has no layers"));
    }
    let mounted = match mount_by_context(root)? {
        Some(mounted) => mounted,
        None => return mount_by_options(root),
    };
    let place = open_directory(&root.merged)?;
    mount::attach(&mounted, place).step("overlay", root.merged.display())?;
    Ok(mounted)
}

/// The overlay as a detached mount, its files with owners as the user namespace maps them, on disk and seen. Upper
/// and work directory must lie in one directory.
pub(crate) fn make_mapped(
    root: &RootPlan,
    users: &UserMappings,
    user_namespace: BorrowedFd<'_>,
) -> Result<OwnedFd, StepError> {
    let mapped = |path: &Path| {
        let tree = mount::clone_tree_at(path, false).step("overlay", path.display())?;
        user_namespace::map(tree.as_fd(), user_namespace, false)?;
        Ok::<_, StepError>(tree)
    };
    let context = FileSystemContext::open(c"overlay").step("overlay", "")?;
    // A detached mount goes with its descriptor; overlay takes copies when it is made.
    let layers = root.layers.iter().rev().map(|layer| mapped(layer));
    let layers = layers.collect::<Result<Vec<_>, _>>()?;
    for (tree, path) in layers.iter().zip(root.layers.iter().rev()) {
        set_layer(&context, "lowerdir+", tree.as_fd(), path)?;
    }
    let (Some(folder), Some(upper), Some(work)) = (
        root.upper
            .parent()
            .filter(|it| root.work.parent() == Some(it)),
        root.upper.file_name(),
        root.work.file_name(),
    ) else {
        return Err(invalid("overlay", "", "upper and work lie apart"));
    };
    // The two must be on one mount.
    let folder = mapped(folder)?;
    for (key, name) in [("upperdir", upper), ("workdir", work)] {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let path = Path::new(name);
        let directory = rustix::fs::openat(&folder, path, flags, Mode::empty())
            .step("overlay", path.display())?;
        set_layer(&context, key, directory.as_fd(), path)?;
    }
    // On disk the agent's own root stands for the container's, and for nobody outside.
    let (uid, gid) = users.root();
    file_owner::with_file_owner(uid, gid, || finish(&context, root)).step("overlay", "")?
}

/// Attaches it over the process's own root, which is in everybody's reach: `merged` may not be in that of an
/// unmapped user.
pub(super) fn attach_mapped(root: OwnedFd) -> Result<OwnedFd, StepError> {
    mount::attach(&root, open_directory(Path::new("/"))?).step("overlay", "/")?;
    Ok(root)
}

fn set_layer(
    context: &FileSystemContext,
    key: &str,
    layer: BorrowedFd<'_>,
    path: &Path,
) -> Result<(), StepError> {
    context.set_fd(key, layer).map_err(|errno| {
        let error = failure(context, path, errno);
        if errno != Errno::INVAL {
            return error;
        }
        error
            .with_class(ErrorClass::NotImplemented)
            .with_message("linux.uidMappings: this kernel cannot stack layers with mapped owners")
            .with_hint("It takes Linux 6.15.")
    })
}

/// One layer at a time, any number up to the kernel's 500. None: this kernel (before 6.8) or a path this long wants
/// them in one string.
fn mount_by_context(root: &RootPlan) -> Result<Option<OwnedFd>, StepError> {
    if root
        .layers
        .iter()
        .any(|layer| layer.as_os_str().len() > MAX_VALUE)
    {
        return Ok(None);
    }
    let context = FileSystemContext::open(c"overlay").step("overlay", "")?;
    // Highest first.
    for (index, layer) in root.layers.iter().rev().enumerate() {
        match context.set_string("lowerdir+", layer.as_os_str()) {
            Err(Errno::INVAL) if index == 0 => return Ok(None),
            result => result.map_err(|errno| failure(&context, layer, errno))?,
        }
    }
    let directories = [("upperdir", &root.upper), ("workdir", &root.work)];
    for (key, path) in directories {
        if path.as_os_str().len() > MAX_VALUE {
            return Ok(None);
        }
        context
            .set_string(key, path.as_os_str())
            .map_err(|errno| failure(&context, path, errno))?;
    }
    finish(&context, root).map(Some)
}

fn finish(context: &FileSystemContext, root: &RootPlan) -> Result<OwnedFd, StepError> {
    for (key, value) in OPTIONS {
        context
            .set_string(key, value)
            .map_err(|errno| failure(context, Path::new(key), errno))?;
    }
    if root.volatile {
        forget_volatile_run(root)?;
        context
            .set_flag("volatile")
            .map_err(|errno| failure(context, &root.upper, errno))?;
    }
    context
        .mount(MountAttributes::empty())
        .map_err(|errno| failure(context, &root.merged, errno))
}

/// The kernel marks the work directory of a volatile overlay and refuses to mount it again, since it cannot know whether
/// the machine has crashed (kernel.org, overlayfs, "Volatile mount"). Whoever asks for a volatile layer has said that this
/// does not matter.
fn forget_volatile_run(root: &RootPlan) -> Result<(), StepError> {
    let mark = root.work.join("work/incompat/volatile");
    let parts = [
        (mark.join("dirty"), AtFlags::empty()),
        (mark, AtFlags::REMOVEDIR),
    ];
    for (path, flags) in parts {
        match rustix::fs::unlinkat(CWD, &path, flags) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(errno) => return Err(StepError::kernel("overlay", path.display(), errno)),
        }
    }
    Ok(())
}

fn failure(context: &FileSystemContext, path: &Path, errno: Errno) -> StepError {
    let error = StepError::kernel("overlay", path.display(), errno);
    match context.messages().last() {
        Some(words) => {
            let message = format!("{} ({words})", error.message);
            error.with_message(message)
        }
        None => error,
    }
}

/// All layers in one page, named by descriptor: some 200 fit, however long their paths are, and no colon or comma in
/// a path has to be escaped.
fn mount_by_options(root: &RootPlan) -> Result<OwnedFd, StepError> {
    let layers = root
        .layers
        .iter()
        .rev()
        .map(|it| open_directory(it))
        .collect::<Result<Vec<_>, _>>()?;
    let (upper, work) = (open_directory(&root.upper)?, open_directory(&root.work)?);
    let name = |fd: &OwnedFd| format!("/proc/self/fd/{}", fd.as_raw_fd());
    let lower = layers.iter().map(name).collect::<Vec<_>>().join(":");
    let mut options = format!(
        "lowerdir={lower},upperdir={},workdir={}",
        name(&upper),
        name(&work)
    );
    for (key, value) in OPTIONS {
        options.push_str(&format!(",{key}={value}"));
    }
    if root.volatile {
        forget_volatile_run(root)?;
        options.push_str(",volatile");
    }
    if options.len() > MAX_OPTIONS {
        let message = format!("{} layers are too many for this kernel", layers.len());
        return Err(invalid("overlay", "", &message).with_hint("Linux 6.8 and later take 500."));
    }
    let path = root.merged.display();
    let no_nul = |_| StepError::kernel("overlay", root.merged.display(), Errno::INVAL);
    let options = CString::new(options).map_err(no_nul)?;
    let merged = CString::new(root.merged.as_os_str().as_bytes()).map_err(no_nul)?;
    rustix::mount::mount(
        c"overlay",
        &merged,
        c"overlay",
        MountFlags::empty(),
        &*options,
    )
    .step("overlay", path)?;
    open_directory(&root.merged)
}

fn open_directory(path: &Path) -> Result<OwnedFd, StepError> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(CWD, path, flags, Mode::empty()).step("overlay", path.display())
}
