use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::files::path_of;
use crate::testing::{read_all, text};
use crate::{LogPolicy, LogWriter, Query, Stream};

const SMALL: LogPolicy = LogPolicy {
    max_size: 300,
    max_files: 3,
};

fn writer(dir: &Path, policy: LogPolicy) -> LogWriter {
    LogWriter::open(dir, policy).unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn append_raw(path: &Path, bytes: &[u8]) {
    OpenOptions::new()
        .append(true)
        .open(path)
        .unwrap()
        .write_all(bytes)
        .unwrap();
}

#[test]
fn lines_keep_their_stream_and_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(dir.path(), LogPolicy::default());
    writer.write(Stream::Stdout, 10, b"a\nb\n");
    writer.write(Stream::Stderr, 20, b"c\n");
    let records = read_all(dir.path(), Query::default());
    let expected = [(10, Stream::Stdout, "a\n"), (10, Stream::Stdout, "b\n")];
    let expected = [&expected[..], &[(20, Stream::Stderr, "c\n")]].concat();
    let found: Vec<_> = records
        .iter()
        .map(|record| {
            (
                record.at,
                record.stream,
                str::from_utf8(&record.data).unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn an_unfinished_line_appears_when_the_streams_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(dir.path(), LogPolicy::default());
    writer.write(Stream::Stdout, 1, b"prompt> ");
    assert_eq!(text(dir.path(), Query::default()), "");
    writer.flush(2);
    assert_eq!(text(dir.path(), Query::default()), "prompt> ");
}

#[test]
fn a_file_never_outgrows_its_limit_and_only_so_many_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(dir.path(), SMALL);
    for number in 0..100 {
        writer.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
        for name in names(dir.path()) {
            assert!(dir.path().join(name).metadata().unwrap().len() <= SMALL.max_size);
        }
    }
    assert_eq!(
        names(dir.path()),
        ["container.log", "container.log.1", "container.log.2"]
    );
    let kept = text(dir.path(), Query::default());
    assert!(kept.ends_with("line 98\nline 99\n"), "{kept}");
    let first: usize = kept.lines().next().unwrap()["line ".len()..]
        .parse()
        .unwrap();
    let expected: String = (first..100)
        .map(|number| format!("line {number}\n"))
        .collect();
    assert_eq!(kept, expected);
}

#[test]
fn one_file_is_replaced_when_it_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(
        dir.path(),
        LogPolicy {
            max_size: 100,
            max_files: 1,
        },
    );
    for number in 0..10 {
        writer.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
    }
    assert_eq!(names(dir.path()), ["container.log"]);
    assert!(text(dir.path(), Query::default()).ends_with("line 9\n"));
}

#[test]
fn a_record_larger_than_a_file_may_be_is_written_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(
        dir.path(),
        LogPolicy {
            max_size: 50,
            max_files: 2,
        },
    );
    let long = "x".repeat(200) + "\n";
    writer.write(Stream::Stdout, 1, b"short\n");
    writer.write(Stream::Stdout, 2, long.as_bytes());
    assert_eq!(text(dir.path(), Query::default()), format!("short\n{long}"));
}

#[test]
fn a_writer_goes_on_where_the_last_one_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    writer(dir.path(), SMALL).write(Stream::Stdout, 1, b"before\n");
    append_raw(
        &path_of(dir.path(), 0),
        b"0000000000000002oL0020 half a rec",
    );
    writer(dir.path(), SMALL).write(Stream::Stdout, 3, b"after\n");
    assert_eq!(text(dir.path(), Query::default()), "before\nafter\n");
}

#[test]
fn nuls_that_a_power_cut_left_are_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    writer(dir.path(), LogPolicy::default()).write(Stream::Stdout, 1, b"before\n");
    let size = path_of(dir.path(), 0).metadata().unwrap().len();
    append_raw(&path_of(dir.path(), 0), &[0; 200_000]);
    drop(writer(dir.path(), LogPolicy::default()));
    assert_eq!(path_of(dir.path(), 0).metadata().unwrap().len(), size);
}

#[test]
fn a_file_damaged_from_its_beginning_is_kept_as_an_older_one() {
    let dir = tempfile::tempdir().unwrap();
    writer(dir.path(), SMALL).write(Stream::Stdout, 1, b"before\n");
    let path = path_of(dir.path(), 0);
    let mut bytes = Vec::new();
    File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes[..8].fill(0);
    std::fs::write(&path, bytes).unwrap();
    writer(dir.path(), SMALL).write(Stream::Stdout, 2, b"after\n");
    assert_eq!(text(dir.path(), Query::default()), "before\nafter\n");
    assert_eq!(names(dir.path()), ["container.log", "container.log.1"]);
}

#[test]
fn a_rotation_cut_short_loses_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = writer(dir.path(), SMALL);
    for number in 0..12 {
        first.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
    }
    let before = text(dir.path(), Query::default());
    // Killed between the two renames, the next file ready.
    std::fs::rename(path_of(dir.path(), 1), path_of(dir.path(), 2)).unwrap();
    std::fs::rename(path_of(dir.path(), 0), path_of(dir.path(), 1)).unwrap();
    File::create(dir.path().join("container.log.next")).unwrap();
    writer(dir.path(), SMALL).write(Stream::Stdout, 99, b"after\n");
    assert_eq!(text(dir.path(), Query::default()), before + "after\n");
    assert!(!names(dir.path()).contains(&"container.log.next".to_owned()));
}

#[test]
fn fewer_files_are_kept_once_the_policy_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = writer(
        dir.path(),
        LogPolicy {
            max_files: 5,
            ..SMALL
        },
    );
    for number in 0..100 {
        first.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
    }
    assert_eq!(names(dir.path()).len(), 5);
    drop(writer(
        dir.path(),
        LogPolicy {
            max_files: 2,
            ..SMALL
        },
    ));
    assert_eq!(names(dir.path()), ["container.log", "container.log.1"]);
}

#[test]
fn a_line_of_100_megabytes_passes_in_flat_memory() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(
        dir.path(),
        LogPolicy {
            max_size: 10 << 20,
            max_files: 2,
        },
    );
    let chunk = vec![b'x'; 64 * 1024];
    let before = resident_bytes();
    for _ in 0..1600 {
        writer.write(Stream::Stdout, 1, &chunk);
    }
    writer.write(Stream::Stdout, 2, b"\nend\n");
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 8 << 20, "grew by {grown} bytes");
    let last = read_all(
        dir.path(),
        Query {
            tail: Some(1),
            ..Query::default()
        },
    );
    assert_eq!(last.last().unwrap().data, b"end\n");
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn what_a_full_disk_does_not_take_is_told_later() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = writer(dir.path(), LogPolicy::default());
    writer.write(Stream::Stdout, 1, b"before\n");
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let good = writer.replace_file(full);
    writer.write(Stream::Stdout, 2, b"12345\n678");
    writer.write(Stream::Stdout, 2, b"9\n");
    writer.write(Stream::Stderr, 2, b"x\n");
    writer.replace_file(good);
    writer.write(Stream::Stdout, 3, b"after\n");
    assert_eq!(
        text(
            dir.path(),
            Query {
                stderr: false,
                ..Query::default()
            }
        ),
        "before\n[11 bytes lost: no space left]\nafter\n"
    );
    assert_eq!(
        text(
            dir.path(),
            Query {
                stdout: false,
                ..Query::default()
            }
        ),
        "[2 bytes lost: no space left]\n"
    );
}
