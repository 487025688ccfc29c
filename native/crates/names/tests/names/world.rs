//! A machine of its own for each test: a network namespace for the host, others for containers.

use std::fs::{self, File};
use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use longshore_names::{Member, Options, Resolver, View, bind_in};
use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::client::Client;

pub(crate) const NETWORK: &str = "front";

/// Runs the test in a thread with a fresh network namespace, which ends with the thread.
pub(crate) fn on_own_machine(test: impl FnOnce() + Send) {
    scoped(|| {
        enter_fresh_namespace();
        lo_up();
        test();
    });
}

/// The resolver of a host whose resolv.conf is `resolv_conf`, with the runtime that it works on.
pub(crate) struct Host {
    pub(crate) resolver: Resolver,
    pub(crate) runtime: Runtime,
    folder: TempDir,
}

impl Host {
    pub(crate) fn new(resolv_conf: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("resolv.conf");
        fs::write(&path, resolv_conf).unwrap();
        // Its threads are in the namespace of the thread that makes them.
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            resolv_conf: path,
            report: Arc::new(|error| panic!("{error}")),
        };
        let resolver = runtime.block_on(async { Resolver::start(options).unwrap() });
        Self {
            resolver,
            runtime,
            folder,
        }
    }

    pub(crate) fn resolv_conf(&self) -> PathBuf {
        self.folder.path().join("resolv.conf")
    }

    /// A container that the resolver serves.
    pub(crate) fn container(&self, id: &str, view: View) -> Namespace {
        let namespace = Namespace::new();
        self.serve(id, view, &namespace);
        namespace
    }

    pub(crate) fn serve(&self, id: &str, view: View, namespace: &Namespace) {
        let (udp, tcp) = bind_in(namespace.fd()).unwrap();
        self.resolver.serve(id, view, udp, tcp).unwrap();
    }
}

/// Sees the one network of most tests.
pub(crate) fn view() -> View {
    View {
        networks: vec![NETWORK.to_owned()],
        ..View::default()
    }
}

pub(crate) fn member(names: &[&str], last: u8) -> Member {
    Member {
        container_id: names[0].to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        ipv4: Some(address(last)),
        ..Member::default()
    }
}

pub(crate) fn address(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(172, 28, 0, last)
}

/// A network namespace that lives as long as this value (and whoever else holds it).
pub(crate) struct Namespace {
    file: File,
}

impl Namespace {
    pub(crate) fn new() -> Self {
        scoped(|| {
            enter_fresh_namespace();
            lo_up();
            Self {
                file: File::open("/proc/thread-self/ns/net").unwrap(),
            }
        })
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

    /// A client of the resolver inside the container.
    pub(crate) fn client(&self) -> Client {
        self.run(Client::new)
    }
}

/// Without the ip tool: a child holds the sockets of all tests open between its fork and its exec.
fn lo_up() {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // SAFETY: all of the struct's fields are plain numbers, for which zeros are valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = *from as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = libc::IFF_UP as libc::c_short;
    // SAFETY: the request lives through the call, and is what this command reads.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) };
    assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
}

fn enter_fresh_namespace() {
    // SAFETY: only the network namespace of this thread changes; no memory or descriptor is shared differently.
    unsafe { unshare_unsafe(UnshareFlags::NEWNET) }.unwrap();
}

fn scoped<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let joined = thread::scope(|scope| scope.spawn(work).join());
    joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
