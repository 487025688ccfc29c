//! Device rules as a program of type BPF_PROG_TYPE_CGROUP_DEVICE, which the kernel asks on each mknod and open:
//! 1 allows, 0 denies. Instructions as in `Documentation/bpf/standardization/instruction-set.rst`.

use super::{Access, DeviceKind, DeviceRule, DeviceRules};

/// `struct bpf_insn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Instruction {
    pub(crate) code: u8,
    /// Destination in the low four bits, source in the high four.
    pub(crate) registers: u8,
    pub(crate) offset: i16,
    pub(crate) immediate: i32,
}

pub(crate) const LOAD_WORD: u8 = 0x61;
pub(crate) const AND_32: u8 = 0x54;
pub(crate) const SHIFT_RIGHT_32: u8 = 0x74;
pub(crate) const MOVE_32: u8 = 0xb4;
pub(crate) const MOVE_REGISTER_32: u8 = 0xbc;
pub(crate) const JUMP_EQUAL: u8 = 0x15;
pub(crate) const JUMP_NOT_EQUAL: u8 = 0x55;
pub(crate) const EXIT: u8 = 0x95;

// The verdict; the context, `struct bpf_cgroup_dev_ctx` (access and kind, major, minor), a word each; and scratch.
const VERDICT: u8 = 0;
const CONTEXT: u8 = 1;
const KIND: u8 = 2;
const ACCESS: u8 = 3;
const MAJOR: u8 = 4;
const MINOR: u8 = 5;
const SCRATCH: u8 = 6;

const KIND_BLOCK: i32 = 1;
const KIND_CHARACTER: i32 = 2;

/// Asks the rules from the last to the first, so that the first that matches decides.
pub(crate) fn compile(rules: &DeviceRules) -> Vec<Instruction> {
    let mut program = vec![
        load(KIND, 0),
        with_immediate(AND_32, KIND, 0xffff),
        load(ACCESS, 0),
        with_immediate(SHIFT_RIGHT_32, ACCESS, 16),
        load(MAJOR, 4),
        load(MINOR, 8),
    ];
    for rule in rules.rules.iter().rev() {
        program.extend(compile_rule(rule));
        if rule.kind == DeviceKind::All {
            // It matches everything; what follows could not be reached, which the verifier refuses.
            return program;
        }
    }
    program.extend(verdict(false));
    program
}

fn compile_rule(rule: &DeviceRule) -> Vec<Instruction> {
    let mut conditions = Vec::new();
    match rule.kind {
        DeviceKind::All => {}
        DeviceKind::Block => conditions.push(vec![unless_equal(KIND, KIND_BLOCK)]),
        DeviceKind::Character => conditions.push(vec![unless_equal(KIND, KIND_CHARACTER)]),
    }
    if rule.access != Access::ALL {
        conditions.push(access_condition(rule));
    }
    let numbers = [(MAJOR, rule.major), (MINOR, rule.minor)];
    for (register, number) in numbers {
        if let Some(number) = number {
            conditions.push(vec![unless_equal(register, number.cast_signed())]);
        }
    }
    let mut code: Vec<_> = conditions.into_iter().flatten().collect();
    code.extend(verdict(rule.allow));
    let end = code.len();
    for (index, instruction) in code.iter_mut().enumerate() {
        if matches!(instruction.code, JUMP_EQUAL | JUMP_NOT_EQUAL) {
            // To the next rule; a rule has at most ten instructions.
            instruction.offset = (end - index - 1) as i16;
        }
    }
    code
}

/// Allowed is who asks for no more than a rule gives; denied is who asks for anything that it takes.
fn access_condition(rule: &DeviceRule) -> Vec<Instruction> {
    let copy = Instruction {
        code: MOVE_REGISTER_32,
        registers: ACCESS << 4 | SCRATCH,
        offset: 0,
        immediate: 0,
    };
    let (mask, skip) = if rule.allow {
        (!rule.access.0 & Access::ALL.0, JUMP_NOT_EQUAL)
    } else {
        (rule.access.0, JUMP_EQUAL)
    };
    vec![
        copy,
        with_immediate(AND_32, SCRATCH, i32::from(mask)),
        with_immediate(skip, SCRATCH, 0),
    ]
}

fn load(register: u8, offset: i16) -> Instruction {
    Instruction {
        code: LOAD_WORD,
        registers: CONTEXT << 4 | register,
        offset,
        immediate: 0,
    }
}

fn unless_equal(register: u8, value: i32) -> Instruction {
    with_immediate(JUMP_NOT_EQUAL, register, value)
}

fn with_immediate(code: u8, register: u8, immediate: i32) -> Instruction {
    Instruction {
        code,
        registers: register,
        offset: 0,
        immediate,
    }
}

fn verdict(allow: bool) -> [Instruction; 2] {
    [
        with_immediate(MOVE_32, VERDICT, i32::from(allow)),
        with_immediate(EXIT, 0, 0),
    ]
}
