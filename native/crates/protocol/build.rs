//! Compiles native/proto with protox, so that no `protoc` needs to be installed.

use std::error::Error;

const PROTO_ROOT: &str = "../../proto";
const FILES: [&str; 10] = [
    "builds",
    "common",
    "files",
    "network",
    "processes",
    "runtime",
    "snapshots",
    "stats",
    "system",
    "volumes",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={PROTO_ROOT}");
    let files = FILES.map(|name| format!("longshore/agent/v1/{name}.proto"));
    let descriptors = protox::compile(files, [PROTO_ROOT])?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
