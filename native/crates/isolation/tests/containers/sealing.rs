//! The agent's own program file: this test program plays the agent.

use std::fs::OpenOptions;
use std::process::{Command, ExitCode};

use crate::Test;

pub(crate) const TESTS: &[Test] = &[
    (
        "the_program_cannot_be_written",
        the_program_cannot_be_written,
    ),
    (
        "a_program_whose_file_is_gone_is_sealed_in_memory",
        sealed_in_memory,
    ),
];

const CHILD: &str = "LONGSHORE_TEST_SEALING";
const OWN_PROGRAM: &str = "/proc/self/exe";

pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Seals itself, and says what happens to who tries to write to it.
pub(crate) fn child() -> ExitCode {
    if std::env::var(CHILD).is_ok_and(|it| it == "remove") {
        // Only the first time; the program that is executed anew has no such file.
        let _ = std::fs::remove_file(std::env::current_exe().unwrap());
    }
    longshore_isolation::seal_self().unwrap();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    println!("{}", arguments.join(" "));
    let before = std::fs::metadata(OWN_PROGRAM).unwrap().len();
    let opened = OpenOptions::new().write(true).open(OWN_PROGRAM);
    println!("{:?}", opened.err().and_then(|error| error.raw_os_error()));
    let truncated = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(OWN_PROGRAM);
    println!("{}", truncated.is_err());
    println!(
        "{}",
        std::fs::metadata(OWN_PROGRAM).unwrap().len() == before && before > 0
    );
    ExitCode::SUCCESS
}

fn run(program: &std::path::Path, mode: &str) -> String {
    let output = Command::new(program)
        .args(["serve", "a b"])
        .env(CHILD, mode)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn the_program_cannot_be_written() {
    let output = run(&std::env::current_exe().unwrap(), "keep");
    assert_eq!(
        output,
        format!("serve a b\n{:?}\ntrue\ntrue\n", Some(libc::EROFS))
    );
}

fn sealed_in_memory() {
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path().join("agent");
    std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    let output = run(&copy, "remove");
    // While it runs the kernel says "text file busy"; afterwards the seals hold.
    let words = output.lines().collect::<Vec<_>>();
    assert_eq!(
        (words[0], words[2], words[3]),
        ("serve a b", "true", "true"),
        "{output}"
    );
    assert!(!copy.exists());
}
