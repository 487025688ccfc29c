use libtest_mimic::Failed;
use longshore_cgroups::{Controller, DeviceRules, Error, Limits, Swap};

use crate::child::{End, Scratch, run};
use crate::{Needs, Test};

pub(crate) const TESTS: &[Test] = &[
    Test {
        name: "v1_limits_are_in_the_kernel_as_given",
        needs: Needs::V1Hierarchies,
        run: v1_values,
    },
    Test {
        name: "who_needs_more_memory_than_the_limit_is_killed_and_counted",
        needs: Needs::Controller(Controller::Memory),
        run: out_of_memory,
    },
    Test {
        name: "the_process_limit_holds",
        needs: Needs::Controller(Controller::Pids),
        run: process_limit,
    },
    Test {
        name: "a_cpu_that_does_not_exist_is_refused_and_leaves_nothing",
        needs: Needs::Controller(Controller::Cpuset),
        run: bad_cpuset,
    },
    Test {
        name: "a_limit_on_swap_that_the_host_cannot_keep_is_refused",
        needs: Needs::Controller(Controller::Memory),
        run: swap,
    },
];

fn v1_values() -> Result<(), Failed> {
    let scratch = Scratch::new("values")?;
    let limits = Limits {
        memory: Some(64 << 20),
        swap: Swap::Default,
        memory_reservation: Some(32 << 20),
        cpu_shares: Some(512),
        cpu_quota: Some(20_000),
        cpu_period: Some(50_000),
        cpuset_cpus: Some("0".to_owned()),
        cpuset_mems: Some("0".to_owned()),
        pids: Some(10),
    };
    let cgroup = scratch.create(&limits)?;
    let value = |controller: &str, file: &str| {
        let path = format!("/sys/fs/cgroup/{controller}/{}/{file}", scratch.path);
        std::fs::read_to_string(path).map(|text| text.trim().to_owned())
    };
    assert_eq!(
        value("memory", "memory.limit_in_bytes")?,
        (64 << 20).to_string()
    );
    assert_eq!(
        value("memory", "memory.soft_limit_in_bytes")?,
        (32 << 20).to_string()
    );
    if scratch.host.swap_accounting() {
        assert_eq!(
            value("memory", "memory.memsw.limit_in_bytes")?,
            (128 << 20).to_string()
        );
    }
    assert_eq!(value("cpu", "cpu.shares")?, "512");
    assert_eq!(value("cpu", "cpu.cfs_quota_us")?, "20000");
    assert_eq!(value("cpu", "cpu.cfs_period_us")?, "50000");
    assert_eq!(value("cpuset", "cpuset.cpus")?, "0");
    assert_eq!(value("cpuset", "cpuset.mems")?, "0");
    assert_eq!(value("pids", "pids.max")?, "10");
    assert_eq!(cgroup.memory_limit()?, Some(64 << 20));
    assert_eq!(
        run(&cgroup, &["true"])?,
        End::Exited(0),
        "a process can join all of them"
    );
    cgroup.remove()?;
    Ok(())
}

fn out_of_memory() -> Result<(), Failed> {
    let scratch = Scratch::new("oom")?;
    let limit = 16 << 20;
    let limits = Limits {
        memory: Some(limit),
        ..Limits::default()
    };
    let cgroup = scratch.create(&limits)?;
    assert_eq!(cgroup.oom_kills()?, 0);
    // tail keeps a line until its end, and zeros have none.
    assert_eq!(run(&cgroup, &["tail", "/dev/zero"])?, End::Killed(9));
    assert_eq!(cgroup.oom_kills()?, 1);
    let peak = cgroup.memory_peak()?;
    assert!(
        peak.is_none_or(|peak| peak > limit / 2 && peak <= limit),
        "{peak:?}"
    );
    cgroup.remove()?;
    Ok(())
}

fn process_limit() -> Result<(), Failed> {
    let scratch = Scratch::new("pids")?;
    let cgroup = scratch.create(&Limits {
        pids: Some(1),
        ..Limits::default()
    })?;
    assert_eq!(run(&cgroup, &["sh", "-c", "exit 3"])?, End::Exited(3));
    let fork = run(&cgroup, &["sh", "-c", "exec 2>/dev/null; sleep 0; exit 3"])?;
    assert_ne!(fork, End::Exited(3), "a second process was allowed");
    cgroup.remove()?;
    Ok(())
}

fn bad_cpuset() -> Result<(), Failed> {
    let scratch = Scratch::new("cpuset")?;
    let limits = Limits {
        cpuset_cpus: Some("4000".to_owned()),
        ..Limits::default()
    };
    let outcome = scratch
        .host
        .create(&scratch.path, &limits, &DeviceRules::docker_default());
    assert!(matches!(
        outcome,
        Err(Error::Invalid {
            limit: "cpuset cpus",
            ..
        })
    ));
    assert!(longshore_cgroups::Cgroup::open(&scratch.host, &scratch.path).is_err());
    Ok(())
}

fn swap() -> Result<(), Failed> {
    let scratch = Scratch::new("swap")?;
    let limits = Limits {
        memory: Some(64 << 20),
        swap: Swap::Total(64 << 20),
        ..Limits::default()
    };
    let outcome = scratch
        .host
        .create(&scratch.path, &limits, &DeviceRules::docker_default());
    if scratch.host.swap_accounting() {
        outcome?.remove()?;
    } else {
        assert!(matches!(outcome, Err(Error::Unsupported { .. })));
    }
    Ok(())
}
