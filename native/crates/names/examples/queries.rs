//! How many questions per second are answered, and what the sockets of a container cost. Needs root.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a benchmark that fails shall say where, and takes what it needs of the tests' world"
)]

#[path = "../tests/names/client.rs"]
mod client;
#[path = "../tests/names/upstream.rs"]
mod upstream;
#[path = "../tests/names/world.rs"]
mod world;

use std::thread;
use std::time::{Duration, Instant};

use domain::base::Rtype;
use longshore_names::bind_in;

use client::Connection;
use upstream::{Upstream, addresses};
use world::{Host, NETWORK, Namespace, member, view};

const CLIENTS: usize = 8;
const DURATION: Duration = Duration::from_secs(3);
const ROUNDS: usize = 200;

fn main() {
    world::on_own_machine(|| {
        let _upstream = Upstream::start(1, |question, _| vec![addresses(question, 1, 1)]);
        let host = Host::new("nameserver 127.0.1.1\n");
        let members = (2..102).map(|last| member(&[&format!("web{last}")], last));
        host.resolver.set_network(NETWORK, members.collect());
        let container = host.container("c1", view());
        println!("a container's sockets  {:?} (median of {ROUNDS})", bind());
        println!(
            "local over UDP         {:.0}/s",
            over_udp(&container, "web7")
        );
        println!(
            "local over TCP         {:.0}/s",
            over_tcp(&container, "web7")
        );
        println!(
            "forwarded over UDP     {:.0}/s",
            over_udp(&container, "example.test")
        );
        println!("({CLIENTS} clients, each waits for its answer before it asks again)");
    });
}

fn bind() -> Duration {
    let namespaces: Vec<Namespace> = (0..ROUNDS).map(|_| Namespace::new()).collect();
    let measure = |namespace: &Namespace| {
        let start = Instant::now();
        bind_in(namespace.fd()).unwrap();
        start.elapsed()
    };
    let mut times: Vec<Duration> = namespaces.iter().map(measure).collect();
    times.sort();
    times[ROUNDS / 2]
}

/// As each container costs that joins so large a network.
fn set_members(host: &Host) -> Duration {
    let members = (0..1000).map(|number| member(&[&format!("m{number}"), "service"], 2));
    let members: Vec<_> = members.collect();
    let start = Instant::now();
    host.resolver.set_network("large", members);
    start.elapsed()
}

fn over_udp(container: &Namespace, name: &str) -> f64 {
    rate(|| {
        let client = container.client();
        move || {
            assert_eq!(client.resolve(name).len(), 1);
        }
    })
}

fn over_tcp(container: &Namespace, name: &str) -> f64 {
    let question = container.client().question(name, Rtype::A);
    rate(|| {
        let mut connection = container.run(Connection::open);
        let question = &question;
        move || {
            assert_eq!(connection.ask(question).addresses().len(), 1);
        }
    })
}

/// How often per second `CLIENTS` threads do what `prepare` gives each of them.
fn rate<W: FnMut() + Send>(prepare: impl Fn() -> W) -> f64 {
    let work = |mut once: W| {
        let start = Instant::now();
        let mut count = 0;
        while start.elapsed() < DURATION {
            once();
            count += 1;
        }
        f64::from(count) / start.elapsed().as_secs_f64()
    };
    let clients: Vec<W> = (0..CLIENTS).map(|_| prepare()).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = clients
            .into_iter()
            .map(|it| scope.spawn(|| work(it)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    })
}
