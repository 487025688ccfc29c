use std::ffi::CString;
use std::os::fd::AsRawFd as _;
use std::path::Path;

use libtest_mimic::Failed;
use longshore_cgroups::{Cgroup, CgroupHost, DeviceRules, Limits};

/// A cgroup of its own for each test; removed, processes and all, when the test ends in whatever way.
pub(crate) struct Scratch {
    pub(crate) host: CgroupHost,
    pub(crate) path: String,
}

impl Scratch {
    pub(crate) fn new(name: &str) -> Result<Scratch, Failed> {
        let path = format!("longshore-test-{}-{name}/container", std::process::id());
        Ok(Scratch {
            host: CgroupHost::detect()?,
            path,
        })
    }

    pub(crate) fn create(&self, limits: &Limits) -> Result<Cgroup, Failed> {
        Ok(self
            .host
            .create(&self.path, limits, &DeviceRules::docker_default())?)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Ok(cgroup) = Cgroup::open(&self.host, &self.path) {
            let _ = cgroup.remove();
        }
        let Some((parent, _)) = self.path.split_once('/') else {
            return;
        };
        let root = Path::new("/sys/fs/cgroup");
        let _ = std::fs::remove_dir(root.join(parent));
        for hierarchy in std::fs::read_dir(root).into_iter().flatten().flatten() {
            let _ = std::fs::remove_dir(hierarchy.path().join(parent));
        }
    }
}

/// libc's constant of that name is 32 bits wide and overflows to 0.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// A process that was cloned into a cgroup, as the zygote does it.
pub(crate) struct Child {
    pub(crate) pid: i32,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Exited(i32),
    Killed(i32),
}

impl Child {
    pub(crate) fn spawn(cgroup: &Cgroup, command: &[&str]) -> Result<Child, Failed> {
        let arguments: Vec<CString> = command
            .iter()
            .map(|argument| CString::new(*argument))
            .collect::<Result<_, _>>()?;
        let mut pointers: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
        pointers.push(std::ptr::null());
        // SAFETY: all zeros is a valid clone_args.
        let mut clone_args: libc::clone_args = unsafe { std::mem::zeroed() };
        clone_args.exit_signal = libc::SIGCHLD as u64;
        if let Some(fd) = cgroup.lifecycle_fd() {
            clone_args.flags = CLONE_INTO_CGROUP;
            clone_args.cgroup = fd.as_raw_fd() as u64;
        }
        // SAFETY: like fork; the child only makes system calls before it executes another program.
        let pid = unsafe {
            libc::syscall(
                libc::SYS_clone3,
                &raw mut clone_args,
                size_of::<libc::clone_args>(),
            )
        };
        if pid < 0 {
            return Err(std::io::Error::last_os_error().into());
        }
        if pid == 0 {
            let entered = cgroup.enter().is_ok();
            // SAFETY: the pointers are to NUL-terminated strings and end with a null pointer.
            unsafe {
                if entered {
                    libc::execvp(pointers[0], pointers.as_ptr());
                }
                libc::_exit(127);
            }
        }
        Ok(Child { pid: pid as i32 })
    }

    pub(crate) fn wait(&self) -> End {
        let mut status = 0;
        // SAFETY: `status` is a valid place, and the pid is our own child's.
        let waited = unsafe { libc::waitpid(self.pid, &raw mut status, 0) };
        assert_eq!(waited, self.pid);
        if libc::WIFSIGNALED(status) {
            End::Killed(libc::WTERMSIG(status))
        } else {
            End::Exited(libc::WEXITSTATUS(status))
        }
    }
}

pub(crate) fn run(cgroup: &Cgroup, command: &[&str]) -> Result<End, Failed> {
    Ok(Child::spawn(cgroup, command)?.wait())
}
