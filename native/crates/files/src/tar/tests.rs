use longshore_snapshots::archive::{Entry, EntryKind, TarReader};

use super::*;

fn member(name: &str, kind: MemberKind) -> Member {
    Member {
        name: name.into(),
        kind,
        mode: 0o4755,
        uid: 1000,
        gid: 50,
        mtime: 1_700_000_000,
        size: 0,
        target: Vec::new(),
        device: (0, 0),
        xattrs: Vec::new(),
    }
}

/// What the reader makes of it, which is tested on the archives of others.
fn read_back(archive: &[u8]) -> Vec<(Entry, Vec<u8>)> {
    let mut reader = TarReader::new(archive);
    let mut found = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        let mut content = Vec::new();
        loop {
            let data = reader.data().unwrap();
            if data.is_empty() {
                break;
            }
            let count = data.len();
            content.extend_from_slice(data);
            reader.consume(count);
        }
        found.push((entry, content));
    }
    found
}

fn written(write: impl FnOnce(&mut TarWriter<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = TarWriter::new(&mut bytes);
    write(&mut writer);
    writer.finish().unwrap();
    bytes
}

#[test]
fn what_is_written_is_read() {
    let mut file = member("a/b", MemberKind::File);
    file.size = 3;
    file.xattrs = vec![(b"user.k".to_vec(), b"v\0=\n".to_vec())];
    let mut link = member("l", MemberKind::Symlink);
    link.target = b"b".to_vec();
    let archive = written(|tar| {
        tar.member(&member("a/", MemberKind::Directory)).unwrap();
        tar.file(&file, &mut &b"abcdef"[..]).unwrap();
        tar.member(&link).unwrap();
    });
    assert_eq!(archive.len() % BLOCK, 0);
    let found = read_back(&archive);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].0.kind, EntryKind::Directory);
    let (entry, content) = &found[1];
    assert_eq!(
        (entry.name.as_slice(), content.as_slice()),
        (&b"a/b"[..], &b"abc"[..])
    );
    assert_eq!((entry.mode, entry.uid, entry.gid), (0o4755, 1000, 50));
    assert_eq!(entry.mtime.seconds, 1_700_000_000);
    assert_eq!(entry.xattrs, file.xattrs);
    let target = b"b".to_vec();
    assert_eq!(found[2].0.kind, EntryKind::Symlink { target });
}

#[test]
fn what_ustar_cannot_say_is_said_in_records() {
    let mut file = member(&"n".repeat(300), MemberKind::Hardlink);
    file.target = vec![b't'; 200];
    (file.uid, file.gid, file.mtime) = (u32::MAX - 1, 3_000_000, -5);
    let archive = written(|tar| tar.member(&file).unwrap());
    let (entry, _) = &read_back(&archive)[0];
    assert_eq!(entry.name, file.name);
    assert_eq!(
        (entry.uid, entry.gid, entry.mtime.seconds),
        (u32::MAX - 1, 3_000_000, -5)
    );
    let target = file.target;
    assert_eq!(entry.kind, EntryKind::Hardlink { target });
}

#[test]
fn a_file_that_shrinks_is_filled_up() {
    let mut file = member("f", MemberKind::File);
    file.size = 1000;
    let archive = written(|tar| tar.file(&file, &mut &b"ab"[..]).unwrap());
    let content = &read_back(&archive)[0].1;
    assert_eq!(content.len(), 1000);
    assert_eq!(&content[..3], b"ab\0");
}

#[test]
fn holes_stay_holes() {
    let mut file = member("s", MemberKind::File);
    file.size = 1 << 30;
    let segments = [Segment {
        offset: 4096,
        length: 3,
    }];
    let archive = written(|tar| {
        tar.sparse_file(&file, &segments, |_| Ok(&b"xyz"[..]))
            .unwrap();
    });
    assert!(archive.len() < 8192);
    let (entry, content) = &read_back(&archive)[0];
    assert_eq!((entry.name.as_slice(), entry.size), (&b"s"[..], 1 << 30));
    let EntryKind::File {
        sparse: Some(found),
    } = &entry.kind
    else {
        panic!("{:?}", entry.kind)
    };
    assert_eq!((found[0].offset, found[0].length), (4096, 3));
    assert_eq!(content, b"xyz");
}
