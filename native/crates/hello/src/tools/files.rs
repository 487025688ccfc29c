//! Looking at files.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use super::{about, usage};

pub(super) fn cat(arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    if arguments.is_empty() {
        io::copy(&mut io::stdin().lock(), out)?;
        return Ok(0);
    }
    let mut code = 0;
    for name in arguments {
        let copied = match name.as_str() {
            "-" => io::copy(&mut io::stdin().lock(), out).map(drop),
            _ => File::open(name)
                .and_then(|mut file| io::copy(&mut file, out))
                .map(drop),
        };
        match copied {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Err(error),
            Err(error) => {
                // What came before belongs before it.
                out.flush()?;
                crate::complain("cat", &format!("{name}: {error}"));
                code = 1;
            }
            Ok(()) => {}
        }
    }
    Ok(code)
}

pub(super) fn ls(arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    let (mut all, mut long) = (false, false);
    let mut paths = Vec::new();
    for argument in arguments {
        match argument.strip_prefix('-') {
            Some(letters) if !letters.is_empty() => {
                for letter in letters.chars() {
                    match letter {
                        'a' => all = true,
                        'l' => long = true,
                        _ => return Err(usage("ls [-a] [-l] [PATH...]")),
                    }
                }
            }
            _ => paths.push(argument.as_str()),
        }
    }
    if paths.is_empty() {
        paths.push(".");
    }
    for path in &paths {
        if paths.len() > 1 {
            writeln!(out, "{path}:")?;
        }
        for (name, metadata) in entries(path, all).map_err(about(path))? {
            line(out, Path::new(path), &name, &metadata, long)?;
        }
    }
    Ok(0)
}

/// The files in a folder in order, or the file itself.
fn entries(path: &str, all: bool) -> io::Result<Vec<(String, Metadata)>> {
    if !fs::metadata(path)
        .or_else(|_| fs::symlink_metadata(path))?
        .is_dir()
    {
        return Ok(vec![(path.to_owned(), fs::symlink_metadata(path)?)]);
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // One that has just gone is not there.
        if let Ok(metadata) = entry.metadata()
            && (all || !name.starts_with('.'))
        {
            entries.push((name, metadata));
        }
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(entries)
}

fn line(
    out: &mut dyn Write,
    folder: &Path,
    name: &str,
    metadata: &Metadata,
    long: bool,
) -> io::Result<()> {
    if !long {
        return writeln!(out, "{name}");
    }
    let target = match fs::read_link(folder.join(name)) {
        Ok(target) if metadata.is_symlink() => format!(" -> {}", target.display()),
        _ => String::new(),
    };
    let mode = mode(metadata.file_type(), metadata.mode());
    let (uid, gid, size) = (metadata.uid(), metadata.gid(), metadata.size());
    writeln!(out, "{mode} {uid:>5} {gid:>5} {size:>10} {name}{target}")
}

/// As in `ls -l`: the type, then three letters each for owner, group and others.
fn mode(kind: FileType, mode: u32) -> String {
    let kind = match kind {
        kind if kind.is_dir() => 'd',
        kind if kind.is_symlink() => 'l',
        kind if kind.is_char_device() => 'c',
        kind if kind.is_block_device() => 'b',
        kind if kind.is_fifo() => 'p',
        kind if kind.is_socket() => 's',
        _ => '-',
    };
    let mut text = String::from(kind);
    for (shift, special, marks) in [(6, 0o4000, "sS"), (3, 0o2000, "sS"), (0, 0o1000, "tT")] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        let executes = bits & 1 != 0;
        text.push(match mode & special != 0 {
            true if executes => marks.as_bytes()[0].into(),
            true => marks.as_bytes()[1].into(),
            false if executes => 'x',
            false => '-',
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_modes_as_ls_does() {
        let file = fs::metadata("/proc/self/exe").unwrap().file_type();
        let folder = fs::metadata("/").unwrap().file_type();
        assert_eq!(mode(file, 0o4755), "-rwsr-xr-x");
        assert_eq!(mode(file, 0o2640), "-rw-r-S---");
        assert_eq!(mode(folder, 0o1777), "drwxrwxrwt");
        assert_eq!(mode(folder, 0o1700), "drwx-----T");
    }
}
