//! What the agent says about itself: one line an incident on stderr, for the journal or the engine's log.

use std::fmt;
use std::io::Write;

pub(crate) fn info(part: &str, text: impl fmt::Display) {
    line("info", part, &text);
}

pub(crate) fn error(part: &str, text: impl fmt::Display) {
    line("error", part, &text);
}

fn line(level: &str, part: &str, text: &dyn fmt::Display) {
    // Whole lines, since other processes share the stream. A reader that has gone away is no reason to stop.
    let line = format!("longshore-agent {level} {part}: {text}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}
