//! How long an attachment to the default network, its release, and 10,000 published ports take. Needs root.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that fails shall say where"
)]

#[path = "../tests/bridge_network/world.rs"]
mod world;

use std::time::{Duration, Instant};

use longshore_network::{Attachment, DEFAULT_NETWORK, Protocol, Publication};

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
            host.attach(&ids[round], &[attachment()], &[], namespaces[round].fd())
                .unwrap();
        });
        let release = measure(|round| host.release(&ids[round]).unwrap());
        println!("attach  {attach:?}\nrelease {release:?}   (medians of {ROUNDS})");
        let publications: Vec<Publication> = (10_000..20_000).map(publication).collect();
        let namespace = world::Namespace::new();
        let start = Instant::now();
        host.attach("ports", &[attachment()], &publications, namespace.fd())
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

fn measure(mut work: impl FnMut(usize)) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|round| {
            let start = Instant::now();
            work(round);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}
