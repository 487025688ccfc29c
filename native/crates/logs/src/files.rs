//! The files of a log: `container.log` is the newest, `container.log.1` the one before, and so on.
//!
//! A rotation only ever moves a file to the next higher number. A scan that goes from the newest number upward
//! therefore cannot miss a file that moves meanwhile; it may see one twice, and tells by the sequence.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, fstat, stat};
use rustix::io::Errno;

use crate::error::{Result, at};
use crate::record::{PREAMBLE_LINE, sequence};

const NEWEST: &str = "container.log";
/// Where a rotation prepares the next file.
const NEXT: &str = "container.log.next";

/// More files than this are not kept, and not looked for.
pub(crate) const MAX_FILES: u32 = 1000;

/// One file of a log, open for reading.
#[derive(Debug)]
pub(crate) struct LogFile {
    pub(crate) file: File,
    /// 0 when the first line is damaged: then it is read before all others.
    pub(crate) sequence: u64,
}

/// The path of the file that was rotated `age` times.
pub(crate) fn path_of(dir: &Path, age: u32) -> PathBuf {
    if age == 0 {
        dir.join(NEWEST)
    } else {
        dir.join(format!("{NEWEST}.{age}"))
    }
}

pub(crate) fn path_of_next(dir: &Path) -> PathBuf {
    dir.join(NEXT)
}

/// The highest age among the files in `dir`; None when there is no file.
pub(crate) fn oldest_age(dir: &Path) -> Result<Option<u32>> {
    let failed = |source| crate::Error {
        step: "list",
        path: dir.display().to_string(),
        source,
    };
    let mut oldest = None;
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        oldest = oldest.max(name.to_str().and_then(age_of));
    }
    Ok(oldest)
}

fn age_of(name: &str) -> Option<u32> {
    let suffix = name.strip_prefix(NEWEST)?;
    if suffix.is_empty() {
        Some(0)
    } else {
        suffix
            .strip_prefix('.')?
            .parse()
            .ok()
            .filter(|age| *age < MAX_FILES)
    }
}

/// All files of the log, oldest first.
pub(crate) fn scan(dir: &Path) -> Result<Vec<LogFile>> {
    let Some(oldest) = oldest_age(dir)? else {
        return Ok(Vec::new());
    };
    let mut files: Vec<LogFile> = Vec::new();
    // One further than listed: the oldest may move while we look.
    for age in 0..=oldest.saturating_add(1) {
        if let Some(found) = open_for_reading(&path_of(dir, age))?
            && files.iter().all(|file| file.sequence != found.sequence)
        {
            files.push(found);
        }
    }
    files.sort_by_key(|file| file.sequence);
    Ok(files)
}

/// The file that follows `sequence`, if a rotation has made one.
pub(crate) fn successor(dir: &Path, sequence: u64) -> Result<Option<LogFile>> {
    Ok(scan(dir)?.into_iter().find(|file| file.sequence > sequence))
}

/// Whether `file` still is the one that the writer appends to.
pub(crate) fn is_newest(dir: &Path, file: &File) -> Result<bool> {
    let path = path_of(dir, 0);
    let own = fstat(file).map_err(at("examine", &path))?;
    match stat(&path) {
        Ok(newest) => Ok((newest.st_dev, newest.st_ino) == (own.st_dev, own.st_ino)),
        // Between the two renames of a rotation: the new one will be there in a moment.
        Err(Errno::NOENT) => Ok(true),
        Err(errno) => Err(at("examine", &path)(errno)),
    }
}

fn open_for_reading(path: &Path) -> Result<Option<LogFile>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => {
            let file = File::from(fd);
            let sequence = sequence_of(&file).unwrap_or(0);
            Ok(Some(LogFile { file, sequence }))
        }
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(at("open", path)(errno)),
    }
}

/// What the first line tells; None when it is damaged.
pub(crate) fn sequence_of(file: &File) -> Option<u64> {
    let mut line = [0; PREAMBLE_LINE];
    file.read_exact_at(&mut line, 0).ok()?;
    sequence(&line)
}
