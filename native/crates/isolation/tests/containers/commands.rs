//! The command: how it is found, and what its end is told as.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use longshore_isolation::ErrorClass;
use longshore_sys::pidfd::Exit;
use serde_json::json;

use crate::Test;
use crate::fixture::Fixture;

pub(crate) const TESTS: &[Test] = &[
    (
        "exit_codes_and_signals_arrive",
        exit_codes_and_signals_arrive,
    ),
    (
        "a_bare_name_is_looked_up_in_path",
        a_bare_name_is_looked_up_in_path,
    ),
    ("a_missing_command_is_127", a_missing_command_is_127),
    (
        "a_command_that_cannot_run_is_126",
        a_command_that_cannot_run_is_126,
    ),
    ("the_environment_is_clean", the_environment_is_clean),
];

fn exit_codes_and_signals_arrive() {
    assert_eq!(Fixture::shell("exit 42").run().exit, Exit::Code(42));
    // PID 1 cannot kill itself, its child can be killed.
    let outcome = Fixture::shell("sh -c 'kill -9 $$'; exit $?").run();
    assert_eq!(outcome.exit, Exit::Code(137));
    let outcome = Fixture::command(&["/bin/busybox", "false"]).run();
    assert_eq!(outcome.exit, Exit::Code(1));
}

fn a_bare_name_is_looked_up_in_path() {
    let fixture = Fixture::command(&["tool"]);
    // The first is no program, the second cannot be run: both are passed over.
    for (directory, mode) in [("one", 0o644), ("two", 0o755)] {
        fs::create_dir(fixture.image(directory)).unwrap();
        let tool = fixture.image(directory).join("tool");
        fs::write(&tool, format!("#!/bin/sh\necho {directory}\n")).unwrap();
        fs::set_permissions(&tool, fs::Permissions::from_mode(mode)).unwrap();
    }
    let fixture = fixture.set("/process/env", json!(["PATH=/none:/one:/two"]));
    assert_eq!(fixture.run().success(), "two\n");

    let without_path = Fixture::command(&["echo", "found"]).set("/process/env", json!([]));
    assert_eq!(without_path.run().success(), "found\n");
}

fn a_missing_command_is_127() {
    let error = Fixture::command(&["no-such-tool"]).run().refusal();
    assert_eq!((error.exit_code, error.class), (127, ErrorClass::NotFound));
    assert_eq!(
        error.message,
        r#""no-such-tool": executable file not found in $PATH"#
    );

    let error = Fixture::command(&["/no/such/tool"]).run().refusal();
    assert_eq!((error.exit_code, error.errno), (127, libc::ENOENT));
    assert_eq!(
        error.message,
        r#""/no/such/tool": no such file or directory"#
    );
}

fn a_command_that_cannot_run_is_126() {
    let cases = [
        ("/plain", 0o644, "#!/bin/sh\n", "permission denied", 126),
        (
            "/no-interpreter",
            0o755,
            "#!/bin/none\n",
            "no such file or directory",
            127,
        ),
        ("/nonsense", 0o755, "nonsense", "exec format error", 126),
    ];
    for (path, mode, content, words, code) in cases {
        let fixture = Fixture::command(&[path]);
        let file = fixture.image(path.trim_start_matches('/'));
        fs::write(&file, content).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let error = fixture.run().refusal();
        assert_eq!(error.exit_code, code, "{error}");
        assert!(
            error.message.contains(words) && !error.hint.is_empty(),
            "{error:?}"
        );
    }
    let error = Fixture::command(&["/etc"]).run().refusal();
    assert_eq!(
        (error.exit_code, error.message.as_str()),
        (126, r#""/etc": is a directory"#)
    );
}

fn the_environment_is_clean() {
    let env = json!(["PATH=/bin", "A=1", "A=2", "LEAKED"]);
    let output = Fixture::command(&["env"])
        .set("/process/env", env)
        .run()
        .success();
    let mut lines: Vec<&str> = output.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["A=2", "HOME=/root", "PATH=/bin"]);
}
