//! Unpacks one layer file into a store and says how long it took: `unpack STORE FILE MEDIA_TYPE DIFF_ID DIGEST`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use longshore_snapshots::{Cancel, ChainId, Digest, Feed, SnapshotStore, UnpackRequest};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, file, media_type, diff_id, digest] = arguments.as_slice() else {
        return Err("usage: unpack STORE FILE MEDIA_TYPE DIFF_ID DIGEST".into());
    };
    let diff_id: Digest = diff_id.parse()?;
    let size = std::fs::metadata(file)?.len();
    let chain_id = ChainId::of(None, &diff_id);
    let request = UnpackRequest::new(chain_id, None, diff_id, digest.parse()?, size, media_type)?;
    let store = SnapshotStore::open(Path::new(store))?;
    let (feed, source) = Feed::from_file(Path::new(file))?;
    feed.available(size);
    feed.complete();
    let begun = Instant::now();
    let unpacked = store.unpack(&request, source, &Cancel::new(), &|_| {})?;
    let seconds = begun.elapsed().as_secs_f64();
    let mebibytes = unpacked.layer.usage_bytes >> 20;
    println!(
        "{} entries, {mebibytes} MiB in {seconds:.2} s",
        unpacked.layer.entries
    );
    Ok(())
}
