use super::*;
use crate::limits::{DeviceNumber, Swap, Throttle};

/// A folder that takes writes as a cgroup of the unified hierarchy would.
fn folder(files: &[&str]) -> (tempfile::TempDir, Directory) {
    let temporary = tempfile::tempdir().unwrap();
    for file in files {
        std::fs::write(temporary.path().join(file), "untouched").unwrap();
    }
    let dir = Directory::open(temporary.path().to_owned()).unwrap();
    (temporary, dir)
}

#[test]
fn memory_and_swap_are_separate_numbers() {
    let (_keep, dir) = folder(&["memory.max", "memory.low", "memory.swap.max"]);
    let limits = Limits {
        memory: Some(1000),
        swap: Swap::Total(1500),
        memory_reservation: Some(10),
        ..Limits::default()
    };
    apply(&dir, Controller::Memory, &limits).unwrap();
    assert_eq!(dir.read("memory.max").unwrap(), "1000");
    assert_eq!(dir.read("memory.swap.max").unwrap(), "500");
    assert_eq!(dir.read("memory.low").unwrap(), "10");
}

#[test]
fn unlimited_swap_is_left_as_it_is() {
    let (_keep, dir) = folder(&["memory.max", "memory.swap.max"]);
    let limits = Limits {
        memory: Some(1000),
        swap: Swap::Unlimited,
        ..Limits::default()
    };
    apply(&dir, Controller::Memory, &limits).unwrap();
    assert_eq!(dir.read("memory.swap.max").unwrap(), "untouched");
}

#[test]
fn a_missing_swap_limit_matters_only_when_demanded() {
    let (_keep, dir) = folder(&["memory.max"]);
    let quiet = Limits {
        memory: Some(1000),
        ..Limits::default()
    };
    apply(&dir, Controller::Memory, &quiet).unwrap();
    let demanded = Limits {
        swap: Swap::Total(1000),
        ..quiet
    };
    let error = apply(&dir, Controller::Memory, &demanded).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Unsupported {
                limit: field::SWAP,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn quota_and_period_share_a_file() {
    let (_keep, dir) = folder(&["cpu.max", "cpu.weight"]);
    let limits = Limits {
        cpu_quota: Some(50_000),
        ..Limits::default()
    };
    apply(&dir, Controller::Cpu, &limits).unwrap();
    assert_eq!(dir.read("cpu.max").unwrap(), "50000");
    let limits = Limits {
        cpu_period: Some(20_000),
        ..limits
    };
    apply(&dir, Controller::Cpu, &limits).unwrap();
    assert_eq!(dir.read("cpu.max").unwrap(), "50000 20000");
    let limits = Limits {
        cpu_quota: None,
        ..limits
    };
    apply(&dir, Controller::Cpu, &limits).unwrap();
    assert_eq!(dir.read("cpu.max").unwrap(), "max 20000");
    assert_eq!(dir.read("cpu.weight").unwrap(), "untouched");
}

#[test]
fn the_ends_and_the_defaults_of_shares_and_weight_meet() {
    assert_eq!(weight_of_shares(2), 1);
    assert_eq!(weight_of_shares(1024), 100);
    assert_eq!(weight_of_shares(262_144), 10_000);
    assert_eq!(weight_of_shares(u64::MAX), 10_000);
}

#[test]
fn cpusets_and_pids_are_written_as_given() {
    let (_keep, dir) = folder(&["cpuset.cpus", "cpuset.mems", "pids.max"]);
    let limits = Limits {
        cpuset_cpus: Some("0-1".to_owned()),
        pids: Some(7),
        ..Limits::default()
    };
    apply(&dir, Controller::Cpuset, &limits).unwrap();
    apply(&dir, Controller::Pids, &limits).unwrap();
    assert_eq!(dir.read("cpuset.cpus").unwrap(), "0-1");
    assert_eq!(dir.read("cpuset.mems").unwrap(), "untouched");
    assert_eq!(dir.read("pids.max").unwrap(), "7");
}

#[test]
fn disks_have_a_weight_and_rates() {
    let device = DeviceNumber { major: 8, minor: 0 };
    let throttle = |kind, rate| Throttle { kind, device, rate };
    let block_io = BlockIo {
        weight: Some(1000),
        device_weights: Vec::new(),
        throttles: vec![throttle(ThrottleKind::ReadBytes, 4096)],
    };
    let limits = Limits {
        block_io,
        ..Limits::default()
    };
    let (_keep, bfq) = folder(&["io.bfq.weight", "io.max"]);
    apply(&bfq, Controller::BlockIo, &limits).unwrap();
    assert_eq!(bfq.read("io.bfq.weight").unwrap(), "1000");
    assert_eq!(bfq.read("io.max").unwrap(), "8:0 rbps=4096");
    let (_keep, cost) = folder(&["io.weight", "io.max"]);
    apply(&cost, Controller::BlockIo, &limits).unwrap();
    assert_eq!(cost.read("io.weight").unwrap(), "10000");
    let (_keep, neither) = folder(&["io.max"]);
    let error = apply(&neither, Controller::BlockIo, &limits).unwrap_err();
    assert!(
        error.to_string().starts_with(field::BLOCK_IO_WEIGHT),
        "{error}"
    );
}

#[test]
fn burst_idle_and_huge_pages_are_written_as_given() {
    let (_keep, dir) = folder(&["cpu.max.burst", "cpu.idle", "hugetlb.2MB.max"]);
    let limits = Limits {
        cpu_burst: Some(5),
        cpu_idle: true,
        huge_pages: vec![HugePageLimit {
            page_size: "2MB".to_owned(),
            bytes: 2 << 20,
        }],
        ..Limits::default()
    };
    apply(&dir, Controller::Cpu, &limits).unwrap();
    apply(&dir, Controller::HugePages, &limits).unwrap();
    assert_eq!(dir.read("cpu.max.burst").unwrap(), "5");
    assert_eq!(dir.read("cpu.idle").unwrap(), "1");
    assert_eq!(dir.read("hugetlb.2MB.max").unwrap(), "2097152");
}

#[test]
fn what_only_version_1_knows_is_refused_by_name() {
    let (_keep, dir) = folder(&[]);
    let some = Some(1);
    let cases = [
        (
            Controller::Memory,
            field::SWAPPINESS,
            Limits {
                swappiness: some,
                ..Limits::default()
            },
        ),
        (
            Controller::Memory,
            field::OOM_KILL_DISABLED,
            Limits {
                oom_kill_disabled: true,
                ..Limits::default()
            },
        ),
        (
            Controller::Cpu,
            field::REALTIME_RUNTIME,
            Limits {
                realtime_runtime: some,
                ..Limits::default()
            },
        ),
        (
            Controller::Cpu,
            field::REALTIME_PERIOD,
            Limits {
                realtime_period: some,
                ..Limits::default()
            },
        ),
    ];
    for (controller, name, limits) in cases {
        let error = apply(&dir, controller, &limits).unwrap_err();
        assert!(
            matches!(error, Error::Unsupported { limit, .. } if limit == name),
            "{error}"
        );
    }
}

#[test]
fn oom_kills_are_told_from_other_oom_events() {
    let (_keep, dir) = folder(&[]);
    assert_eq!(oom_kills(&dir).unwrap(), 0);
    let text = "low 0\nhigh 0\nmax 9\noom 4\noom_kill 3\noom_group_kill 1\n";
    assert_eq!(flat_key(text, "oom_kill"), 3);
}
