use std::path::Path;
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use longshore_cgroups::{Cgroup, CgroupHost, Controller, DeviceRules, Error, Limits, Mode};

use crate::child::{Child, End, Scratch};
use crate::namespaces::without;
use crate::{Needs, Test};

pub(crate) const TESTS: &[Test] = &[
    Test {
        name: "a_process_is_born_into_its_cgroup",
        needs: Needs::Nothing,
        run: born_inside,
    },
    Test {
        name: "a_process_from_outside_can_be_attached",
        needs: Needs::V1Hierarchies,
        run: attached,
    },
    Test {
        name: "a_cgroup_is_found_again_by_another_process",
        needs: Needs::Nothing,
        run: found_again,
    },
    Test {
        name: "removal_kills_everything_and_leaves_nothing",
        needs: Needs::Nothing,
        run: removal,
    },
    Test {
        name: "nested_cgroups_of_the_container_go_as_well",
        needs: Needs::UnifiedHierarchy,
        run: nested,
    },
    Test {
        name: "an_empty_leftover_is_replaced_and_a_busy_one_is_not",
        needs: Needs::Nothing,
        run: leftovers,
    },
    Test {
        name: "without_the_unified_hierarchy_forking_processes_are_killed_one_by_one",
        needs: Needs::V1Hierarchies,
        run: v1_only,
    },
    Test {
        name: "without_v1_hierarchies_limits_that_need_a_controller_are_refused",
        needs: Needs::UnifiedHierarchy,
        run: v2_only,
    },
];

const FORKING: [&str; 3] = ["sh", "-c", "while :; do sleep 100 & sleep 0.01; done"];

fn memberships(pid: i32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default()
}

/// Whether the child has joined its cgroup and gone over to its program.
fn executes(pid: i32, program: &str) -> bool {
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim_end() == program
}

/// Whether any hierarchy still has the folder.
fn exists(path: &str) -> bool {
    let root = Path::new("/sys/fs/cgroup");
    let hierarchies = std::fs::read_dir(root).into_iter().flatten().flatten();
    root.join(path).exists()
        || hierarchies
            .into_iter()
            .any(|one| one.path().join(path).exists())
}

/// Waits for a condition; one that does not come within a minute fails the test.
fn until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "it has not come to pass");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn born_inside() -> Result<(), Failed> {
    let scratch = Scratch::new("born")?;
    let cgroup = scratch.create(&Limits::default())?;
    let child = Child::spawn(&cgroup, &["sleep", "100"])?;
    until(|| executes(child.pid, "sleep"));
    assert_eq!(cgroup.procs()?, [child.pid]);
    let joined = memberships(child.pid);
    let expected: &[&str] = match scratch.host.mode() {
        Mode::V2 => &["0::"],
        Mode::V1 => &["memory:", "devices:"],
        Mode::Hybrid => &["memory:", "devices:", "0::"],
    };
    for hierarchy in expected {
        assert!(
            joined.contains(&format!("{hierarchy}/{}\n", scratch.path)),
            "{joined}"
        );
    }
    cgroup.kill_all()?;
    assert_eq!(child.wait(), End::Killed(9));
    Ok(())
}

fn attached() -> Result<(), Failed> {
    let scratch = Scratch::new("attached")?;
    let cgroup = scratch.create(&Limits::default())?;
    let mut child = std::process::Command::new("sleep").arg("100").spawn()?;
    let pid = child.id().cast_signed();
    cgroup.attach(pid)?;
    assert!(memberships(pid).contains(&format!("memory:/{}\n", scratch.path)));
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn found_again() -> Result<(), Failed> {
    let scratch = Scratch::new("found")?;
    let cgroup = scratch.create(&Limits {
        memory: Some(64 << 20),
        ..Limits::default()
    })?;
    let child = Child::spawn(&cgroup, &["sleep", "100"])?;
    // One that has not joined all hierarchies yet would end by itself when their folders go.
    until(|| executes(child.pid, "sleep"));
    drop(cgroup);
    let again = Cgroup::open(&CgroupHost::detect()?, &scratch.path)?;
    assert_eq!(again.procs()?, [child.pid]);
    assert_eq!(again.memory_limit()?, Some(64 << 20));
    again.remove()?;
    assert_eq!(child.wait(), End::Killed(9));
    let gone = Cgroup::open(&scratch.host, &scratch.path).map(drop);
    assert!(
        matches!(gone, Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound)
    );
    Ok(())
}

fn removal() -> Result<(), Failed> {
    let scratch = Scratch::new("removal")?;
    let cgroup = scratch.create(&Limits {
        pids: Some(500),
        ..Limits::default()
    })?;
    let child = Child::spawn(&cgroup, &FORKING)?;
    until(|| cgroup.procs().is_ok_and(|pids| pids.len() > 10));
    cgroup.remove()?;
    assert!(!exists(&scratch.path));
    assert_eq!(child.wait(), End::Killed(9));
    Ok(())
}

fn nested() -> Result<(), Failed> {
    let scratch = Scratch::new("nested")?;
    let cgroup = scratch.create(&Limits::default())?;
    let unified = if scratch.host.mode() == Mode::V2 {
        ""
    } else {
        "unified/"
    };
    let inner = format!("/sys/fs/cgroup/{unified}{}/a/b", scratch.path);
    std::fs::create_dir_all(&inner)?;
    let child = Child::spawn(&cgroup, &["sleep", "100"])?;
    std::fs::write(format!("{inner}/cgroup.procs"), child.pid.to_string())?;
    assert_eq!(cgroup.procs()?, [child.pid]);
    cgroup.remove()?;
    assert!(!exists(&scratch.path));
    assert_eq!(child.wait(), End::Killed(9));
    Ok(())
}

fn leftovers() -> Result<(), Failed> {
    let scratch = Scratch::new("leftovers")?;
    drop(scratch.create(&Limits {
        memory: Some(64 << 20),
        ..Limits::default()
    })?);
    let cgroup = scratch.create(&Limits::default())?;
    assert_eq!(cgroup.memory_limit()?, None);
    let child = Child::spawn(&cgroup, &["sleep", "100"])?;
    until(|| executes(child.pid, "sleep"));
    let busy = scratch.host.create(
        &scratch.path,
        &Limits::default(),
        &DeviceRules::docker_default(),
    );
    assert!(matches!(busy, Err(Error::Busy { .. })));
    assert_eq!(
        cgroup.procs()?,
        [child.pid],
        "the running one is left alone"
    );
    cgroup.remove()?;
    assert_eq!(child.wait(), End::Killed(9));
    Ok(())
}

fn v1_only() -> Result<(), Failed> {
    without("cgroup2", v1_only_alone)
}

fn v1_only_alone() -> Result<(), Failed> {
    let scratch = Scratch::new("v1-only")?;
    assert_eq!(scratch.host.mode(), Mode::V1);
    let cgroup = scratch.create(&Limits::default())?;
    assert!(cgroup.lifecycle_fd().is_none());
    let child = Child::spawn(&cgroup, &FORKING)?;
    until(|| cgroup.procs().is_ok_and(|pids| pids.len() > 10));
    cgroup.kill_all()?;
    assert_eq!(child.wait(), End::Killed(9));
    cgroup.remove()?;
    assert!(!exists(&scratch.path));
    Ok(())
}

fn v2_only() -> Result<(), Failed> {
    without("cgroup", v2_only_alone)
}

fn v2_only_alone() -> Result<(), Failed> {
    let scratch = Scratch::new("v2-only")?;
    assert_eq!(scratch.host.mode(), Mode::V2);
    let demand = Limits {
        memory: Some(64 << 20),
        ..Limits::default()
    };
    let has_memory = scratch.host.controllers().contains(&Controller::Memory);
    let outcome = scratch
        .host
        .create(&scratch.path, &demand, &DeviceRules::docker_default());
    match outcome {
        Ok(cgroup) => assert_eq!(cgroup.memory_limit()?, Some(64 << 20)),
        Err(Error::Unsupported {
            limit: "linux.resources.memory.limit",
            ..
        }) => assert!(!has_memory),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
