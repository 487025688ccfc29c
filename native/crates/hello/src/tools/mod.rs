//! The commands that the shell has itself; some are programs of the image as well.

mod files;
mod network;
mod processes;
mod system;

use std::io::{self, Write};

pub(crate) use system::{host_name, spoken_duration};

/// Writes to `out`; answers the exit code, or what went wrong.
type Tool = fn(arguments: &[String], out: &mut dyn Write) -> io::Result<u8>;

const TOOLS: [(&str, Tool, &str); 13] = [
    ("cat", files::cat, "cat [FILE...]       shows files"),
    ("echo", system::echo, "echo [WORD...]      says the words"),
    ("env", system::env, "env                 the environment"),
    ("false", system::fails, "false               fails"),
    (
        "hostname",
        system::hostname,
        "hostname            this machine's name",
    ),
    ("id", system::id, "id                  which user this is"),
    (
        "ip",
        network::ip,
        "ip                  network interfaces and their addresses",
    ),
    ("ls", files::ls, "ls [-a] [-l] [PATH] files in a folder"),
    ("ps", processes::ps, "ps                  processes"),
    ("pwd", system::pwd, "pwd                 where you are"),
    ("sleep", system::sleep, "sleep SECONDS       waits"),
    ("true", system::succeeds, "true                succeeds"),
    (
        "uptime",
        processes::uptime,
        "uptime              how long this has been running",
    ),
];

pub(crate) fn find(name: &str) -> Option<Tool> {
    TOOLS
        .iter()
        .find(|(known, _, _)| *known == name)
        .map(|(_, tool, _)| *tool)
}

/// One line for each.
pub(crate) fn descriptions() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().map(|(_, _, description)| *description)
}

/// Names that mean this program when it is called by them.
pub(crate) fn is_program(name: &str) -> bool {
    find(name).is_some()
}

/// Runs a tool as a program of its own; `None` when there is none of the name.
pub(crate) fn main(name: &str, arguments: &[String]) -> Option<u8> {
    find(name).map(|tool| run(name, tool, arguments))
}

/// Runs a tool; what goes wrong is said on stderr.
pub(crate) fn run(name: &str, tool: Tool, arguments: &[String]) -> u8 {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = tool(arguments, &mut out).and_then(|code| out.flush().map(|()| code));
    done.unwrap_or_else(|error| {
        // A reader that has had enough is no error to speak of.
        if error.kind() != io::ErrorKind::BrokenPipe {
            crate::complain(name, &error.to_string());
        }
        1
    })
}

/// An error that names what it is about.
fn about(what: &str) -> impl FnOnce(io::Error) -> io::Error {
    let what = what.to_owned();
    move |error| io::Error::new(error.kind(), format!("{what}: {error}"))
}

fn usage(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("usage: {text}"))
}
