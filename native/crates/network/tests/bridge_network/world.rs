//! A machine of its own for each test: a network namespace for the host, others for containers and the internet.

use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use longshore_network::NetworkHost;
use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};

/// Runs the test in a thread with a fresh network namespace, which ends with the thread.
pub(crate) fn on_own_machine(test: impl FnOnce() + Send) {
    scoped(|| {
        enter_fresh_namespace();
        run("ip", "link set lo up");
        // A new namespace inherits the machine's setting; this one is no router.
        std::fs::write("/proc/sys/net/ipv4/ip_forward", "0").unwrap();
        test();
    });
}

/// A network namespace that lives as long as this value (and whoever else holds it).
pub(crate) struct Namespace {
    file: File,
}

impl Namespace {
    pub(crate) fn new() -> Self {
        scoped(|| {
            enter_fresh_namespace();
            Self {
                file: File::open("/proc/thread-self/ns/net").unwrap(),
            }
        })
    }

    pub(crate) fn of(netns: OwnedFd) -> Self {
        Self { file: netns.into() }
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Runs `work` inside. Sockets that it makes stay inside wherever they go.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        scoped(|| {
            move_into_link_name_space(self.fd(), Some(LinkNameSpaceType::Network)).unwrap();
            work()
        })
    }

    pub(crate) fn command(&self, program: &str, arguments: &str) -> String {
        self.run(|| run(program, arguments))
    }
}

/// A namespace at 203.0.113.2 behind the host's uplink, which is the host's default route.
pub(crate) fn internet() -> Namespace {
    let internet = neighbour("uplink", "203.0.113");
    run("ip", "route add default via 203.0.113.2");
    internet
}

/// A namespace at .2 of the network, joined to the host's `link` at .1; an uplink's MTU is less than usual.
pub(crate) fn neighbour(link: &str, network: &str) -> Namespace {
    let neighbour = Namespace::new();
    let path = format!(
        "/proc/{}/fd/{}",
        std::process::id(),
        neighbour.fd().as_raw_fd()
    );
    run(
        "ip",
        &format!("link add {link} mtu 1400 type veth peer name far mtu 1400 netns {path}"),
    );
    run("ip", &format!("addr add {network}.1/24 dev {link}"));
    run("ip", &format!("link set {link} up"));
    neighbour.command("ip", "link set lo up");
    neighbour.command("ip", &format!("addr add {network}.2/24 dev far"));
    neighbour.command("ip", "link set far up");
    neighbour
}

/// A folder that goes with the value.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(
            std::env::temp_dir().join(format!("longshore-network-{}-{number}", std::process::id())),
        )
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn open(scratch: &Scratch) -> NetworkHost {
    open_instance(scratch, longshore_network::DEFAULT_INSTANCE)
}

pub(crate) fn open_instance(scratch: &Scratch, instance: &str) -> NetworkHost {
    NetworkHost::open(&scratch.0, instance, |error| panic!("{error}")).unwrap()
}

/// Runs a program in the calling thread's namespace and returns what it printed.
pub(crate) fn run(program: &str, arguments: &str) -> String {
    let output = Command::new(program)
        .args(arguments.split(' '))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn enter_fresh_namespace() {
    // SAFETY: only the network namespace of this thread changes; no memory or descriptor is shared differently.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }.unwrap();
}

fn scoped<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let joined = thread::scope(|scope| scope.spawn(work).join());
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
