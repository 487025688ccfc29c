//! What only a real kernel can tell, as root. `cargo test --test root`; else each test is listed as ignored.

mod child;
mod devices;
mod freezer;
mod lifecycle;
mod limits;
mod namespaces;

use libtest_mimic::{Arguments, Failed, Trial};
use longshore_cgroups::{CgroupHost, Controller, Mode};

struct Test {
    name: &'static str,
    needs: Needs,
    run: fn() -> Result<(), Failed>,
}

/// What a host must have, besides root, for a test to make sense.
#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    V1Hierarchies,
    UnifiedHierarchy,
    Controller(Controller),
}

impl Needs {
    fn are_met(self) -> bool {
        let Ok(host) = CgroupHost::detect() else {
            return false;
        };
        match self {
            Needs::Nothing => true,
            Needs::V1Hierarchies => host.mode() != Mode::V2,
            Needs::UnifiedHierarchy => host.mode() != Mode::V1,
            Needs::Controller(controller) => host.controllers().contains(&controller),
        }
    }
}

fn main() {
    let is_root = rustix::process::geteuid().is_root();
    let tests: [&[Test]; 4] = [
        lifecycle::TESTS,
        limits::TESTS,
        devices::TESTS,
        freezer::TESTS,
    ];
    let trials = tests
        .into_iter()
        .flatten()
        .map(|test| {
            Trial::test(test.name, test.run).with_ignored_flag(!is_root || !test.needs.are_met())
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
