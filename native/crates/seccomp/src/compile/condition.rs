use super::{AND, JUMP_EQUAL, JUMP_GREATER, JUMP_GREATER_OR_EQUAL, jump, load};
use crate::filter::Instruction;
use crate::policy::{Condition, Test};

/// Where a comparison leads.
#[derive(Clone, Copy)]
enum To {
    /// The next instruction.
    Next,
    /// The condition holds.
    Pass,
    Fail,
}

/// One step of a condition's code.
enum Step {
    Plain(Instruction),
    Compare {
        code: u16,
        value: u32,
        yes: To,
        no: To,
    },
}

/// Code that runs into `success` when all conditions hold, and behind it otherwise.
pub(super) fn alternative(conditions: &[Condition], success: Instruction) -> Vec<Instruction> {
    // From the last to the first, so that the way to the end is known.
    let mut code = vec![success];
    for condition in conditions.iter().rev() {
        let steps = steps(condition);
        let mut front = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let left = steps.len() - index - 1;
            front.push(place(step, left, code.len()));
        }
        front.extend(code);
        code = front;
    }
    code
}

/// `left` steps of the condition follow, then `rest` instructions until it has failed. A rule has at most six
/// conditions of seven steps, so the distances fit.
fn place(step: &Step, left: usize, rest: usize) -> Instruction {
    let distance = |to: To| match to {
        To::Next => 0,
        To::Pass => left as u8,
        To::Fail => (left + rest) as u8,
    };
    match *step {
        Step::Plain(instruction) => instruction,
        Step::Compare {
            code,
            value,
            yes,
            no,
        } => jump(code, value, distance(yes), distance(no)),
    }
}

/// An argument has 64 bits and the machine 32: the high half first, which decides unless it is equal.
fn steps(condition: &Condition) -> Vec<Step> {
    let argument = condition.argument;
    match condition.test {
        Test::Equal(value) => equal(argument, value, To::Pass, To::Fail),
        Test::NotEqual(value) => equal(argument, value, To::Fail, To::Pass),
        Test::Greater(value) => order(argument, value, JUMP_GREATER, To::Pass, To::Fail),
        Test::LessOrEqual(value) => order(argument, value, JUMP_GREATER, To::Fail, To::Pass),
        Test::GreaterOrEqual(value) => {
            order(argument, value, JUMP_GREATER_OR_EQUAL, To::Pass, To::Fail)
        }
        Test::Less(value) => order(argument, value, JUMP_GREATER_OR_EQUAL, To::Fail, To::Pass),
        Test::MaskedEqual { mask, value } => masked(argument, mask, value),
    }
}

fn equal(argument: u8, value: u64, yes: To, no: To) -> Vec<Step> {
    vec![
        load_high(argument),
        compare(JUMP_EQUAL, high(value), To::Next, no),
        load_low(argument),
        compare(JUMP_EQUAL, low(value), yes, no),
    ]
}

fn order(argument: u8, value: u64, last: u16, yes: To, no: To) -> Vec<Step> {
    vec![
        load_high(argument),
        compare(JUMP_GREATER, high(value), yes, To::Next),
        compare(JUMP_EQUAL, high(value), To::Next, no),
        load_low(argument),
        compare(last, low(value), yes, no),
    ]
}

fn masked(argument: u8, mask: u64, value: u64) -> Vec<Step> {
    vec![
        load_high(argument),
        Step::Plain(jump(AND, high(mask), 0, 0)),
        compare(JUMP_EQUAL, high(value), To::Next, To::Fail),
        load_low(argument),
        Step::Plain(jump(AND, low(mask), 0, 0)),
        compare(JUMP_EQUAL, low(value), To::Pass, To::Fail),
    ]
}

fn compare(code: u16, value: u32, yes: To, no: To) -> Step {
    Step::Compare {
        code,
        value,
        yes,
        no,
    }
}

/// Both architectures are little-endian: the low half of an argument comes first in `struct seccomp_data`.
fn load_low(argument: u8) -> Step {
    Step::Plain(load(16 + 8 * u32::from(argument)))
}

fn load_high(argument: u8) -> Step {
    Step::Plain(load(20 + 8 * u32::from(argument)))
}

fn low(value: u64) -> u32 {
    (value & 0xffff_ffff) as u32
}

fn high(value: u64) -> u32 {
    (value >> 32) as u32
}
