use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::Path;

use crate::files::path_of;
use crate::record::preamble;
use crate::testing::{OwnedRecord, concat, drain, read_all, text};
use crate::{LogPolicy, LogReader, LogWriter, Next, Query, Stream};

const ROTATING: LogPolicy = LogPolicy {
    max_size: 4096,
    max_files: 1000,
};

fn tail(lines: u64) -> Query {
    Query {
        tail: Some(lines),
        ..Query::default()
    }
}

fn follow() -> Query {
    Query {
        follow: true,
        ..Query::default()
    }
}

fn write_lines(dir: &Path, policy: LogPolicy, numbers: std::ops::Range<i64>) -> LogWriter {
    let mut writer = LogWriter::open(dir, policy).unwrap();
    for number in numbers {
        writer.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
    }
    writer
}

fn lines(numbers: std::ops::Range<i64>) -> String {
    numbers.map(|number| format!("line {number}\n")).collect()
}

#[test]
fn a_log_without_files_is_empty() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(text(dir.path(), Query::default()), "");
    assert_eq!(text(dir.path(), tail(5)), "");
}

#[test]
fn all_files_are_read_in_order() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), ROTATING, 0..2000);
    assert!(path_of(dir.path(), 10).exists());
    assert_eq!(text(dir.path(), Query::default()), lines(0..2000));
}

#[test]
fn a_tail_of_any_length_is_exact() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), ROTATING, 0..1000);
    for wanted in [0_i64, 1, 2, 99, 100, 101, 102, 999, 1000, 5000] {
        let first = (1000 - wanted).max(0);
        assert_eq!(
            text(dir.path(), tail(wanted.cast_unsigned())),
            lines(first..1000)
        );
    }
}

#[test]
fn a_tail_reads_only_the_end() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), LogPolicy::default(), 0..1);
    let path = path_of(dir.path(), 0);
    // A hole of a terabyte in the middle: reading through it would not end.
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    file.write_all(b"\n").unwrap();
    let mut writer = LogWriter::open(dir.path(), LogPolicy::default()).unwrap();
    writer.write(Stream::Stdout, 5, b"last\n");
    assert_eq!(text(dir.path(), tail(1)), "last\n");
}

#[test]
fn a_tail_counts_lines_not_their_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = LogWriter::open(dir.path(), LogPolicy::default()).unwrap();
    let long = "x".repeat(50_000) + "\n";
    writer.write(Stream::Stdout, 1, b"first\n");
    writer.write(Stream::Stdout, 2, long.as_bytes());
    writer.write(Stream::Stdout, 3, b"last\n");
    assert_eq!(text(dir.path(), tail(2)), format!("{long}last\n"));
}

#[test]
fn a_tail_keeps_lines_whole_when_streams_are_mixed() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = LogWriter::open(dir.path(), LogPolicy::default()).unwrap();
    let long = "e".repeat(40_000);
    writer.write(Stream::Stdout, 1, b"out 1\n");
    writer.write(Stream::Stderr, 2, long.as_bytes());
    writer.write(Stream::Stdout, 3, b"out 2\n");
    writer.write(Stream::Stderr, 4, b"\n");
    let records = read_all(dir.path(), tail(1));
    assert!(records.iter().all(|record| record.stream == Stream::Stderr));
    assert_eq!(concat(&records), long.clone() + "\n");
    let out: Vec<_> = read_all(dir.path(), tail(2))
        .into_iter()
        .filter(|record| record.stream == Stream::Stdout)
        .collect();
    assert_eq!(concat(&out), "out 2\n");
}

#[test]
fn a_tail_counts_only_what_the_query_selects() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = write_lines(dir.path(), LogPolicy::default(), 0..10);
    for number in 10..20 {
        writer.write(Stream::Stderr, number, b"noise\n");
    }
    assert_eq!(
        text(
            dir.path(),
            Query {
                stderr: false,
                ..tail(2)
            }
        ),
        lines(8..10)
    );
    assert_eq!(
        text(
            dir.path(),
            Query {
                until: Some(5),
                ..tail(2)
            }
        ),
        lines(4..6)
    );
    assert_eq!(
        text(
            dir.path(),
            Query {
                since: Some(18),
                ..tail(100)
            }
        ),
        "noise\nnoise\n"
    );
}

#[test]
fn since_and_until_are_inclusive() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), ROTATING, 0..500);
    let query = Query {
        since: Some(120),
        until: Some(130),
        ..Query::default()
    };
    assert_eq!(text(dir.path(), query), lines(120..131));
}

#[test]
fn a_reader_that_does_not_follow_ends_where_the_log_ended_when_it_was_opened() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = write_lines(dir.path(), ROTATING, 0..10);
    let mut reader = LogReader::open(dir.path(), Query::default()).unwrap();
    for number in 10..1000 {
        writer.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
    }
    assert_eq!(concat(&drain(&mut reader)), lines(0..10));
}

#[test]
fn a_batch_stops_once_it_has_enough() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), LogPolicy::default(), 0..10);
    let mut reader = LogReader::open(dir.path(), Query::default()).unwrap();
    let Next::Records(batch) = reader.next_batch(14).unwrap() else {
        panic!("no records")
    };
    assert_eq!(batch.len(), 2);
}

#[test]
fn following_waits_at_the_end_until_told_that_it_is_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = LogReader::open(dir.path(), follow()).unwrap();
    assert!(matches!(reader.next_batch(100).unwrap(), Next::Pending));
    let mut writer = write_lines(dir.path(), ROTATING, 0..3);
    assert_eq!(concat(&drain(&mut reader)), lines(0..3));
    assert!(matches!(reader.next_batch(100).unwrap(), Next::Pending));
    writer.write(Stream::Stdout, 3, b"line 3\n");
    reader.finish();
    assert_eq!(concat(&drain(&mut reader)), lines(3..4));
    assert!(matches!(reader.next_batch(100).unwrap(), Next::End));
}

#[test]
fn following_ends_when_its_time_is_over() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), LogPolicy::default(), 0..3);
    let query = Query {
        until: Some(1),
        ..follow()
    };
    let mut reader = LogReader::open(dir.path(), query).unwrap();
    assert_eq!(concat(&drain(&mut reader)), lines(0..2));
    assert!(matches!(reader.next_batch(100).unwrap(), Next::End));
    let over = Query {
        until: Some(1),
        stdout: false,
        ..follow()
    };
    let mut reader = LogReader::open(dir.path(), over).unwrap();
    let (_never, cancel) = std::io::pipe().map(|(read, write)| (write, read)).unwrap();
    assert!(
        reader.wait(cancel.as_fd()).unwrap(),
        "the deadline makes it readable"
    );
    assert!(matches!(reader.next_batch(100).unwrap(), Next::End));
}

#[test]
fn a_wait_can_be_cancelled() {
    let dir = tempfile::tempdir().unwrap();
    let reader = LogReader::open(dir.path(), follow()).unwrap();
    let (cancel, closed) = std::io::pipe().unwrap();
    drop(closed);
    assert!(!reader.wait(cancel.as_fd()).unwrap());
}

/// Follows as the agent does: reads, waits, reads again.
fn follow_until(mut reader: LogReader, last: &[u8]) -> Vec<OwnedRecord> {
    let (_open, cancel) = std::io::pipe().map(|(read, write)| (write, read)).unwrap();
    let mut records: Vec<OwnedRecord> = Vec::new();
    while records.last().is_none_or(|record| record.data != last) {
        records.extend(drain(&mut reader));
        if records.last().is_none_or(|record| record.data != last) {
            assert!(reader.wait(cancel.as_fd()).unwrap());
        }
    }
    records
}

#[test]
fn a_follower_loses_nothing_while_a_busy_writer_rotates() {
    let dir = tempfile::tempdir().unwrap();
    let reader = LogReader::open(dir.path(), follow()).unwrap();
    let path = dir.path().to_owned();
    let writing = std::thread::spawn(move || {
        let policy = LogPolicy {
            max_size: 2000,
            max_files: 1000,
        };
        write_lines(&path, policy, 0..20_000);
    });
    let records = follow_until(reader, b"line 19999\n");
    writing.join().unwrap();
    assert_eq!(concat(&records), lines(0..20_000));
}

#[test]
fn a_follower_that_is_too_slow_misses_only_what_was_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let policy = LogPolicy {
        max_size: 1000,
        max_files: 3,
    };
    let mut writer = write_lines(dir.path(), policy, 0..5);
    let mut reader = LogReader::open(dir.path(), follow()).unwrap();
    assert_eq!(concat(&drain(&mut reader)), lines(0..5));
    for number in 5..1000 {
        writer.write(
            Stream::Stdout,
            number,
            format!("line {number}\n").as_bytes(),
        );
    }
    reader.finish();
    let rest: Vec<_> = drain(&mut reader).iter().map(|record| record.at).collect();
    let kept = *rest.iter().find(|at| rest.contains(&(**at + 30))).unwrap();
    assert_eq!(*rest.last().unwrap(), 999);
    assert!(rest.is_sorted() && kept > 0);
}

#[test]
fn a_half_written_record_is_read_once_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = path_of(dir.path(), 0);
    std::fs::write(&path, preamble(1)).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap();
    let mut reader = LogReader::open(dir.path(), follow()).unwrap();
    file.write_all(b"0000000000000001oL00").unwrap();
    assert!(matches!(reader.next_batch(100).unwrap(), Next::Pending));
    file.write_all(b"02 ok\n").unwrap();
    assert_eq!(concat(&drain(&mut reader)), "ok\n");
}

#[test]
fn garbage_between_records_costs_only_the_lines_that_it_touches() {
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        let path = path_of(dir.path(), 0);
        let mut writer = write_lines(dir.path(), LogPolicy::default(), 0..0);
        let mut expected = String::new();
        for number in 0..20 {
            let line = format!("line {number} {}\n", "y".repeat(random.usize(..40)));
            writer.write(Stream::Stdout, number, line.as_bytes());
            expected.push_str(&line);
            if random.bool() {
                let mut garbage: Vec<u8> =
                    (0..random.usize(..70_000)).map(|_| random.u8(..)).collect();
                garbage.push(b'\n');
                let mut file = std::fs::OpenOptions::new()
                    .append(true)
                    .open(&path)
                    .unwrap();
                file.write_all(&garbage).unwrap();
            }
        }
        assert_eq!(
            text(dir.path(), Query::default()),
            expected,
            "round {round}"
        );
        assert_eq!(text(dir.path(), tail(1000)), expected, "round {round}");
        let last: String = expected.split_inclusive('\n').skip(15).collect();
        assert_eq!(text(dir.path(), tail(5)), last, "round {round}");
    }
}

#[test]
fn a_damaged_byte_costs_at_most_two_lines() {
    let dir = tempfile::tempdir().unwrap();
    write_lines(dir.path(), LogPolicy::default(), 0..20);
    let path = path_of(dir.path(), 0);
    let intact = std::fs::read(&path).unwrap();
    let expected = lines(0..20);
    for at in 0..intact.len() {
        for value in [0, b'\n', b'0', 0xff] {
            let mut damaged = intact.clone();
            damaged[at] = value;
            std::fs::write(&path, damaged).unwrap();
            let records = read_all(dir.path(), Query::default());
            let whole = records
                .iter()
                .filter(|record| expected.contains(str::from_utf8(&record.data).unwrap_or("?")))
                .count();
            assert!(whole >= 18, "byte {at} set to {value}: {whole} of 20");
        }
    }
}
