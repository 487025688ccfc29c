//! The real agent, driven over its socket: needs root and busybox.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agent;
mod crashes;
mod execs;
mod failures;
mod files;
mod image;
mod limits;
mod live_limits;
mod pauses;
mod running;
mod settings;
mod sharing;
mod snapshots;
mod spec;
mod stats;
mod streams;

use std::future::Future;

use libtest_mimic::{Arguments, Failed, Trial};

/// Named after the promise it checks; ignored, by name, where it cannot run.
pub(crate) fn trial<F>(name: &str, test: fn() -> F) -> Trial
where
    F: Future<Output = ()> + 'static,
{
    let run = move || -> Result<(), Failed> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(test());
        Ok(())
    };
    let possible = rustix::process::geteuid().is_root() && image::busybox().is_some();
    Trial::test(name, run).with_ignored_flag(!possible)
}

fn main() {
    let mut arguments = Arguments::from_args();
    // Traces on the machine are compared before and after: one test at a time.
    arguments.test_threads = Some(1);
    let trials = [
        running::trials(),
        snapshots::trials(),
        failures::trials(),
        streams::trials(),
        execs::trials(),
        limits::trials(),
        crashes::trials(),
        settings::trials(),
        sharing::trials(),
        pauses::trials(),
        live_limits::trials(),
        stats::trials(),
        files::trials(),
    ];
    let trials = trials.into_iter().flatten().collect();
    libtest_mimic::run(&arguments, trials).exit();
}
