use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::Event;

/// The journal on disk: appends whole lines, rewrites itself when it has grown too long.
pub(super) struct JournalFile {
    path: PathBuf,
    file: File,
    lines: usize,
}

impl JournalFile {
    pub(super) fn open(path: &Path) -> io::Result<(Self, VecDeque<Event>)> {
        let file = open_append(path)?;
        let (events, whole) = read_events(&file)?;
        if file.metadata()?.len() > whole {
            file.set_len(whole)?;
        }
        let lines = events.len();
        Ok((
            JournalFile {
                path: path.to_owned(),
                file,
                lines,
            },
            events,
        ))
    }

    pub(super) fn append(&mut self, event: &Event) -> io::Result<()> {
        let line = encode(event)?;
        let before = self.file.metadata()?.len();
        let written = self.file.write_all(&line);
        if written.is_err() {
            // A piece of a line would swallow the next one.
            self.file.set_len(before)?;
            return written;
        }
        self.lines += 1;
        Ok(())
    }

    pub(super) fn rewrite(&mut self, events: &VecDeque<Event>) -> io::Result<()> {
        let next = self.path.with_extension("next");
        let mut bytes = Vec::new();
        let mut lines = 0;
        for event in events {
            bytes.extend(encode(event)?);
            lines += 1;
        }
        let mut file = File::create(&next)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&next, &self.path)?;
        self.file = open_append(&self.path)?;
        self.lines = lines;
        Ok(())
    }

    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    pub(super) fn try_clone(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

fn open_append(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
}

fn encode(event: &Event) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    Ok(line)
}

/// All readable events with growing numbers, and the length of the file up to its last whole line.
fn read_events(file: &File) -> io::Result<(VecDeque<Event>, u64)> {
    let mut reader = BufReader::new(file.try_clone()?);
    let mut events = VecDeque::<Event>::new();
    let mut whole = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok((events, whole));
        }
        whole += length as u64;
        let newest = events.back().map_or(0, |event| event.seq);
        match serde_json::from_slice::<Event>(&line) {
            Ok(event) if event.seq > newest => events.push_back(event),
            Ok(_) | Err(_) => {}
        }
    }
}
