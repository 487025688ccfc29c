//! A shell of one line at a time: enough to look around inside a container. The terminal edits the line.

mod input;
mod parse;
mod run;

use std::io::{self, IsTerminal, Write};

use crate::complain;
use crate::signals::handle_as_shell;
use crate::tools::host_name;
use input::{Input, Line};
use run::{Next, Shell};

const WELCOME: &str = "A small shell inside a container. \"help\" says what it can do.";

/// `sh`, `sh -c COMMAND`; other options of a shell are passed over, as `sh -l` or `sh -i`.
pub(crate) fn main(arguments: &[String]) -> u8 {
    handle_as_shell();
    let mut arguments = arguments
        .iter()
        .skip_while(|argument| is_other_option(argument));
    match arguments.next().map(String::as_str) {
        None => interactive(),
        Some("-c") => match arguments.next() {
            Some(command) => {
                let mut shell = Shell::default();
                shell.run_line(command);
                shell.exit_code()
            }
            None => refuse("-c needs a command"),
        },
        Some(argument) => refuse(&format!("{argument}: this shell runs no scripts")),
    }
}

fn is_other_option(argument: &str) -> bool {
    argument != "-c" && argument.len() > 1 && argument.starts_with(['-', '+'])
}

fn refuse(message: &str) -> u8 {
    complain("sh", message);
    2
}

fn interactive() -> u8 {
    let terminal = io::stdin().is_terminal();
    if terminal {
        crate::print(WELCOME);
    }
    let mut input = Input::default();
    let mut shell = Shell::default();
    loop {
        if terminal {
            prompt();
        }
        match input.line() {
            Line::Text(line) => {
                if let Next::Exit = shell.run_line(&line) {
                    return shell.exit_code();
                }
            }
            Line::Interrupted => {
                crate::print("");
            }
            Line::TooLong => complain("sh", "the line is too long"),
            Line::End => {
                if terminal {
                    crate::print("");
                }
                return shell.exit_code();
            }
        }
        run::reap();
    }
}

fn prompt() {
    let folder =
        std::env::current_dir().map_or_else(|_| "?".to_owned(), |path| path.display().to_string());
    let mark = if rustix::process::geteuid().is_root() {
        '#'
    } else {
        '$'
    };
    let mut out = io::stdout().lock();
    // The next read tells when nobody is there any more.
    let _ = write!(out, "{}:{folder}{mark} ", host_name()).and_then(|()| out.flush());
}
