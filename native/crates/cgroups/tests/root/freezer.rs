use std::time::Duration;

use libtest_mimic::Failed;
use longshore_cgroups::{Cgroup, Limits};

use crate::child::{Child, End, Scratch};
use crate::namespaces::without;
use crate::{Needs, Test};

pub(crate) const TESTS: &[Test] = &[
    Test {
        name: "a_frozen_cgroup_uses_no_time_until_it_is_thawed",
        needs: Needs::UnifiedHierarchy,
        run: unified,
    },
    Test {
        name: "without_the_unified_hierarchy_the_v1_freezer_does_it_and_leaves_nothing",
        needs: Needs::V1Hierarchies,
        run: v1_only,
    },
];

const PATIENCE: Duration = Duration::from_secs(10);
/// A parent with a child, both busy.
const BUSY: [&str; 3] = ["sh", "-c", "(while :; do :; done) & while :; do :; done"];

fn unified() -> Result<(), Failed> {
    let scratch = Scratch::new("frozen")?;
    let cgroup = scratch.create(&Limits::default())?;
    freeze_and_thaw(&scratch, &cgroup)?;
    Ok(cgroup.remove()?)
}

fn v1_only() -> Result<(), Failed> {
    without("cgroup2", || {
        let scratch = Scratch::new("frozen-v1")?;
        let cgroup = scratch.create(&Limits::default())?;
        freeze_and_thaw(&scratch, &cgroup)?;
        cgroup.remove()?;
        assert!(scratch.host.remove_freezer(&scratch.path)?);
        Ok(())
    })
}

fn freeze_and_thaw(scratch: &Scratch, cgroup: &Cgroup) -> Result<(), Failed> {
    let freezer = scratch.host.freezer(&scratch.path)?;
    assert!(!freezer.is_frozen()?);
    freezer.thaw()?;
    let child = Child::spawn(cgroup, &BUSY)?;
    while cgroup.procs()?.len() < 2 {}
    let used = || -> Result<u64, Failed> {
        let mut ticks = 0;
        for pid in cgroup.procs()? {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split(' ').collect();
            ticks += fields[12].parse::<u64>()? + fields[13].parse::<u64>()?;
        }
        Ok(ticks)
    };
    for _ in 0..2 {
        freezer.freeze(PATIENCE)?;
        assert!(freezer.is_frozen()?);
    }
    let before = used()?;
    std::thread::yield_now();
    assert_eq!(used()?, before);
    freezer.thaw()?;
    assert!(!freezer.is_frozen()?);
    // It goes on, or this never ends.
    while used()? == before {}
    // Killed while it stands still: gone once it is thawed.
    freezer.freeze(PATIENCE)?;
    cgroup.kill_all()?;
    freezer.thaw()?;
    assert_eq!(child.wait(), End::Killed(libc::SIGKILL));
    Ok(())
}
