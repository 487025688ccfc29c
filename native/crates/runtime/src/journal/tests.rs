use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use super::*;

fn container() -> Id {
    Id::parse(&"ab".repeat(32)).unwrap()
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events");
    (folder, path)
}

fn append(journal: &mut Journal, times: usize) {
    for _ in 0..times {
        journal.append(5, &container(), EventKind::Oom).1.unwrap();
    }
}

#[test]
fn numbers_go_on_after_a_restart() {
    let (_folder, path) = place();
    append(&mut Journal::open(&path).unwrap(), 3);
    let mut journal = Journal::open(&path).unwrap();
    assert_eq!(journal.last_seq(), 3);
    append(&mut journal, 1);
    let seqs: Vec<u64> = journal.after(1, 10).iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [2, 3, 4]);
}

#[test]
fn a_torn_tail_is_cut_and_the_next_event_is_readable() {
    let (_folder, path) = place();
    append(&mut Journal::open(&path).unwrap(), 2);
    OpenOptions::new()
        .append(true)
        .open(&path)
        .unwrap()
        .write_all(b"{\"seq\":3,\"at_")
        .unwrap();
    let mut journal = Journal::open(&path).unwrap();
    append(&mut journal, 1);
    assert_eq!(
        Journal::open(&path).unwrap().after(0, 10),
        journal.after(0, 10)
    );
    assert_eq!(journal.last_seq(), 3);
}

#[test]
fn a_damaged_line_costs_only_itself() {
    let (_folder, path) = place();
    append(&mut Journal::open(&path).unwrap(), 3);
    let text = fs::read_to_string(&path).unwrap();
    let damaged = text.replacen("\"seq\":2", "\"sXq\":2", 1);
    fs::write(&path, damaged).unwrap();
    let seqs: Vec<u64> = Journal::open(&path)
        .unwrap()
        .after(0, 10)
        .iter()
        .map(|event| event.seq)
        .collect();
    assert_eq!(seqs, [1, 3]);
}

#[test]
fn keeps_a_bounded_number_of_events_in_memory_and_on_disk() {
    let (_folder, path) = place();
    let mut journal = Journal::open(&path).unwrap();
    append(&mut journal, 2 * KEPT + 2);
    assert_eq!(journal.first_seq(), KEPT as u64 + 3);
    let lines = fs::read_to_string(&path).unwrap().lines().count();
    assert!(lines <= 2 * KEPT, "{lines}");
    assert_eq!(
        Journal::open(&path).unwrap().last_seq(),
        2 * KEPT as u64 + 2
    );
}

#[test]
fn an_exit_reads_back_as_it_was_written() {
    let (_folder, path) = place();
    let mut journal = Journal::open(&path).unwrap();
    let exit = crate::store::ExitRecord {
        code: 137,
        signal: 9,
        oom_killed: true,
        ..Default::default()
    };
    journal
        .append(9, &container(), EventKind::Exited(exit.clone()))
        .1
        .unwrap();
    let events = Journal::open(&path).unwrap().after(0, 1);
    assert_eq!(events[0].kind, EventKind::Exited(exit));
}
