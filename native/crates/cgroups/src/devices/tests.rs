use super::program::{
    AND_32, EXIT, Instruction, JUMP_EQUAL, JUMP_NOT_EQUAL, LOAD_WORD, MOVE_32, MOVE_REGISTER_32,
    SHIFT_RIGHT_32, compile,
};
use super::*;

/// What the kernel would answer.
fn run(program: &[Instruction], context: [u32; 3]) -> u32 {
    let mut registers = [0_u32; 11];
    let mut at = 0;
    loop {
        let instruction = program[at];
        let (to, from) = (
            usize::from(instruction.registers & 15),
            usize::from(instruction.registers >> 4),
        );
        let immediate = instruction.immediate.cast_unsigned();
        let mut jump = 0;
        match instruction.code {
            LOAD_WORD => registers[to] = context[instruction.offset as usize / 4],
            AND_32 => registers[to] &= immediate,
            SHIFT_RIGHT_32 => registers[to] >>= immediate,
            MOVE_32 => registers[to] = immediate,
            MOVE_REGISTER_32 => registers[to] = registers[from],
            JUMP_EQUAL if registers[to] == immediate => jump = instruction.offset,
            JUMP_NOT_EQUAL if registers[to] != immediate => jump = instruction.offset,
            JUMP_EQUAL | JUMP_NOT_EQUAL => {}
            EXIT => return registers[0],
            other => panic!("unknown instruction {other:#x}"),
        }
        at += 1 + usize::try_from(jump).unwrap();
    }
}

/// The rules as their documentation reads: the last that matches decides.
fn decide(rules: &DeviceRules, block: bool, major: u32, minor: u32, access: u8) -> bool {
    let matches = |rule: &&DeviceRule| {
        let kind = match rule.kind {
            DeviceKind::All => true,
            DeviceKind::Block => block,
            DeviceKind::Character => !block,
        };
        let covers = if rule.allow {
            access & !rule.access.0 == 0
        } else {
            access & rule.access.0 != 0
        };
        let is = |number: Option<u32>, value| number.is_none_or(|number| number == value);
        kind && covers && is(rule.major, major) && is(rule.minor, minor)
    };
    rules
        .rules
        .iter()
        .rev()
        .find(matches)
        .is_some_and(|rule| rule.allow)
}

fn prove(rules: &DeviceRules) {
    let program = compile(rules);
    for block in [true, false] {
        for major in [0, 1, 5, 8, 10, 136, 4095] {
            for minor in [0, 1, 2, 3, 5, 9, 200, 229, 0xf_ffff] {
                for access in 1..=7 {
                    let kind = if block { 1 } else { 2 };
                    let answer = run(&program, [u32::from(access) << 16 | kind, major, minor]);
                    assert_eq!(
                        answer == 1,
                        decide(rules, block, major, minor, access),
                        "block {block} {major}:{minor} access {access}"
                    );
                }
            }
        }
    }
}

fn from_json(json: &str) -> Result<DeviceRules> {
    let list: Vec<LinuxDeviceCgroup> = serde_json::from_str(json).unwrap();
    DeviceRules::from_oci(&list)
}

#[test]
fn the_program_decides_as_the_rules_read() {
    prove(&DeviceRules::docker_default());
    prove(&DeviceRules::allow_all());
    prove(&DeviceRules { rules: Vec::new() });
    let given = r#"[{"allow":true,"type":"c","major":10,"minor":200,"access":"rwm"},
        {"allow":false,"type":"c","major":10,"minor":229,"access":"rwm"},
        {"allow":true,"type":"b","major":8,"access":"r"},
        {"allow":false,"type":"b","major":8,"minor":1,"access":"w"},
        {"allow":false,"type":"a","major":5,"access":"m"}]"#;
    prove(&from_json(given).unwrap());
}

#[test]
fn disks_can_be_made_but_not_opened_by_default() {
    let rules = DeviceRules::docker_default();
    assert!(decide(&rules, true, 8, 0, Access::MKNOD.0));
    assert!(!decide(&rules, true, 8, 0, Access::READ.0));
    assert!(decide(
        &rules,
        false,
        1,
        3,
        Access::READ.0 | Access::WRITE.0
    ));
    assert!(!decide(&rules, false, 1, 1, Access::READ.0), "/dev/mem");
}

#[test]
fn a_spec_adds_to_the_default_devices() {
    let rules = from_json(
        r#"[{"allow":false,"access":"rwm"},
            {"allow":true,"type":"c","major":10,"minor":200,"access":"rw"}]"#,
    )
    .unwrap();
    assert!(decide(&rules, false, 1, 3, Access::READ.0));
    assert!(decide(&rules, false, 10, 200, Access::READ.0));
    assert!(!decide(&rules, false, 10, 201, Access::READ.0));
    assert_eq!(from_json("[]").unwrap(), DeviceRules::docker_default());
}

#[test]
fn a_privileged_spec_allows_all() {
    let rules = from_json(r#"[{"allow":true,"type":"a","major":-1,"minor":-1,"access":"rwm"}]"#);
    assert!(rules.unwrap().allows_all());
    assert!(DeviceRules::allow_all().allows_all());
    assert!(!DeviceRules::docker_default().allows_all());
}

#[test]
fn nonsense_is_refused() {
    for json in [
        r#"[{"allow":true,"type":"c","major":1,"minor":3,"access":"rx"}]"#,
        r#"[{"allow":true,"type":"c","major":1048576,"minor":3,"access":"r"}]"#,
        r#"[{"allow":true,"type":"c","major":-2,"minor":3,"access":"r"}]"#,
        r#"[{"allow":true,"type":"p","major":1,"minor":3,"access":"r"}]"#,
    ] {
        assert!(
            matches!(
                from_json(json),
                Err(Error::Invalid {
                    limit: field::DEVICES,
                    ..
                })
            ),
            "{json}"
        );
    }
}

#[test]
fn v1_lines_are_as_the_kernel_reads_them() {
    let lines: Vec<_> = DeviceRules::docker_default()
        .rules
        .iter()
        .map(v1_line)
        .collect();
    assert_eq!(
        &lines[..5],
        ["a", "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm"]
    );
    assert_eq!(lines[11], "c 136:* rwm");
}
