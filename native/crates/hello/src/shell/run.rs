//! Runs what a line asks for.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process;

use rustix::process::{WaitOptions, wait};

use super::parse::{Command, Piece, When, Word, parse};
use crate::{complain, print, tools};

const NOT_EXECUTABLE: u8 = 126;
const NOT_FOUND: u8 = 127;

#[derive(Default)]
pub(super) struct Shell {
    last: u8,
}

pub(super) enum Next {
    Line,
    Exit,
}

impl Shell {
    /// Of the last command.
    pub(super) fn exit_code(&self) -> u8 {
        self.last
    }

    pub(super) fn run_line(&mut self, line: &str) -> Next {
        let commands = match parse(line) {
            Ok(commands) => commands,
            Err(message) => {
                complain("sh", &message);
                self.last = 2;
                return Next::Line;
            }
        };
        for command in &commands {
            let runs = match command.when {
                When::Always => true,
                When::AfterSuccess => self.last == 0,
                When::AfterFailure => self.last != 0,
            };
            if runs && let Next::Exit = self.run(command) {
                return Next::Exit;
            }
        }
        Next::Line
    }

    fn run(&mut self, command: &Command) -> Next {
        let words: Vec<String> = command.words.iter().map(|word| self.expand(word)).collect();
        let Some((name, arguments)) = words.split_first() else {
            return Next::Line;
        };
        self.last = match name.as_str() {
            "exit" => {
                self.last = arguments.first().map_or(self.last, |code| exit_code(code));
                return Next::Exit;
            }
            "cd" => change_folder(arguments),
            "help" => help(),
            "exec" => match arguments.split_first() {
                Some((program, arguments)) => replace(program, arguments),
                None => 0,
            },
            // Ctrl-C must reach the sleeper alone.
            "sleep" => program("/proc/self/exe", name, arguments),
            _ => match tools::find(name) {
                Some(tool) => tools::run(name, tool, arguments),
                None => program(path_of(name), name, arguments),
            },
        };
        Next::Line
    }

    fn expand(&self, word: &Word) -> String {
        let value = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Variable(name) => match name.as_str() {
                "?" => self.last.to_string(),
                "$" => process::id().to_string(),
                name => std::env::var_os(name)
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            },
        };
        word.iter().map(value).collect()
    }
}

/// This program is there under any name, also where no path leads to it.
fn path_of(name: &str) -> &str {
    match name {
        "hello" | "sh" => "/proc/self/exe",
        name => name,
    }
}

fn exit_code(text: &str) -> u8 {
    match text.parse::<i64>() {
        // As shells do: the lower eight bits.
        Ok(code) => (code & 0xff) as u8,
        Err(_) => {
            complain("sh", &format!("exit: {text:?} is not a number"));
            2
        }
    }
}

fn change_folder(arguments: &[String]) -> u8 {
    let home = || std::env::var("HOME").unwrap_or_else(|_| "/".to_owned());
    let to = arguments.first().cloned().unwrap_or_else(home);
    match std::env::set_current_dir(&to) {
        Ok(()) => 0,
        Err(error) => {
            complain("cd", &format!("{to}: {error}"));
            1
        }
    }
}

fn help() -> u8 {
    let own = [
        "cd [FOLDER]         goes to a folder",
        "exec PROGRAM        becomes the program",
        "exit [CODE]         ends the shell",
    ];
    let mut lines: Vec<&str> = tools::descriptions().chain(own).collect();
    lines.sort_unstable();
    lines.push("Anything else is run as a program. Commands are joined by ; && ||, words quoted by ' and \".");
    print(&lines.join("\n"))
}

fn program(path: &str, name: &str, arguments: &[String]) -> u8 {
    let status = process::Command::new(path)
        .arg0(name)
        .args(arguments)
        .status();
    match status {
        Ok(status) => {
            let signal = status.signal().map(|signal| 128 + signal);
            // Both fit: codes and signals have a byte.
            status.code().or(signal).unwrap_or(1) as u8
        }
        Err(error) => not_run(name, &error),
    }
}

/// Only comes back when it fails.
fn replace(name: &str, arguments: &[String]) -> u8 {
    let error = process::Command::new(path_of(name))
        .arg0(name)
        .args(arguments)
        .exec();
    not_run(name, &error)
}

fn not_run(name: &str, error: &io::Error) -> u8 {
    match error.kind() {
        io::ErrorKind::NotFound => {
            complain("sh", &format!("{name}: not found"));
            NOT_FOUND
        }
        _ => {
            complain("sh", &format!("{name}: {error}"));
            NOT_EXECUTABLE
        }
    }
}

/// As PID 1 it inherits the children of all that end.
pub(super) fn reap() {
    while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
}
