//! What the resolver promises, on real sockets between real network namespaces. Needs root; without it every test
//! counts as ignored.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bind;
mod client;
mod forward;
mod limits;
mod local;
mod upstream;
mod world;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let is_root = rustix::process::geteuid().is_root();
    let tests = [local::TESTS, bind::TESTS, forward::TESTS, limits::TESTS].concat();
    let trials = tests.into_iter().map(|(name, test)| {
        let run = move || {
            world::on_own_machine(test);
            Ok(())
        };
        Trial::test(name, run).with_ignored_flag(!is_root)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A test's name and its body, which runs on a machine of its own.
pub(crate) type Test = (&'static str, fn());
