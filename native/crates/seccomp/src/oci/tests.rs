use super::*;

fn read(json: &str) -> Result<Policy> {
    let seccomp: LinuxSeccomp = serde_json::from_str(json).unwrap();
    policy(&seccomp)
}

#[test]
fn a_profile_is_read_whole() {
    let read = read(
        r#"{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":5,"flags":["SECCOMP_FILTER_FLAG_LOG"],
            "architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_AARCH64","SCMP_ARCH_S390X"],
            "syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"},
              {"names":["socket"],"action":"SCMP_ACT_TRACE","errnoRet":7,"args":[
                {"index":0,"value":3,"op":"SCMP_CMP_GE"},
                {"index":1,"value":12,"valueTwo":4,"op":"SCMP_CMP_MASKED_EQ"}]}]}"#,
    )
    .unwrap();
    assert_eq!(read.default, Action::errno(5));
    assert_eq!(read.flags, FLAG_LOG);
    assert_eq!(read.abis, [Arch::native().unwrap().abis()[0]]);
    assert_eq!(read.rules[0].names, ["read", "write"]);
    assert_eq!(read.rules[1].action, Action::trace(7));
    let masked = Test::MaskedEqual { mask: 12, value: 4 };
    assert_eq!(
        read.rules[1].conditions,
        [
            Condition {
                argument: 0,
                test: Test::GreaterOrEqual(3)
            },
            Condition {
                argument: 1,
                test: masked
            },
        ]
    );
}

#[test]
fn conditions_on_one_argument_are_alternatives() {
    let read = read(
        r#"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["socket"],"action":"SCMP_ACT_ALLOW",
            "args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"},{"index":0,"value":2,"op":"SCMP_CMP_EQ"}]}]}"#,
    )
    .unwrap();
    assert_eq!(read.rules.len(), 2);
    assert_eq!(read.default, Action::errno(1));
    assert_eq!(read.flags, FLAG_SPEC_ALLOW);
}

#[test]
fn every_other_action_has_its_value() {
    for (name, expected) in [
        ("KILL", Action::KILL_THREAD),
        ("KILL_THREAD", Action::KILL_THREAD),
        ("KILL_PROCESS", Action::KILL_PROCESS),
        ("TRAP", Action::TRAP),
        ("LOG", Action::LOG),
        ("ALLOW", Action::ALLOW),
    ] {
        let read = read(&format!(r#"{{"defaultAction":"SCMP_ACT_{name}"}}"#)).unwrap();
        assert_eq!(read.default, expected, "{name}");
    }
}

#[test]
fn what_is_not_offered_is_refused_by_name() {
    for (json, words) in [
        (r#"{"defaultAction":"SCMP_ACT_NOTIFY"}"#, "SCMP_ACT_NOTIFY"),
        (
            r#"{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/run/x"}"#,
            "listenerPath",
        ),
        (
            r#"{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}"#,
            "WAIT_KILLABLE_RECV",
        ),
    ] {
        let error = read(json).unwrap_err();
        assert!(
            matches!(&error, Error::Unsupported { what } if what.contains(words)),
            "{error}"
        );
    }
    for json in [
        r#"{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096}"#,
        r#"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_TRAP",
            "args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]}]}"#,
    ] {
        assert!(matches!(read(json), Err(Error::Invalid { .. })));
    }
}
