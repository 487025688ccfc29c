//! Capabilities, filters, limits and descriptors of the command.

use std::fs::File;

use longshore_isolation::credentials::host_bounding_set;
use longshore_isolation::plan::{Rlimit, RlimitResource, SeccompFilter};
use longshore_sys::seccomp::Instruction;
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Resource, getrlimit};
use serde_json::json;

use crate::Test;
use crate::fixture::{DOCKER_CAPABILITIES, Fixture};

pub(crate) const TESTS: &[Test] = &[
    (
        "root_has_dockers_capabilities",
        root_has_dockers_capabilities,
    ),
    ("other_users_have_none", other_users_have_none),
    (
        "ambient_capabilities_reach_other_users",
        ambient_capabilities_reach_other_users,
    ),
    (
        "no_new_privileges_is_set_on_request",
        no_new_privileges_is_set_on_request,
    ),
    (
        "a_filter_is_loaded_with_and_without",
        a_filter_is_loaded_with_and_without,
    ),
    (
        "signals_are_as_a_new_program_expects",
        signals_are_as_a_new_program_expects,
    ),
    ("no_descriptor_leaks", no_descriptor_leaks),
    (
        "limits_that_are_demanded_are_set",
        limits_that_are_demanded_are_set,
    ),
    (
        "default_limits_are_cut_down_to_the_hosts",
        default_limits_are_cut_down_to_the_hosts,
    ),
    ("the_oom_score_is_set", the_oom_score_is_set),
];

const CAP_SYS_RESOURCE: u64 = 1 << 24;

fn field(output: &str, name: &str) -> u64 {
    let line = output
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}:\t")));
    u64::from_str_radix(line.unwrap_or_else(|| panic!("no {name} in {output}")), 16).unwrap()
}

fn root_has_dockers_capabilities() {
    let output = Fixture::command(&["cat", "/proc/self/status"])
        .run()
        .success();
    for name in ["CapBnd", "CapPrm", "CapEff"] {
        assert_eq!(field(&output, name), DOCKER_CAPABILITIES, "{name}");
    }
    assert_eq!((field(&output, "CapInh"), field(&output, "CapAmb")), (0, 0));
    assert_eq!(field(&output, "NoNewPrivs"), 0);
}

fn other_users_have_none() {
    let fixture = Fixture::command(&["cat", "/proc/self/status"])
        .set("/process/user", json!({ "uid": 1000, "gid": 1000 }));
    let output = fixture.run().success();
    for name in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(field(&output, name), 0, "{name}");
    }
    assert_eq!(field(&output, "CapBnd"), DOCKER_CAPABILITIES);
}

fn ambient_capabilities_reach_other_users() {
    let fixture = Fixture::command(&["cat", "/proc/self/status"])
        .set("/process/user", json!({ "uid": 1000, "gid": 1000 }))
        .set("/process/capabilities/ambient", json!(["CAP_NET_RAW"]));
    let output = fixture.run().success();
    for name in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(field(&output, name), 1 << 13, "{name}");
    }
}

fn no_new_privileges_is_set_on_request() {
    let fixture = Fixture::command(&["cat", "/proc/self/status"])
        .set("/process/noNewPrivileges", json!(true));
    assert_eq!(field(&fixture.run().success(), "NoNewPrivs"), 1);
}

/// Answers ENOSYS to sethostname(2), and allows all else.
fn filter() -> SeccompFilter {
    let code = |bits: u32| u16::try_from(bits).unwrap();
    let load = code(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS);
    let equal = code(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K);
    let answer = code(libc::BPF_RET | libc::BPF_K);
    let denied = libc::SECCOMP_RET_ERRNO | u32::try_from(libc::ENOSYS).unwrap();
    let number = u32::try_from(libc::SYS_sethostname).unwrap();
    let program = [
        Instruction {
            code: load,
            jt: 0,
            jf: 0,
            k: 0,
        },
        Instruction {
            code: equal,
            jt: 0,
            jf: 1,
            k: number,
        },
        Instruction {
            code: answer,
            jt: 0,
            jf: 0,
            k: denied,
        },
        Instruction {
            code: answer,
            jt: 0,
            jf: 0,
            k: libc::SECCOMP_RET_ALLOW,
        },
    ];
    SeccompFilter::new(program, 0)
}

fn a_filter_is_loaded_with_and_without() {
    for no_new_privileges in [false, true] {
        for uid in [0, 1000] {
            let script = "hostname x; grep Seccomp: /proc/self/status";
            let fixture =
                Fixture::shell(script).set("/process/user", json!({ "uid": uid, "gid": uid }));
            let mut plan = fixture.plan();
            plan.process.no_new_privileges = no_new_privileges;
            plan.process.seccomp = Some(filter());
            let output = fixture.run_plan(&plan).success();
            assert!(output.contains("Function not implemented"), "{output}");
            assert!(output.ends_with("Seccomp:\t2\n"), "{output}");
        }
    }
}

fn signals_are_as_a_new_program_expects() {
    let output = Fixture::command(&["cat", "/proc/self/status"])
        .run()
        .success();
    for name in ["SigIgn", "SigBlk", "SigCgt"] {
        assert_eq!(field(&output, name), 0, "{name}");
    }
}

fn no_descriptor_leaks() {
    let careless = File::open("/etc/passwd").unwrap();
    fcntl_setfd(&careless, FdFlags::empty()).unwrap();
    let output = Fixture::shell("ls /proc/$$/fd; true").run().success();
    assert_eq!(output, "0\n1\n2\n");
}

fn limits_that_are_demanded_are_set() {
    let limits = json!([
        { "type": "RLIMIT_NOFILE", "soft": 100, "hard": 200 },
        { "type": "RLIMIT_CORE", "soft": 0, "hard": 0 }
    ]);
    let fixture =
        Fixture::shell("ulimit -n; ulimit -Hn; ulimit -c").set("/process/rlimits", limits);
    assert_eq!(fixture.run().success(), "100\n200\n0\n");

    let host = getrlimit(Resource::Nofile).maximum;
    let Some(above) = host.and_then(|host| host.checked_add(1)) else {
        return;
    };
    let limits = json!([{ "type": "RLIMIT_NOFILE", "soft": 1, "hard": above }]);
    let outcome = Fixture::shell("ulimit -Hn")
        .set("/process/rlimits", limits)
        .run();
    if host_bounding_set().unwrap() & CAP_SYS_RESOURCE == 0 {
        let error = outcome.refusal();
        assert!(
            error.message.contains("RLIMIT_NOFILE") && !error.hint.is_empty(),
            "{error:?}"
        );
    } else {
        assert_eq!(outcome.success(), format!("{above}\n"));
    }
}

fn default_limits_are_cut_down_to_the_hosts() {
    let host = getrlimit(Resource::Nofile).maximum.unwrap();
    let fixture = Fixture::shell("ulimit -n; ulimit -Hn");
    let mut plan = fixture.plan();
    let default = |soft, hard| Rlimit {
        resource: RlimitResource::Nofile,
        soft,
        hard,
    };
    plan.process.default_rlimits = vec![default(64, host + 1)];
    let outcome = fixture.run_plan(&plan);
    assert!(outcome.warnings.is_empty(), "{outcome:?}");
    if host_bounding_set().unwrap() & CAP_SYS_RESOURCE == 0 {
        assert_eq!(outcome.success(), format!("64\n{host}\n"));
    } else {
        assert_eq!(outcome.success(), format!("64\n{}\n", host + 1));
    }
    plan.process.rlimits = vec![default(10, 20)];
    assert_eq!(fixture.run_plan(&plan).success(), "10\n20\n");
}

fn the_oom_score_is_set() {
    let fixture =
        Fixture::shell("cat /proc/self/oom_score_adj").set("/process/oomScoreAdj", json!(500));
    assert_eq!(fixture.run().success(), "500\n");
}
