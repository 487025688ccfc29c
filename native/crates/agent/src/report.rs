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
    // A reader of our stderr that has gone away is no reason to stop.
    let _ = writeln!(std::io::stderr(), "longshore-agent {level} {part}: {text}");
}
