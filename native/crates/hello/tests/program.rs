//! The program as a container runs it. This very test program is it, when it is called by one of its names.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Output, Stdio};

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(code) = longshore_hello::dispatch(std::env::args_os()) {
        return code;
    }
    let test = |name: &str, run: fn()| {
        Trial::test(name, move || {
            run();
            Ok(())
        })
    };
    let is_root = rustix::process::geteuid().is_root();
    let tests = vec![
        test("greets_and_succeeds", greets),
        test("refuses_unknown_commands_with_its_usage", refuses),
        test("is_a_subcommand_as_well", subcommand),
        test("runs_a_command_line_with_its_exit_code", command_line),
        test("runs_lines_from_stdin", lines),
        test("tools_are_programs_too", tools),
        test("says_why_a_program_did_not_run", not_run),
        test("a_signal_ends_what_stays", ends_by_signal),
        test("writes_lines_until_their_count", counts_lines),
        test("serves_its_page_until_a_signal", serves),
        test("survives_hostile_requests", hostile),
        test("root::ends_by_signal_as_process_one", process_one).with_ignored_flag(!is_root),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

/// This program under another name.
fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg0(name).args(arguments).stdin(Stdio::null());
    command
}

fn output(name: &str, arguments: &[&str]) -> (i32, String, String) {
    told(program(name, arguments).output().unwrap())
}

fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn greets() {
    let (code, out, _) = output("/hello", &[]);
    assert_eq!(code, 0);
    assert!(out.starts_with("Hello from Longshore!\n"), "{out}");
}

fn refuses() {
    let (code, out, err) = output("/hello", &["dance"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("\"dance\"") && err.contains("hello serve"),
        "{err}"
    );
    assert_eq!(output("/hello", &["serve", "--port", "x"]).0, 2);
    assert_eq!(output("/hello", &["log", "--every", "soon"]).0, 2);
}

fn subcommand() {
    let (code, out, _) = output(
        "/usr/bin/longshore-agent",
        &["hello", "shell", "-c", "echo in"],
    );
    assert_eq!((code, out.as_str()), (0, "in\n"));
}

fn command_line() {
    let run = |line: &str| output("/bin/sh", &["-c", line]);
    assert_eq!(run("echo a  'b  c'").1, "a b  c\n");
    assert_eq!(run("exit 7").0, 7);
    assert_eq!(run("false").0, 1);
    assert_eq!(run("false || true && echo $?").1, "0\n");
    assert_eq!(run("cd /proc; pwd").1, "/proc\n");
    assert_eq!(run("sh -c 'exit 3'; echo $?").1, "3\n");
    assert_eq!(run("exec sh -c 'exit 4'").0, 4);
    assert_eq!(run("exit 9; echo not this").0, 9);
    assert_eq!(run("echo a | cat").0, 2);
    let (code, out, _) = told(
        program("sh", &["-c", "echo $NAME"])
            .env("NAME", "x y")
            .output()
            .unwrap(),
    );
    assert_eq!((code, out.as_str()), (0, "x y\n"));
}

fn lines() {
    let mut shell = program("-sh", &[])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = shell.stdin.take().unwrap();
    // The command on a line reads what follows it.
    input
        .write_all(b"echo 1\n\n# nothing\nhello shell -c 'exit 5'\necho $?\ncat\nthe rest\n")
        .unwrap();
    drop(input);
    assert_eq!(
        told(shell.wait_with_output().unwrap()),
        (0, "1\n5\nthe rest\n".into(), String::new())
    );
}

fn tools() {
    let executable = std::env::current_exe().unwrap().display().to_string();
    assert_eq!(output("/bin/echo", &["a", "b"]).1, "a b\n");
    assert_eq!(output("/bin/true", &[]).0, 0);
    assert_eq!(output("/bin/false", &[]).0, 1);
    assert_eq!(output("/bin/sleep", &["0"]).0, 0);
    assert_eq!(
        output("/bin/cat", &["/proc/sys/kernel/ostype"]).1,
        "Linux\n"
    );
    assert_eq!(output("/bin/ls", &["-l", &executable]).1.lines().count(), 1);
    assert!(
        output("/bin/ls", &["-a", "/proc/self"])
            .1
            .lines()
            .any(|line| line == "status")
    );
    let (code, _, err) = output("/bin/cat", &["/no/such/file"]);
    assert_eq!(code, 1);
    assert!(err.starts_with("cat: /no/such/file: "), "{err}");
    for line in ["ps", "id", "uptime", "hostname", "ip", "env", "help"] {
        let (code, out, err) = output("sh", &["-c", line]);
        assert!(
            code == 0 && !out.is_empty() && err.is_empty(),
            "{line}: {code} {out} {err}"
        );
    }
}

fn not_run() {
    let (code, _, err) = output("sh", &["-c", "no-such-program"]);
    assert_eq!(
        (code, err.as_str()),
        (127, "sh: no-such-program: not found\n")
    );
    assert_eq!(output("sh", &["-c", "/proc/version"]).0, 126);
}

/// A program that has said its first line.
struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    first: String,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        Self { child, out, first }
    }

    /// Sends SIGTERM; answers the exit code and what it has written since.
    fn end(mut self) -> (i32, String) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap(), rest)
    }
}

fn ends_by_signal() {
    let (code, rest) = Running::start(program("hello", &["wait"])).end();
    assert_eq!((code, rest.as_str()), (0, "SIGTERM: goodbye.\n"));
    let (code, rest) = Running::start(program("hello", &["log", "--every", "1h"])).end();
    assert_eq!(
        (code, rest.as_str()),
        (0, "SIGTERM: goodbye after 1 lines.\n")
    );
    // A shell that waits for its next line.
    let (read, write) = std::io::pipe().unwrap();
    (&write).write_all(b"echo ready\n").unwrap();
    let mut shell = program("sh", &[]);
    shell.stdin(read);
    assert_eq!(Running::start(shell).end().0, 128 + 15);
    drop(write);
}

fn counts_lines() {
    let (code, out, _) = output("hello", &["log", "--every", "1ms", "--count", "3"]);
    assert_eq!(code, 0);
    let lines: Vec<_> = out
        .lines()
        .map(|line| line.split(" from").next().unwrap())
        .collect();
    assert_eq!(lines, ["line 1", "line 2", "line 3"]);
}

fn serve() -> (Running, u16) {
    let site = Running::start(program("hello", &["serve", "--port", "0"]));
    let port = site.first.split(' ').nth(5).unwrap().parse().unwrap();
    (site, port)
}

fn ask(port: u16, request: &[u8]) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    connection.write_all(request).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

fn serves() {
    let (site, port) = serve();
    let page = ask(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(
        page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("<h1>Hello"),
        "{page}"
    );
    assert!(ask(port, b"HEAD / HTTP/1.1\r\n\r\n").ends_with("\r\n\r\n"));
    assert!(ask(port, b"GET /health HTTP/1.1\r\n\r\n").ends_with("\r\n\r\nok\n"));
    assert!(ask(port, b"GET /x HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
    assert!(ask(port, b"POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
    let (code, rest) = site.end();
    assert_eq!(code, 0);
    assert!(
        rest.starts_with("GET / 200\n") && rest.ends_with("SIGTERM: goodbye.\n"),
        "{rest}"
    );
}

fn hostile() {
    let (site, port) = serve();
    assert!(ask(port, b"\x16\x03\x01 nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
    // Connections that say nothing do not keep others out.
    let silent: Vec<_> = (0..20)
        .map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap())
        .collect();
    assert!(ask(port, b"GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200 "));
    // Nor do they keep it from ending.
    assert_eq!(site.end().0, 0);
    drop(silent);
}

fn process_one() {
    for arguments in [
        &["wait"][..],
        &["serve", "--port", "0"],
        &["log", "--every", "1h"],
    ] {
        let mut unshare = Command::new("unshare");
        let executable = std::env::current_exe().unwrap();
        unshare
            .args(["--pid", "--fork", "--kill-child", "--"])
            .arg(executable)
            .arg("hello");
        let mut running = Running::start({
            unshare.args(arguments);
            unshare
        });
        let children = format!("/proc/{0}/task/{0}/children", running.child.id());
        let init = std::fs::read_to_string(children)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let init = rustix::process::Pid::from_raw(init).unwrap();
        rustix::process::kill_process(init, rustix::process::Signal::TERM).unwrap();
        let mut rest = String::new();
        running.out.read_to_string(&mut rest).unwrap();
        assert!(rest.starts_with("SIGTERM: goodbye"), "{rest}");
        assert_eq!(running.child.wait().unwrap().code(), Some(0));
    }
}
