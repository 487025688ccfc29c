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

#[test]
fn every_limit_is_read() {
    let limits = read(
        r#"{"memory":{"limit":1000,"reservation":500,"swap":2000},"pids":{"limit":9},
            "cpu":{"shares":512,"quota":50000,"period":100000,"cpus":"0-1,3","mems":"0"}}"#,
    );
    let expected = Limits {
        memory: Some(1000),
        swap: Swap::Total(2000),
        memory_reservation: Some(500),
        cpu_shares: Some(512),
        cpu_quota: Some(50_000),
        cpu_period: Some(100_000),
        cpuset_cpus: Some("0-1,3".to_owned()),
        cpuset_mems: Some("0".to_owned()),
        pids: Some(9),
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
        (r#"{"blockIO":{"weight":100}}"#, "block I/O"),
        (
            r#"{"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":1}]}}"#,
            "block I/O",
        ),
        (
            r#"{"hugepageLimits":[{"pageSize":"2MB","limit":1}]}"#,
            "huge pages",
        ),
        (r#"{"unified":{"memory.high":"1"}}"#, "unified"),
        (r#"{"memory":{"swappiness":0}}"#, "swappiness"),
        (r#"{"memory":{"disableOOMKiller":true}}"#, "OOM killer"),
        (r#"{"cpu":{"realtimeRuntime":1}}"#, "CPU realtime"),
        (r#"{"cpu":{"burst":1}}"#, "CPU burst"),
    ] {
        let error = read(json).unwrap_err();
        assert!(
            matches!(error, Error::Unsupported { limit, .. } if limit == name),
            "{error}"
        );
    }
}

#[test]
fn a_cpu_list_is_digits_commas_and_dashes() {
    for text in ["0 1", "0\\n1", "all", "0;1"] {
        let error = read(&format!(r#"{{"cpu":{{"cpus":"{text}"}}}}"#)).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Invalid {
                    limit: "cpuset cpus",
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
