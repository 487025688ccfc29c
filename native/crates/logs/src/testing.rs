//! What the tests of both ends share.

use std::path::Path;

use crate::{LogReader, Next, Query, Stream};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnedRecord {
    pub(crate) at: i64,
    pub(crate) stream: Stream,
    pub(crate) data: Vec<u8>,
}

/// Everything until the reader ends or has nothing more for now.
pub(crate) fn drain(reader: &mut LogReader) -> Vec<OwnedRecord> {
    let mut records = Vec::new();
    while let Next::Records(batch) = reader.next_batch(4096).unwrap() {
        records.extend(batch.map(|record| OwnedRecord {
            at: record.at_unix_ns,
            stream: record.stream,
            data: record.data.to_vec(),
        }));
    }
    records
}

pub(crate) fn read_all(dir: &Path, query: Query) -> Vec<OwnedRecord> {
    drain(&mut LogReader::open(dir, query).unwrap())
}

pub(crate) fn text(dir: &Path, query: Query) -> String {
    concat(&read_all(dir, query))
}

pub(crate) fn concat(records: &[OwnedRecord]) -> String {
    let bytes: Vec<u8> = records
        .iter()
        .flat_map(|record| record.data.clone())
        .collect();
    String::from_utf8(bytes).unwrap()
}
