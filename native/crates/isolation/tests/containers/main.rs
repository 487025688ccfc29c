//! Real containers from a busybox root, made by a small parent. They need root and Debian's busybox-static; without
//! them each test is reported as ignored.
//!
//! The tests run one after the other in the main thread: only a process with one thread may clone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics is a failed test; clippy cannot see that these functions are tests"
)]

mod commands;
mod exec;
mod fixture;
mod identity;
mod init;
mod mounts;
mod propagation;
mod protection;
mod rights;
mod sealing;
mod sharing;
mod terminal;
mod user_namespaces;
mod working_directory;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// A test is its name and what it does; a failed assertion is a failed test.
type Test = (&'static str, fn());

fn main() -> ExitCode {
    if sealing::is_child() {
        return sealing::child();
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let can_run = rustix::process::geteuid().is_root() && fixture::busybox_is_there();
    if can_run && !arguments.list {
        fixture::leave_the_hosts_mounts();
    }
    let groups: [(&str, &[Test]); 13] = [
        ("commands", commands::TESTS),
        ("exec", exec::TESTS),
        ("identity", identity::TESTS),
        ("init", init::TESTS),
        ("mounts", mounts::TESTS),
        ("protection", protection::TESTS),
        ("rights", rights::TESTS),
        ("sealing", sealing::TESTS),
        ("sharing", sharing::TESTS),
        ("propagation", propagation::TESTS),
        ("terminal", terminal::TESTS),
        ("user_namespaces", user_namespaces::TESTS),
        ("working_directory", working_directory::TESTS),
    ];
    let trials = groups.into_iter().flat_map(|(group, tests)| {
        tests.iter().map(move |(name, test)| {
            let run = || {
                test();
                Ok(())
            };
            Trial::test(format!("root::{group}::{name}"), run).with_ignored_flag(!can_run)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
