use oci_spec::runtime::LinuxResources;

use super::*;

fn read(json: &str) -> Result<Limits> {
    let resources: LinuxResources = serde_json::from_str(json).unwrap();
    Limits::from_oci(&resources)
}

fn memory_and_swap(memory: Option<u64>, swap: Swap) -> Result<SwapLimit> {
    Limits {
        memory,
        swap,
        ..Limits::default()
    }
    .swap_limit()
}

fn device(major: u32, minor: u32) -> DeviceNumber {
    DeviceNumber { major, minor }
}

fn throttle(kind: ThrottleKind, rate: u64) -> Throttle {
    Throttle {
        kind,
        device: device(8, 16),
        rate,
    }
}

#[test]
fn every_limit_is_read() {
    let limits = read(
        r#"{"memory":{"limit":1000,"reservation":500,"swap":2000,"swappiness":60,"disableOOMKiller":true},"pids":{"limit":9},
            "cpu":{"shares":512,"quota":50000,"period":100000,"cpus":"0-1,3","mems":"0",
                   "burst":7,"idle":1,"realtimeRuntime":8,"realtimePeriod":80},
            "blockIO":{"weight":500,"weightDevice":[{"major":8,"minor":0,"weight":600}],
                "throttleReadBpsDevice":[{"major":8,"minor":16,"rate":1000}],
                "throttleWriteIOPSDevice":[{"major":8,"minor":16,"rate":10}]},
            "hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}"#,
    );
    let expected = Limits {
        memory: Some(1000),
        swap: Swap::Total(2000),
        memory_reservation: Some(500),
        swappiness: Some(60),
        oom_kill_disabled: true,
        cpu_shares: Some(512),
        cpu_quota: Some(50_000),
        cpu_period: Some(100_000),
        cpu_burst: Some(7),
        cpu_idle: true,
        realtime_runtime: Some(8),
        realtime_period: Some(80),
        cpuset_cpus: Some("0-1,3".to_owned()),
        cpuset_mems: Some("0".to_owned()),
        pids: Some(9),
        block_io: BlockIo {
            weight: Some(500),
            device_weights: vec![(device(8, 0), 600)],
            throttles: vec![
                throttle(ThrottleKind::ReadBytes, 1000),
                throttle(ThrottleKind::WriteOperations, 10),
            ],
        },
        huge_pages: vec![HugePageLimit {
            page_size: "2MB".to_owned(),
            bytes: 4 << 20,
        }],
    };
    assert_eq!(limits.unwrap(), expected);
}

#[test]
fn values_that_mean_no_limit_are_none() {
    let limits = read(
        r#"{"memory":{"limit":-1,"reservation":0,"swap":0},"pids":{"limit":-1},
            "cpu":{"shares":0,"quota":-1,"period":0,"cpus":"","mems":""},
            "blockIO":{"weight":0},"hugepageLimits":[],"unified":{}}"#,
    );
    assert_eq!(limits.unwrap(), Limits::default());
}

#[test]
fn a_limit_that_is_not_offered_is_refused_by_name() {
    for (json, name) in [
        (r#"{"unified":{"memory.high":"1"}}"#, field::UNIFIED),
        (r#"{"network":{"classID":1}}"#, field::NETWORK),
        (r#"{"memory":{"kernel":1}}"#, field::KERNEL_MEMORY),
        (
            r#"{"blockIO":{"leafWeight":10}}"#,
            field::BLOCK_IO_LEAF_WEIGHT,
        ),
    ] {
        let error = read(json).unwrap_err();
        assert!(
            matches!(error, Error::Unsupported { limit, .. } if limit == name),
            "{error}"
        );
    }
}

#[test]
fn a_value_out_of_range_is_refused_by_name() {
    for (json, name) in [
        (r#"{"memory":{"swappiness":101}}"#, field::SWAPPINESS),
        (r#"{"blockIO":{"weight":9}}"#, field::BLOCK_IO_WEIGHT),
        (
            r#"{"blockIO":{"weightDevice":[{"major":8,"minor":0,"weight":1001}]}}"#,
            field::BLOCK_IO_WEIGHT_DEVICE,
        ),
        (
            r#"{"blockIO":{"throttleReadBpsDevice":[{"major":-1,"minor":0,"rate":1}]}}"#,
            field::READ_BPS,
        ),
        (
            r#"{"hugepageLimits":[{"pageSize":"../x","limit":1}]}"#,
            field::HUGE_PAGES,
        ),
        (
            r#"{"hugepageLimits":[{"pageSize":"MB","limit":1}]}"#,
            field::HUGE_PAGES,
        ),
    ] {
        let error = read(json).unwrap_err();
        assert!(
            matches!(error, Error::Invalid { limit, .. } if limit == name),
            "{error}"
        );
    }
}

#[test]
fn dockers_default_swappiness_is_none() {
    let limits = read(r#"{"memory":{"swappiness":18446744073709551615}}"#);
    assert_eq!(limits.unwrap().swappiness, None);
}

#[test]
fn a_cpu_list_is_digits_commas_and_dashes() {
    for text in ["0 1", "0\\n1", "all", "0;1"] {
        let error = read(&format!(r#"{{"cpu":{{"cpus":"{text}"}}}}"#)).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Invalid {
                    limit: field::CPUSET_CPUS,
                    ..
                }
            ),
            "{error}"
        );
    }
}

#[test]
fn swap_is_as_much_as_memory_unless_said() {
    assert_eq!(
        memory_and_swap(Some(10), Swap::Default).unwrap(),
        SwapLimit::Bytes {
            total: 20,
            swap: 10,
            demanded: false
        }
    );
    assert_eq!(
        memory_and_swap(None, Swap::Default).unwrap(),
        SwapLimit::None
    );
    assert_eq!(
        memory_and_swap(Some(10), Swap::Unlimited).unwrap(),
        SwapLimit::None
    );
}

#[test]
fn a_total_equal_to_memory_means_no_swap() {
    assert_eq!(
        memory_and_swap(Some(10), Swap::Total(10)).unwrap(),
        SwapLimit::Bytes {
            total: 10,
            swap: 0,
            demanded: true
        }
    );
}

#[test]
fn a_total_needs_memory_and_is_not_below_it() {
    assert!(matches!(
        memory_and_swap(None, Swap::Total(10)),
        Err(Error::Invalid { .. })
    ));
    assert!(matches!(
        memory_and_swap(Some(11), Swap::Total(10)),
        Err(Error::Invalid { .. })
    ));
}
