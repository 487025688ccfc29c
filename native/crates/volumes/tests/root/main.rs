//! What volumes promise, on the real kernel. Needs root; without it every test counts as ignored.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod driver;
mod names;
mod trash;
mod world;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let is_root = rustix::process::geteuid().is_root();
    let tests = [names::TESTS, driver::TESTS, trash::TESTS].concat();
    let trials = tests.into_iter().map(|(name, test)| {
        let run = move || {
            test();
            Ok(())
        };
        Trial::test(name, run).with_ignored_flag(!is_root)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A test's name and its body.
pub(crate) type Test = (&'static str, fn());
