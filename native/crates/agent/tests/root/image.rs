//! A layer with busybox, made in memory and unpacked the way the engine does it.

use std::fs;
use std::path::{Path, PathBuf};

use longshore_snapshots::{Cancel, ChainId, Digest, Feed, SnapshotStore, UnpackRequest};

const MEDIA_TYPE: &str = "application/vnd.oci.image.layer.v1.tar";
const BLOCK: usize = 512;

/// Commands that the tests use.
const COMMANDS: [&str; 22] = [
    "sh", "true", "false", "cat", "echo", "sleep", "id", "ls", "tail", "env", "pwd", "stty",
    "kill", "hostname", "ip", "wget", "nc", "head", "seq", "md5sum", "mkdir", "touch",
];

pub(crate) fn busybox() -> Option<PathBuf> {
    let candidates = ["/bin/busybox", "/usr/bin/busybox"];
    candidates
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
}

/// Unpacks the image's only layer below `layers`, and answers its ChainID.
pub(crate) fn unpack(layers: &Path) -> ChainId {
    let tar = busybox_tar();
    let digest = Digest::of(&tar);
    let chain_id = ChainId::of(None, &digest);
    let size = tar.len() as u64;
    let request = UnpackRequest::new(chain_id, None, digest, digest, size, MEDIA_TYPE).unwrap();
    let (feed, source) = Feed::pushed();
    let pushing = std::thread::spawn(move || {
        for chunk in tar.chunks(64 * 1024) {
            feed.push(chunk.to_vec(), &Cancel::new()).unwrap();
        }
        feed.complete();
    });
    let store = SnapshotStore::open(layers).unwrap();
    store
        .unpack(&request, source, &Cancel::new(), &|_| {})
        .unwrap();
    pushing.join().unwrap();
    chain_id
}

fn busybox_tar() -> Vec<u8> {
    let program = fs::read(busybox().unwrap()).unwrap();
    let mut tar = Vec::new();
    for folder in ["bin", "etc", "proc", "sys", "dev", "tmp", "home"] {
        add(&mut tar, folder, b'5', 0o755, b"", "");
    }
    add(&mut tar, "bin/busybox", b'0', 0o755, &program, "");
    for command in COMMANDS {
        add(
            &mut tar,
            &format!("bin/{command}"),
            b'2',
            0o777,
            b"",
            "busybox",
        );
    }
    add(&mut tar, "bin/not-executable", b'0', 0o644, b"text", "");
    let users = b"root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000:web:/home:/bin/sh\n";
    add(&mut tar, "etc/passwd", b'0', 0o644, users, "");
    add(
        &mut tar,
        "etc/group",
        b'0',
        0o644,
        b"root:x:0:\nweb:x:1000:\naudio:x:29:\n",
        "",
    );
    tar.resize(tar.len() + 2 * BLOCK, 0);
    tar
}

/// One ustar entry (POSIX.1-1988, `pax(1)`).
pub(crate) fn add(
    tar: &mut Vec<u8>,
    name: &str,
    kind: u8,
    mode: u32,
    content: &[u8],
    target: &str,
) {
    let mut header = [0u8; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, format!("{mode:07o}\0").as_bytes());
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{:011o}\0", content.len()).as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(157, target.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend_from_slice(&header);
    tar.extend_from_slice(content);
    tar.resize(tar.len().div_ceil(BLOCK) * BLOCK, 0);
}
