//! Lines from stdin.

use rustix::io::Errno;

const MAX_LINE: usize = 64 * 1024;

pub(super) enum Line {
    /// Without its line feed.
    Text(String),
    /// Ctrl-C: what was typed counts no more.
    Interrupted,
    TooLong,
    End,
}

/// Reads byte by byte: what follows the line may be meant for the command on it.
#[derive(Default)]
pub(super) struct Input {
    line: Vec<u8>,
}

impl Input {
    pub(super) fn line(&mut self) -> Line {
        self.line.clear();
        loop {
            let mut byte = [0u8];
            match rustix::io::read(rustix::stdio::stdin(), &mut byte) {
                Ok(0) if self.line.is_empty() => return Line::End,
                Ok(0) => return self.text(),
                Ok(_) if byte == *b"\n" => return self.text(),
                Ok(_) => self.line.push(byte[0]),
                Err(Errno::INTR) => return Line::Interrupted,
                // A terminal that is gone.
                Err(_) => return Line::End,
            }
            if self.line.len() > MAX_LINE + 1 {
                // The rest of it is read, and dropped.
                self.line.truncate(MAX_LINE + 1);
            }
        }
    }

    fn text(&self) -> Line {
        match self.line.len() > MAX_LINE {
            true => Line::TooLong,
            false => Line::Text(String::from_utf8_lossy(&self.line).into_owned()),
        }
    }
}
