//! What networks promise, on the real kernel. Needs root; without it every test counts as ignored, and so does what this
//! kernel cannot show.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod coexistence;
mod container;
mod fallback;
mod flows;
mod forwarding;
mod ipv6;
mod isolation;
mod lifecycle;
mod live;
mod parents;
mod ports;
mod reach;
mod ready;
mod repair;
mod sctp;
mod separate;
mod traffic;
mod world;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let is_root = rustix::process::geteuid().is_root();
    let unseen = parents::unseen();
    let tests = [
        reach::TESTS,
        isolation::TESTS,
        coexistence::TESTS,
        lifecycle::TESTS,
        separate::TESTS,
        live::TESTS,
        ready::TESTS,
        ports::TESTS,
        sctp::TESTS,
        flows::TESTS,
        ipv6::TESTS,
        parents::TESTS,
        repair::TESTS,
        forwarding::TESTS,
        fallback::TESTS,
    ]
    .concat();
    let trials = tests.into_iter().map(|(name, test)| {
        let run = move || {
            world::on_own_machine(test);
            Ok(())
        };
        Trial::test(name, run).with_ignored_flag(!is_root || name == unseen)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A test's name and its body, which runs on a machine of its own.
pub(crate) type Test = (&'static str, fn());
