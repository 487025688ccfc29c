//! Images, specs and the parent's part in a container's life.

mod image;
mod parent;

use std::path::Path;

use longshore_isolation::ContainerPlan;
use longshore_isolation::plan::RootPlan;
use longshore_sys::clone::Namespaces;
use longshore_sys::mount::{AttributeChange, Propagation};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use image::busybox_is_there;
pub(crate) use parent::{Outcome, Running, start_exec};

/// Docker's fourteen, as bits.
pub(crate) const DOCKER_CAPABILITIES: u64 = 0xa804_25fb;

const CAPABILITY_NAMES: [&str; 14] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FSETID",
    "CAP_FOWNER",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETFCAP",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT",
    "CAP_KILL",
    "CAP_AUDIT_WRITE",
];

pub(crate) const MASKED_PATHS: [&str; 13] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
    "/sys/fs/selinux",
];

pub(crate) const READONLY_PATHS: [&str; 5] = [
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

/// All mounts of the tests, leaked ones too, end with this process.
pub(crate) fn leave_the_hosts_mounts() {
    longshore_sys::clone::unshare(Namespaces::MOUNT).unwrap();
    let private = AttributeChange {
        propagation: Some(Propagation::Private),
        recursive: true,
        ..AttributeChange::default()
    };
    longshore_sys::mount::change_attributes_at(c"/", &private).unwrap();
}

/// A container about to be made: an image directory to prepare, a spec to change, and then a plan.
pub(crate) struct Fixture {
    directory: TempDir,
    pub(crate) spec: Value,
    extra_layers: Vec<std::path::PathBuf>,
}

impl Fixture {
    /// Docker's defaults, with a shell that runs `script`.
    pub(crate) fn shell(script: &str) -> Fixture {
        Fixture::command(&["/bin/sh", "-c", script])
    }

    pub(crate) fn command(args: &[&str]) -> Fixture {
        let directory = tempfile::tempdir().unwrap();
        for name in ["image", "upper", "work", "merged", "host"] {
            std::fs::create_dir(directory.path().join(name)).unwrap();
        }
        image::fill(&directory.path().join("image"));
        Fixture {
            directory,
            spec: docker_spec(args),
            extra_layers: Vec::new(),
        }
    }

    /// The image's root directory, for changes before the start.
    pub(crate) fn image(&self, path: &str) -> std::path::PathBuf {
        self.directory.path().join("image").join(path)
    }

    /// What the container has written.
    pub(crate) fn upper(&self, path: &str) -> std::path::PathBuf {
        self.directory.path().join("upper").join(path)
    }

    /// A directory that stands for the host, with no way into it but a mount.
    pub(crate) fn host(&self, path: &str) -> std::path::PathBuf {
        self.directory.path().join("host").join(path)
    }

    pub(crate) fn host_is_empty(&self) -> bool {
        std::fs::read_dir(self.host("")).unwrap().next().is_none()
    }

    /// A layer above all others so far.
    pub(crate) fn add_layer(&mut self, path: &Path) {
        self.extra_layers.push(path.to_owned());
    }

    pub(crate) fn set(mut self, pointer: &str, value: Value) -> Fixture {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = self.spec.pointer_mut(parent).unwrap();
        parent
            .as_object_mut()
            .unwrap()
            .insert(key.to_owned(), value);
        self
    }

    pub(crate) fn mount(mut self, mount: Value) -> Fixture {
        self.spec["mounts"].as_array_mut().unwrap().push(mount);
        self
    }

    pub(crate) fn bind(self, source: &Path, destination: &str, options: &[&str]) -> Fixture {
        self.mount(json!({
            "type": "bind", "source": source, "destination": destination, "options": options
        }))
    }

    pub(crate) fn plan(&self) -> ContainerPlan {
        let spec = longshore_isolation::spec::parse(self.spec.to_string().as_bytes()).unwrap();
        let at = |name: &str| self.directory.path().join(name);
        let mut layers = vec![at("image")];
        layers.extend(self.extra_layers.iter().cloned());
        let root = RootPlan {
            layers,
            upper: at("upper"),
            work: at("work"),
            merged: at("merged"),
            read_only: false,
            volatile: false,
        };
        ContainerPlan::from_spec("test", &spec, root).unwrap()
    }

    /// From start to exit.
    pub(crate) fn run(&self) -> Outcome {
        self.run_plan(&self.plan())
    }

    pub(crate) fn run_plan(&self, plan: &ContainerPlan) -> Outcome {
        Running::start(plan, false).finish()
    }
}

fn docker_spec(args: &[&str]) -> Value {
    json!({
        "ociVersion": "1.2.0",
        "process": {
            "user": { "uid": 0, "gid": 0 }, "args": args, "cwd": "/",
            "env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
            "oomScoreAdj": 0,
            "capabilities": {
                "bounding": CAPABILITY_NAMES, "effective": CAPABILITY_NAMES,
                "permitted": CAPABILITY_NAMES, "inheritable": CAPABILITY_NAMES
            }
        },
        "hostname": "harbour",
        "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc",
              "options": ["nosuid", "noexec", "nodev"] },
            { "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
              "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
            { "destination": "/dev/pts", "type": "devpts", "source": "devpts",
              "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            { "destination": "/sys", "type": "sysfs", "source": "sysfs",
              "options": ["nosuid", "noexec", "nodev", "ro"] },
            { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
              "options": ["ro", "nosuid", "noexec", "nodev"] },
            { "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
              "options": ["nosuid", "noexec", "nodev"] },
            { "destination": "/dev/shm", "type": "tmpfs", "source": "shm",
              "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] }
        ],
        "linux": {
            "namespaces": [
                { "type": "mount" }, { "type": "network" }, { "type": "uts" },
                { "type": "pid" }, { "type": "ipc" }
            ],
            "maskedPaths": MASKED_PATHS,
            "readonlyPaths": READONLY_PATHS
        }
    })
}
