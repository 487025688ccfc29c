use std::os::fd::OwnedFd;
use std::rc::Rc;

use longshore_logs::LogWriter;

use super::attachment::{Attachment, Input};
use super::output::{Output, Read};
use super::stdin::Stdin;
use crate::clock::now_unix_ns;
use crate::link::{TerminalSize, ToAttachment};
use crate::wire::MAX_BODY;

/// The standard streams of a container's init: from its pipes or terminal to the log and to everyone attached,
/// and back from them to its stdin.
pub(super) struct Streams {
    pub(super) outputs: Vec<Output>,
    pub(super) stdin: Stdin,
    pub(super) attachments: Vec<Attachment>,
    pub(super) terminal: Option<Rc<OwnedFd>>,
    /// Close stdin when the first attachment that was writing to it ends.
    pub(super) stdin_once: bool,
    pub(super) log: Option<LogWriter>,
    buffer: Vec<u8>,
}

impl Streams {
    pub(super) fn new(outputs: Vec<Output>, stdin: Stdin, log: Option<LogWriter>) -> Self {
        Streams {
            outputs,
            stdin,
            attachments: Vec::new(),
            terminal: None,
            stdin_once: false,
            log,
            buffer: vec![0; MAX_BODY],
        }
    }

    /// Someone reads too slowly: read no further output until they have caught up.
    pub(super) fn is_held_up(&self) -> bool {
        self.attachments.iter().any(Attachment::is_waiting)
    }

    /// One chunk from one output. False when there was none.
    pub(super) fn pump(&mut self, index: usize) -> bool {
        let Some(output) = self.outputs.get_mut(index) else {
            return false;
        };
        let length = match output.read(&mut self.buffer) {
            Read::Bytes(length) => length,
            Read::Empty | Read::End => return false,
        };
        let stream = output.stream;
        let bytes = &self.buffer[..length];
        if let Some(log) = &mut self.log {
            log.write(stream.in_log(), now_unix_ns(), bytes);
        }
        for attachment in self
            .attachments
            .iter_mut()
            .filter(|one| one.wants(stream.tag()))
        {
            attachment.push(stream.tag(), bytes);
        }
        true
    }

    /// After init's exit: everything that it wrote is in the pipes by now. What a process outside of the container
    /// may still write does not count, so an empty pipe is the end. The pipes' size bounds what is kept.
    pub(super) fn drain(&mut self) {
        for index in 0..self.outputs.len() {
            while self.pump(index) {}
        }
        self.outputs.clear();
        self.stdin.drop_target();
        if let Some(log) = &mut self.log {
            log.flush(now_unix_ns());
        }
    }

    /// What an attachment's socket brought.
    pub(super) fn receive(&mut self, index: usize) {
        let Some(attachment) = self.attachments.get_mut(index) else {
            return;
        };
        let wrote = attachment.writes();
        match attachment.receive() {
            Some(Input::Stdin(bytes)) => self.stdin.write(bytes),
            Some(Input::Resize(size)) => self.resize(size),
            Some(Input::WriterEnded | Input::Gone) if wrote => self.writer_ended(),
            Some(Input::WriterEnded | Input::Gone) | None => {}
        }
    }

    fn writer_ended(&mut self) {
        if self.stdin_once {
            self.stdin.close();
        }
    }

    pub(super) fn resize(&self, size: TerminalSize) {
        if let Some(terminal) = &self.terminal {
            // A terminal whose container has just exited has no size to change.
            let _ = set_terminal_size(terminal, size);
        }
    }

    /// Forgets those who are gone.
    pub(super) fn sweep(&mut self) {
        self.attachments.retain(|attachment| !attachment.is_gone());
    }

    /// The last packet for everyone.
    pub(super) fn tell_exit(&mut self, code: i32, signal: i32) {
        for attachment in &mut self.attachments {
            attachment.tell(&ToAttachment::Exited { code, signal });
        }
    }
}

pub fn set_terminal_size(terminal: &OwnedFd, size: TerminalSize) -> rustix::io::Result<()> {
    let size = rustix::termios::Winsize {
        ws_col: size.columns,
        ws_row: size.rows,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(terminal, size)
}
