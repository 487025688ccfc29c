//! Terminals of the container's own devpts.

use longshore_isolation::plan::TerminalSize;
use serde_json::json;

use crate::Test;
use crate::fixture::{Fixture, Running};

pub(crate) const TESTS: &[Test] = &[
    (
        "the_terminal_is_the_containers_own",
        the_terminal_is_the_containers_own,
    ),
    (
        "it_is_the_controlling_terminal",
        it_is_the_controlling_terminal,
    ),
    ("its_user_owns_it", its_user_owns_it),
    ("it_echoes_what_is_typed", it_echoes_what_is_typed),
];

fn run(fixture: &Fixture, init: bool) -> String {
    let mut plan = fixture.plan();
    plan.init = init;
    plan.process.terminal_size = Some(TerminalSize {
        columns: 101,
        rows: 33,
    });
    let running = Running::start(&plan, true);
    assert!(running.has_terminal);
    running.finish().success().replace("\r\n", "\n")
}

fn the_terminal_is_the_containers_own() {
    let script = "tty; stty size; stat -c %t:%T /dev/pts/0 /dev/console; ls -1 /dev/pts";
    for init in [false, true] {
        let output = run(&Fixture::shell(script), init);
        assert_eq!(output, "/dev/pts/0\n33 101\n88:0\n88:0\n0\nptmx\n");
    }
}

fn it_is_the_controlling_terminal() {
    for init in [false, true] {
        let output = run(
            &Fixture::shell("echo told > /dev/tty; cut -d ' ' -f 7 /proc/$$/stat"),
            init,
        );
        // Major 136, minor 0, as the kernel packs them.
        assert_eq!(output, format!("told\n{}\n", 136 << 8));
    }
}

fn its_user_owns_it() {
    let fixture = Fixture::shell("stat -c '%u %g %a' /dev/pts/0; echo again > /dev/pts/0")
        .set("/process/user", json!({ "uid": 1000, "gid": 1000 }));
    assert_eq!(run(&fixture, false), "1000 5 620\nagain\n");
}

fn it_echoes_what_is_typed() {
    let fixture = Fixture::shell("read line; echo got $line");
    let running = Running::start(&fixture.plan(), true);
    running.write(b"ahoy\n");
    assert_eq!(running.finish().success(), "ahoy\r\ngot ahoy\r\n");
}
