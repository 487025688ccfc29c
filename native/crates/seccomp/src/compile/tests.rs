use super::compile;
use super::interpreter::{Call, run};
use crate::abi::{Abi, X32_BIT};
use crate::policy::{Action, Condition, Policy, Rule, Test};

const DENIED: Action = Action::errno(1);
const HALVES: [u64; 5] = [0, 1, 5, 0x7fff_ffff, 0xffff_ffff];

fn policy(abis: &[Abi], rules: Vec<Rule>) -> Policy {
    Policy {
        default: DENIED,
        abis: abis.to_vec(),
        rules,
        flags: 0,
    }
}

fn rule(names: &[&str], conditions: &[Condition], action: Action) -> Rule {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    Rule {
        names,
        conditions: conditions.to_vec(),
        action,
    }
}

fn ask(policy: &Policy, number: u32, arguments: [u64; 6]) -> Action {
    let filter = compile(policy).unwrap();
    let call = Call {
        architecture: Abi::X86_64.audit_arch(),
        number,
        arguments,
    };
    Action(run(filter.program(), &call))
}

fn holds(test: Test, argument: u64) -> bool {
    match test {
        Test::Equal(value) => argument == value,
        Test::NotEqual(value) => argument != value,
        Test::Less(value) => argument < value,
        Test::LessOrEqual(value) => argument <= value,
        Test::Greater(value) => argument > value,
        Test::GreaterOrEqual(value) => argument >= value,
        Test::MaskedEqual { mask, value } => argument & mask == value,
    }
}

/// Values whose halves are small, large, equal and unequal.
fn interesting() -> Vec<u64> {
    HALVES
        .iter()
        .flat_map(|high| HALVES.map(|low| high << 32 | low))
        .collect()
}

#[test]
fn every_comparison_is_right_in_both_halves() {
    for value in interesting() {
        let tests = [
            Test::Equal(value),
            Test::NotEqual(value),
            Test::Less(value),
            Test::LessOrEqual(value),
            Test::Greater(value),
            Test::GreaterOrEqual(value),
            Test::MaskedEqual {
                mask: 0x5_0000_0005,
                value: value & 0x5_0000_0005,
            },
        ];
        for test in tests {
            let condition = Condition { argument: 3, test };
            let policy = policy(
                &[Abi::X86_64],
                vec![rule(&["read"], &[condition], Action::ALLOW)],
            );
            for argument in interesting() {
                let expected = if holds(test, argument) {
                    Action::ALLOW
                } else {
                    DENIED
                };
                assert_eq!(
                    ask(&policy, 0, [0, 0, 0, argument, 0, 0]),
                    expected,
                    "{test:?} {argument:#x}"
                );
            }
        }
    }
}

#[test]
fn all_conditions_of_a_rule_must_hold_and_any_rule_will_do() {
    let is = |argument, value| Condition {
        argument,
        test: Test::Equal(value),
    };
    let rules = vec![
        rule(&["read"], &[is(0, 1), is(1, 2), is(5, 3)], Action::ALLOW),
        rule(&["read"], &[is(0, 9)], Action::errno(9)),
    ];
    let policy = policy(&[Abi::X86_64], rules);
    assert_eq!(ask(&policy, 0, [1, 2, 0, 0, 0, 3]), Action::ALLOW);
    assert_eq!(ask(&policy, 0, [1, 2, 0, 0, 0, 4]), DENIED);
    assert_eq!(ask(&policy, 0, [2, 2, 0, 0, 0, 3]), DENIED);
    assert_eq!(ask(&policy, 0, [9, 0, 0, 0, 0, 0]), Action::errno(9));
}

#[test]
fn a_rule_without_conditions_beats_those_with() {
    let condition = Condition {
        argument: 0,
        test: Test::Equal(1),
    };
    let conditional = rule(&["read"], &[condition], Action::errno(9));
    let plain = rule(&["read"], &[], Action::ALLOW);
    for rules in [
        vec![conditional.clone(), plain.clone()],
        vec![plain, conditional],
    ] {
        assert_eq!(
            ask(&policy(&[Abi::X86_64], rules), 0, [1; 6]),
            Action::ALLOW
        );
    }
}

#[test]
fn calls_newer_than_the_policy_are_unknown_not_denied() {
    let policy = policy(
        &[Abi::X86_64],
        vec![rule(&["read", "mseal"], &[], Action::ALLOW)],
    );
    assert_eq!(ask(&policy, 461, [0; 6]), DENIED);
    assert_eq!(ask(&policy, 462, [0; 6]), Action::ALLOW);
    assert_eq!(ask(&policy, 463, [0; 6]), Action::errno(38));
    let open = Policy {
        default: Action::ALLOW,
        ..policy
    };
    assert_eq!(ask(&open, 463, [0; 6]), Action::ALLOW);
}

#[test]
fn what_the_policy_does_not_name_is_killed() {
    let policy = policy(&[Abi::X86_64], vec![rule(&["read"], &[], Action::ALLOW)]);
    assert_eq!(ask(&policy, X32_BIT, [0; 6]), Action::KILL_THREAD);
    let filter = compile(&policy).unwrap();
    let call = Call {
        architecture: Abi::X86.audit_arch(),
        number: 3,
        arguments: [0; 6],
    };
    assert_eq!(run(filter.program(), &call), Action::KILL_THREAD.0);
}

#[test]
fn a_policy_without_rules_is_its_default() {
    for number in [0, 400, u32::MAX >> 2] {
        assert_eq!(
            ask(&policy(&[Abi::X86_64], Vec::new()), number, [0; 6]),
            DENIED
        );
    }
}
