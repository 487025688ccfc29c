use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use memchr::memrchr;
use rustix::fs::{Mode, OFlags, fstat, ftruncate, rename, stat, unlink};
use rustix::io::Errno;

use crate::error::{Result, at};
use crate::files::{oldest_age, path_of, path_of_next, scan, sequence_of};
use crate::record::{PREAMBLE_LINE, preamble};

/// The file that the writer appends to.
#[derive(Debug)]
pub(crate) struct CurrentFile {
    pub(crate) file: File,
    pub(crate) sequence: u64,
    pub(crate) size: u64,
    /// It ends in a half-written record.
    pub(crate) torn: bool,
}

/// Opens `container.log` for appending, or begins it; removes files beyond the `max_files` that are kept.
pub(crate) fn open_current(dir: &Path, max_files: u32) -> Result<CurrentFile> {
    if let Some(oldest) = oldest_age(dir)? {
        for age in max_files..=oldest {
            remove(&path_of(dir, age))?;
        }
    }
    let path = path_of(dir, 0);
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    match rustix::fs::open(&path, flags, Mode::empty()) {
        Ok(fd) => {
            let file = File::from(fd);
            match sequence_of(&file) {
                Some(sequence) => repaired(file, sequence, &path),
                // Damaged from its beginning: what it still has is kept as an older file.
                None => replace_newest(dir, newest_sequence(dir)? + 1, max_files),
            }
        }
        Err(Errno::NOENT) => replace_newest(dir, newest_sequence(dir)? + 1, max_files),
        Err(errno) => Err(at("open", &path)(errno)),
    }
}

/// Begins the next file and moves the others up by one. On failure `current` stays in use.
pub(crate) fn rotate(dir: &Path, current: &CurrentFile, max_files: u32) -> Result<CurrentFile> {
    replace_newest(dir, current.sequence + 1, max_files)
}

fn newest_sequence(dir: &Path) -> Result<u64> {
    Ok(scan(dir)?.last().map_or(0, |file| file.sequence))
}

/// Safe to repeat after a failure in any step: only files in the way of the next one move.
fn replace_newest(dir: &Path, sequence: u64, max_files: u32) -> Result<CurrentFile> {
    let free = first_free_age(dir, max_files)?;
    if free == max_files {
        // Before the next file is made: on a full disk this is what makes room for it.
        remove(&path_of(dir, max_files - 1))?;
    }
    let next = prepare(dir, sequence)?;
    for age in (0..free.min(max_files - 1)).rev() {
        let from = path_of(dir, age);
        rename(&from, path_of(dir, age + 1)).map_err(at("rename", &from))?;
    }
    let prepared = path_of_next(dir);
    rename(&prepared, path_of(dir, 0)).map_err(at("rename", &prepared))?;
    Ok(next)
}

/// The lowest age that no file has; `max_files` when each has one.
fn first_free_age(dir: &Path, max_files: u32) -> Result<u32> {
    for age in 0..max_files {
        let path = path_of(dir, age);
        match stat(&path) {
            Ok(_) => {}
            Err(Errno::NOENT) => return Ok(age),
            Err(errno) => return Err(at("examine", &path)(errno)),
        }
    }
    Ok(max_files)
}

/// Makes the next file beside the others, its first line in.
fn prepare(dir: &Path, sequence: u64) -> Result<CurrentFile> {
    let path = path_of_next(dir);
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::TRUNC;
    let mode = Mode::RUSR | Mode::WUSR;
    let fd = rustix::fs::open(&path, flags | OFlags::CLOEXEC | OFlags::NOFOLLOW, mode)
        .map_err(at("make", &path))?;
    let file = File::from(fd);
    let written = rustix::io::write(&file, &preamble(sequence)).map_err(at("write", &path))?;
    if written < PREAMBLE_LINE {
        return Err(at("write", &path)(Errno::NOSPC));
    }
    Ok(CurrentFile {
        file,
        sequence,
        size: PREAMBLE_LINE as u64,
        torn: false,
    })
}

/// Cuts off what follows the last whole line.
fn repaired(file: File, sequence: u64, path: &Path) -> Result<CurrentFile> {
    let size = fstat(&file)
        .map_err(at("examine", path))?
        .st_size
        .cast_unsigned();
    let whole = end_of_last_line(&file, size, path)?;
    if whole < size {
        ftruncate(&file, whole).map_err(at("truncate", path))?;
    }
    Ok(CurrentFile {
        file,
        sequence,
        size: whole,
        torn: false,
    })
}

fn end_of_last_line(file: &File, size: u64, path: &Path) -> Result<u64> {
    let mut block = vec![0; 64 * 1024];
    let mut end = size;
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..(end - start) as usize];
        file.read_exact_at(part, start)
            .map_err(|source| crate::Error {
                step: "read",
                path: path.display().to_string(),
                source,
            })?;
        if let Some(line_feed) = memrchr(b'\n', part) {
            return Ok(start + line_feed as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn remove(path: &Path) -> Result<()> {
    match unlink(path) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(at("remove", path)(errno)),
    }
}
