//! The store on a real file system, with owners, devices and mounts: as root only. Without root every test is
//! listed as ignored.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cancelling;
mod concurrency;
mod damage;
mod evil;
mod full_disk;
mod gnu_tar;
mod good;
mod keeping;
mod parents;
#[path = "../support/mod.rs"]
mod support;
mod world;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("not root: these tests are skipped");
    }
    let groups = [
        good::tests(),
        evil::tests(),
        damage::tests(),
        parents::tests(),
        concurrency::tests(),
        cancelling::tests(),
        keeping::tests(),
        full_disk::tests(),
        gnu_tar::tests(),
    ];
    let trials = groups
        .into_iter()
        .flatten()
        .map(|trial| trial.with_ignored_flag(!is_root));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A test named `root::<group>::<name>`.
fn test(group: &str, name: &str, run: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(format!("root::{group}::{name}"), move || {
        run();
        Ok(())
    })
}
