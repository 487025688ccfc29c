//! How long an attachment to the default network, its release, and 10,000 published ports take, and whether the first
//! packet arrives. Needs root.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that fails shall say where"
)]

#[path = "../tests/bridge_network/world.rs"]
mod world;

use std::fmt;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use longshore_network::{
    Attachment, DEFAULT_NETWORK, NetworkHost, Protocol, Publication, ReadyNamespace,
};

const ROUNDS: usize = 200;

fn main() {
    world::on_own_machine(|| {
        let scratch = world::Scratch::new();
        let _internet = world::internet();
        let host = world::open(&scratch);
        host.ensure().unwrap();
        let ids: Vec<String> = (0..ROUNDS)
            .map(|round| format!("container-{round}"))
            .collect();
        let namespaces: Vec<_> = ids.iter().map(|_| world::Namespace::new()).collect();
        let attach = measure(|round| {
            host.attach(
                &ids[round],
                &[attachment()],
                &[],
                namespaces[round].fd(),
                None,
            )
            .unwrap();
        });
        let release = measure(|round| host.release(&ids[round]).unwrap());
        println!("attach  {attach:?}\nrelease {release:?}   (medians of {ROUNDS})");
        host.keep_ready(4);
        println!("attach, made ahead  {:?}", made_ahead(&host));
        println!(
            "first answer after an attachment  {:?}",
            first_answer(&host)
        );
        let publications: Vec<Publication> = (10_000..20_000).map(publication).collect();
        let namespace = world::Namespace::new();
        let start = Instant::now();
        host.attach(
            "ports",
            &[attachment()],
            &publications,
            namespace.fd(),
            None,
        )
        .unwrap();
        let published = start.elapsed();
        let start = Instant::now();
        host.release("ports").unwrap();
        println!(
            "10,000 ports: {published:?}, their release {:?}",
            start.elapsed()
        );
    });
}

/// One after another, with the time that the pool needs to fill up again.
fn made_ahead(host: &NetworkHost) -> Times {
    let times = (0..ROUNDS).map(|round| {
        let ready = wait_for_ready(host);
        let namespace = world::Namespace::of(ready.as_fd().try_clone_to_owned().unwrap());
        let id = format!("ready-{round}");
        let start = Instant::now();
        host.attach(&id, &[attachment()], &[], namespace.fd(), Some(ready))
            .unwrap();
        let elapsed = start.elapsed();
        host.release(&id).unwrap();
        elapsed
    });
    Times::of(times.collect())
}

/// From the end of an attachment until the container has opened a connection to the machine.
fn first_answer(host: &NetworkHost) -> Times {
    let times = (0..ROUNDS).map(|round| {
        let id = format!("first-{round}");
        let namespace = world::Namespace::new();
        let connection = host
            .attach(&id, &[attachment()], &[], namespace.fd(), None)
            .unwrap();
        let gateway = connection.ipv4_gateway.unwrap();
        let listener = TcpListener::bind((gateway, 0)).unwrap();
        let target = listener.local_addr().unwrap();
        let elapsed = namespace.run(|| {
            let start = Instant::now();
            TcpStream::connect(target).unwrap();
            start.elapsed()
        });
        host.release(&id).unwrap();
        elapsed
    });
    Times::of(times.collect())
}

fn wait_for_ready(host: &NetworkHost) -> ReadyNamespace {
    loop {
        if let Some(ready) = host.take_ready(&[attachment()]) {
            return ready;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn attachment() -> Attachment {
    Attachment {
        network: DEFAULT_NETWORK.to_owned(),
        ..Attachment::default()
    }
}

fn publication(port: u16) -> Publication {
    Publication {
        protocol: Protocol::Tcp,
        container_port: port,
        host_address: None,
        host_ports: Some((port, port)),
    }
}

fn measure(mut work: impl FnMut(usize)) -> Times {
    let times = (0..ROUNDS)
        .map(|round| {
            let start = Instant::now();
            work(round);
            start.elapsed()
        })
        .collect();
    Times::of(times)
}

struct Times {
    median: Duration,
    longest: Duration,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self {
            median: times[times.len() / 2],
            longest: times[times.len() - 1],
        }
    }
}

impl fmt::Debug for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} (longest {:?})", self.median, self.longest)
    }
}
