//! The reaper as PID 1.

use longshore_sys::pidfd::Exit;

use crate::Test;
use crate::fixture::{Fixture, Running};

pub(crate) const TESTS: &[Test] = &[
    (
        "the_command_is_its_child_and_its_code_counts",
        the_command_is_its_child_and_its_code_counts,
    ),
    ("orphans_are_reaped", orphans_are_reaped),
    ("signals_are_forwarded", signals_are_forwarded),
    (
        "the_reaper_holds_no_descriptor",
        the_reaper_holds_no_descriptor,
    ),
    (
        "a_command_that_is_not_there_is_told",
        a_command_that_is_not_there_is_told,
    ),
];

fn run(script: &str) -> crate::fixture::Outcome {
    let fixture = Fixture::shell(script);
    let mut plan = fixture.plan();
    plan.init = true;
    fixture.run_plan(&plan)
}

fn the_command_is_its_child_and_its_code_counts() {
    let outcome = run("echo $$ $PPID; cat /proc/1/comm; exit 7");
    assert_eq!(outcome.exit, Exit::Code(7));
    assert_eq!(outcome.output, "2 1\ninit\n");
    assert_eq!(run("kill -9 $$").exit, Exit::Code(137));
}

fn orphans_are_reaped() {
    // The orphan ends when the pipe's other end does; afterwards its entry must go.
    let script = "sh -c 'cat /dev/null & echo $!' > /tmp/pid; pid=$(cat /tmp/pid); \
        for i in $(seq 100000); do [ -e /proc/$pid ] || exit 0; done; exit 1";
    run(script).success();
}

fn signals_are_forwarded() {
    let signals = [
        ("TERM", libc::SIGTERM),
        ("INT", libc::SIGINT),
        ("HUP", libc::SIGHUP),
        ("QUIT", libc::SIGQUIT),
        ("USR1", libc::SIGUSR1),
        ("USR2", libc::SIGUSR2),
        ("WINCH", libc::SIGWINCH),
    ];
    for (name, signal) in signals {
        let script = format!("trap 'exit 9' {name}; echo ready; sleep 1000 & wait");
        let fixture = Fixture::shell(&script);
        let mut plan = fixture.plan();
        plan.init = true;
        let mut running = Running::start(&plan, false);
        assert_eq!(running.line(), "ready\n");
        running.signal(signal);
        assert_eq!(running.finish().exit, Exit::Code(9), "{name}");
    }
}

fn the_reaper_holds_no_descriptor() {
    let fixture = Fixture::shell("ls -A /proc/1/fd && echo end");
    let mut plan = fixture.plan();
    plan.init = true;
    // CAP_SYS_PTRACE: without it the reaper's descriptors cannot even be listed.
    let ptrace = 1 << 19;
    plan.process.capabilities.bounding |= ptrace;
    plan.process.capabilities.permitted |= ptrace;
    plan.process.capabilities.effective |= ptrace;
    assert_eq!(fixture.run_plan(&plan).success(), "end\n");
}

fn a_command_that_is_not_there_is_told() {
    let fixture = Fixture::command(&["no-such-tool"]);
    let mut plan = fixture.plan();
    plan.init = true;
    assert_eq!(fixture.run_plan(&plan).refusal().exit_code, 127);
}
