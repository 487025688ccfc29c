//! The program of the `hello` starter image. The image needs nothing but the agent's static binary, which is this
//! program when it is called by one of its names: a greeting, a small shell, a small web page, and something
//! that stays until it is told to end.
//!
//! It may be PID 1 of a container, for which the kernel drops every signal without a handler; so everything that
//! stays waits for signals itself.

mod arguments;
mod greeting;
mod log;
mod serve;
mod shell;
mod signals;
mod stay;
mod tools;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
hello                                greets
hello shell                          a small shell
hello serve [--port 8080]            a small web page
hello wait                           stays until a signal
hello sleep SECONDS                  stays so long
hello log [--every 1s] [--count N]   writes a line now and then";

/// Runs as the starter program when `argv` calls for it: by the name of the program (`hello`, `sh`, `ls`, ...), or
/// by the first argument `hello`. `None`: the caller is meant.
pub fn dispatch(argv: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut argv = argv
        .into_iter()
        .map(|argument| argument.to_string_lossy().into_owned());
    let program = argv.next()?;
    let arguments: Vec<String> = argv.collect();
    let name = Path::new(&program).file_name()?.to_str()?.to_owned();
    // A login shell's name begins with a dash.
    let code = match name.trim_start_matches('-') {
        "hello" => hello(&arguments),
        "sh" => shell::main(&arguments),
        tool if tools::is_program(tool) => tools::main(tool, &arguments)?,
        _ if arguments.first().is_some_and(|first| first == "hello") => hello(&arguments[1..]),
        _ => return None,
    };
    Some(ExitCode::from(code))
}

fn hello(arguments: &[String]) -> u8 {
    let (command, rest) = match arguments.split_first() {
        None => return greeting::main(),
        Some((command, rest)) => (command.as_str(), rest),
    };
    let done = match command {
        "shell" | "sh" => Ok(shell::main(rest)),
        "serve" => serve::main(rest),
        "wait" => stay::wait(rest),
        "sleep" => stay::sleep(rest),
        "log" => log::main(rest),
        "help" | "--help" | "-h" => {
            return print(USAGE);
        }
        _ => Err(format!("there is no command {command:?}\n{USAGE}")),
    };
    done.unwrap_or_else(|message| {
        complain("hello", &message);
        2
    })
}

/// Writes a line to stdout; 1 when nobody can read it.
fn print(text: &str) -> u8 {
    let mut out = io::stdout().lock();
    u8::from(writeln!(out, "{text}").and_then(|()| out.flush()).is_err())
}

fn complain(who: &str, message: &str) {
    // Without stderr there is nobody to tell.
    let _ = writeln!(io::stderr(), "{who}: {message}");
}
