//! Measures the two figures that the log is held to: a million short lines written one call each and in pipe-sized
//! chunks, and 200 MB read back. `cargo run --release --example throughput [folder]`

use std::path::PathBuf;
use std::time::Instant;

use longshore_logs::{LogPolicy, LogReader, LogWriter, Next, Query, Stream};

const LINE: &[u8] = b"2026-01-01 12:00:00 INFO a line of a usual length, some words long\n";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let dir = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = dir.join(format!("longshore-logs-{}", std::process::id()));
    std::fs::create_dir(&dir)?;
    let outcome = measure(&dir);
    std::fs::remove_dir_all(&dir)?;
    outcome
}

fn measure(dir: &std::path::Path) -> Outcome {
    write_lines(dir, 1, "1,000,000 lines, one a call")?;
    let pipe_full = LINE.repeat(64 * 1024 / LINE.len());
    write_chunks(
        dir,
        &pipe_full,
        1_000_000 * LINE.len() / pipe_full.len(),
        "1,000,000 lines, 64 KiB a call",
    )?;
    read_back(dir, "2,000,000 lines")?;
    write_chunks(dir, &pipe_full, (66 << 20) / pipe_full.len(), "to 200 MB")?;
    read_back(dir, "200 MB")
}

fn write_lines(dir: &std::path::Path, lines_a_call: usize, what: &str) -> Outcome {
    write_chunks(
        dir,
        &LINE.repeat(lines_a_call),
        1_000_000 / lines_a_call,
        what,
    )
}

fn write_chunks(dir: &std::path::Path, chunk: &[u8], count: usize, what: &str) -> Outcome {
    let mut writer = LogWriter::open(dir, LogPolicy::default())?;
    let begin = Instant::now();
    for time in 0..count {
        writer.write(Stream::Stdout, time as i64, chunk);
    }
    println!("write {what}: {:.3} s", begin.elapsed().as_secs_f64());
    Ok(())
}

fn read_back(dir: &std::path::Path, what: &str) -> Outcome {
    let begin = Instant::now();
    let mut reader = LogReader::open(dir, Query::default())?;
    let (mut records, mut bytes) = (0_u64, 0_u64);
    while let Next::Records(batch) = reader.next_batch(64 * 1024)? {
        for record in batch {
            records += 1;
            bytes += record.data.len() as u64;
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "read {what}: {seconds:.3} s ({records} records, {} MB)",
        bytes / 1_000_000
    );
    Ok(())
}
