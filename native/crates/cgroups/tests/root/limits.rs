use std::path::Path;

use libtest_mimic::Failed;
use longshore_cgroups::{
    BlockIo, Controller, DeviceNumber, DeviceRules, Error, HugePageLimit, Limits, Mode, Swap,
    Throttle, ThrottleKind,
};

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
        name: "disks_have_weights_and_rates",
        needs: Needs::Controller(Controller::BlockIo),
        run: block_io,
    },
    Test {
        name: "real_time_that_the_parent_has_not_is_refused_by_name",
        needs: Needs::V1Hierarchies,
        run: realtime,
    },
    Test {
        name: "huge_pages_are_limited",
        needs: Needs::Controller(Controller::HugePages),
        run: huge_pages,
    },
    Test {
        name: "a_parent_made_for_a_container_goes_with_the_last_one",
        needs: Needs::V1Hierarchies,
        run: parents_go,
    },
    Test {
        name: "a_parent_of_somebody_else_stays_and_its_limits_hold",
        needs: Needs::V1Hierarchies,
        run: parents_stay,
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
        swappiness: Some(10),
        oom_kill_disabled: true,
        cpu_burst: Some(1000),
        ..Limits::default()
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
    assert_eq!(value("cpu", "cpu.cfs_burst_us")?, "1000");
    assert_eq!(value("memory", "memory.swappiness")?, "10");
    assert!(value("memory", "memory.oom_control")?.starts_with("oom_kill_disable 1"));
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
            limit: "linux.resources.cpu.cpus",
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

/// The numbers of a disk of this host.
fn disk() -> Result<Option<DeviceNumber>, Failed> {
    for entry in std::fs::read_dir("/sys/block")? {
        let text = std::fs::read_to_string(entry?.path().join("dev"))?;
        if let Some((major, minor)) = text.trim().split_once(':') {
            let (major, minor) = (major.parse()?, minor.parse()?);
            return Ok(Some(DeviceNumber { major, minor }));
        }
    }
    Ok(None)
}

fn block_io() -> Result<(), Failed> {
    let Some(device) = disk()? else {
        return Ok(());
    };
    let scratch = Scratch::new("disks")?;
    let kinds = [ThrottleKind::ReadBytes, ThrottleKind::WriteOperations];
    let throttles = kinds.map(|kind| Throttle {
        kind,
        device,
        rate: 1 << 20,
    });
    let block_io = BlockIo {
        weight: Some(300),
        throttles: throttles.to_vec(),
        ..BlockIo::default()
    };
    let limits = Limits {
        block_io,
        ..Limits::default()
    };
    let cgroup = scratch.create(&limits)?;
    if scratch.host.mode() != Mode::V2 {
        let folder = format!("/sys/fs/cgroup/blkio/{}", scratch.path);
        let value = |file: &str| std::fs::read_to_string(format!("{folder}/{file}"));
        let expected = format!("{device} 1048576\n");
        assert_eq!(value("blkio.throttle.read_bps_device")?, expected);
        assert_eq!(value("blkio.throttle.write_iops_device")?, expected);
        let weight = value("blkio.weight").or_else(|_| value("blkio.bfq.weight"))?;
        assert!(weight.contains("300"), "{weight}");
    }
    assert_eq!(run(&cgroup, &["true"])?, End::Exited(0));
    cgroup.remove()?;
    Ok(())
}

fn realtime() -> Result<(), Failed> {
    let scratch = Scratch::new("realtime")?;
    let limits = Limits {
        realtime_runtime: Some(1000),
        ..Limits::default()
    };
    let rules = DeviceRules::docker_default();
    let error = scratch.host.create(&scratch.path, &limits, &rules);
    let text = error.err().map(|error| error.to_string());
    let is_said = |text: &String| text.contains("cpu.realtimeRuntime");
    assert!(text.as_ref().is_some_and(is_said), "{text:?}");
    Ok(())
}

fn huge_pages() -> Result<(), Failed> {
    let scratch = Scratch::new("huge")?;
    let size = std::fs::read_dir("/sys/kernel/mm/hugepages")?.next();
    let Some(size) = size.transpose()? else {
        return Ok(());
    };
    let name = size.file_name().to_string_lossy().into_owned();
    let kilobytes: u64 = name
        .trim_start_matches("hugepages-")
        .trim_end_matches("kB")
        .parse()?;
    let page_size = match kilobytes {
        1_048_576.. => format!("{}GB", kilobytes >> 20),
        _ => format!("{}MB", kilobytes >> 10),
    };
    let limit = |page_size: &str| Limits {
        huge_pages: vec![HugePageLimit {
            page_size: page_size.to_owned(),
            bytes: 0,
        }],
        ..Limits::default()
    };
    scratch.create(&limit(&page_size))?.remove()?;
    let rules = DeviceRules::docker_default();
    let outcome = scratch.host.create(&scratch.path, &limit("3MB"), &rules);
    assert!(matches!(outcome, Err(Error::Unsupported { .. })));
    Ok(())
}

fn parents_go() -> Result<(), Failed> {
    let scratch = Scratch::new("parents")?;
    let (top, _) = scratch.path.split_once('/').ok_or("no parent")?;
    let rules = DeviceRules::docker_default();
    let make = |name: &str| {
        let path = format!("{top}/middle/{name}");
        scratch.host.create(&path, &Limits::default(), &rules)
    };
    let (one, two) = (make("one")?, make("two")?);
    let folder = Path::new("/sys/fs/cgroup/memory").join(top);
    one.remove()?;
    assert!(folder.join("middle").exists());
    two.remove()?;
    assert!(!folder.exists());
    Ok(())
}

fn parents_stay() -> Result<(), Failed> {
    let scratch = Scratch::new("given")?;
    let (top, _) = scratch.path.split_once('/').ok_or("no parent")?;
    let parent = Path::new("/sys/fs/cgroup/pids").join(top);
    std::fs::create_dir(&parent)?;
    std::fs::write(parent.join("pids.max"), "1")?;
    let cgroup = scratch.create(&Limits::default())?;
    let fork = run(&cgroup, &["sh", "-c", "exec 2>/dev/null; sleep 0; exit 3"])?;
    assert_ne!(fork, End::Exited(3), "the parent's limit holds");
    cgroup.remove()?;
    assert!(parent.exists());
    Ok(())
}
