use super::*;
use crate::error::{Result, SnapshotError};

#[path = "../../tests/support/tar_builder.rs"]
#[allow(dead_code)]
mod tar_builder;
use tar_builder::{Header, Tar};

/// All members with their data.
fn members(archive: &[u8]) -> Result<Vec<(Entry, Vec<u8>)>> {
    let mut tar = TarReader::new(archive);
    let mut members = Vec::new();
    while let Some(entry) = tar.next_entry()? {
        let mut data = Vec::new();
        loop {
            let piece = tar.data()?;
            let count = piece.len();
            data.extend_from_slice(piece);
            if count == 0 {
                break;
            }
            tar.consume(count);
        }
        members.push((entry, data));
    }
    Ok(members)
}

fn only(archive: Tar) -> (Entry, Vec<u8>) {
    let mut members = members(&archive.finish()).unwrap();
    assert_eq!(members.len(), 1);
    members.remove(0)
}

#[test]
fn reads_members_with_their_data_whatever_follows() {
    let archive = Tar::new()
        .file("a", b"1")
        .file("b", &[7; 1000])
        .directory("d/")
        .file("c", b"");
    let members = members(&archive.finish()).unwrap();
    let names: Vec<_> = members
        .iter()
        .map(|(entry, _)| entry.name.clone())
        .collect();
    assert_eq!(names, [&b"a"[..], b"b", b"d/", b"c"]);
    assert_eq!(members[0].1, b"1");
    assert_eq!(members[1].1, [7; 1000]);
    assert_eq!(members[2].0.kind, EntryKind::Directory);
}

#[test]
fn unread_data_is_skipped() {
    let archive = Tar::new().file("a", &[1; 70_000]).file("b", b"").finish();
    let mut tar = TarReader::new(&archive[..]);
    tar.next_entry().unwrap();
    tar.data().unwrap();
    tar.consume(3);
    assert_eq!(tar.next_entry().unwrap().unwrap().name, b"b");
}

#[test]
fn joins_the_ustar_prefix_but_not_what_gnu_keeps_there() {
    let header = Header::new(b'0', "name").field(345, b"some/prefix");
    assert_eq!(
        only(Tar::new().entry(header.clone(), b"")).0.name,
        b"some/prefix/name"
    );
    let gnu = header.field(257, b"ustar  \0");
    assert_eq!(only(Tar::new().entry(gnu, b"")).0.name, b"name");
}

#[test]
fn long_names_of_both_kinds_overrule_the_header() {
    let long = "d/".repeat(300) + "x";
    let pax = Tar::new()
        .pax(&[("path", long.as_bytes())])
        .file("short", b"");
    assert_eq!(only(pax).0.name, long.as_bytes());
    let gnu = Tar::new()
        .gnu_long(b'K', b"target")
        .gnu_long(b'L', long.as_bytes());
    let (entry, _) = only(gnu.symlink("short", "cut"));
    assert_eq!(entry.name, long.as_bytes());
    assert_eq!(
        entry.kind,
        EntryKind::Symlink {
            target: b"target".to_vec()
        }
    );
}

#[test]
fn a_preface_speaks_about_one_member_only() {
    let archive = Tar::new()
        .pax(&[("path", b"long")])
        .file("a", b"")
        .file("b", b"")
        .finish();
    let members = members(&archive).unwrap();
    assert_eq!(members[0].0.name, b"long");
    assert_eq!(members[1].0.name, b"b");
}

#[test]
fn pax_numbers_overrule_the_header() {
    let records: &[(&str, &[u8])] = &[
        ("uid", b"3000000000"),
        ("gid", b"5"),
        ("size", b"3"),
        ("mtime", b"-1.5"),
    ];
    let header = Header::new(b'0', "a").size(0);
    let (entry, data) = only(Tar::new().pax(records).entry(header, b"abc"));
    assert_eq!((entry.uid, entry.gid, entry.size), (3_000_000_000, 5, 3));
    assert_eq!(
        entry.mtime,
        Timestamp {
            seconds: -2,
            nanoseconds: 500_000_000
        }
    );
    assert_eq!(data, b"abc");
}

#[test]
fn global_headers_are_passed_over() {
    let archive = Tar::new()
        .entry(Header::new(b'g', "g").size(3), b"any")
        .file("a", b"");
    assert_eq!(only(archive).0.name, b"a");
}

#[test]
fn only_files_have_data() {
    // As in Go's reader: a size on anything else means nothing.
    let archive = Tar::new()
        .entry(Header::new(b'1', "l").link("a").size(5), b"")
        .file("b", b"");
    assert_eq!(members(&archive.finish()).unwrap().len(), 2);
}

#[test]
fn an_archive_may_end_without_its_zero_blocks() {
    let archive = Tar::new().file("a", b"1");
    assert_eq!(members(&archive.clone().unfinished()).unwrap().len(), 1);
    assert_eq!(
        members(&archive.clone().raw(&[0; 512]).unfinished())
            .unwrap()
            .len(),
        1
    );
    let mut unpadded = archive.unfinished();
    unpadded.truncate(513);
    assert_eq!(members(&unpadded).unwrap().len(), 1);
    assert_eq!(members(b"").unwrap().len(), 0);
}

#[test]
fn reads_gnu_sparse_maps_that_continue() {
    let pair = |offset: u64| format!("{offset:011o}\0{:011o}\0", 1).into_bytes();
    let mut header = Header::new(b'S', "s")
        .field(257, b"ustar  \0")
        .size(6)
        .field(482, b"\x01");
    for index in 0..4 {
        header = header.field(386 + 24 * index, &pair(10 * index as u64));
    }
    let header = header.field(483, b"00000000144\0");
    let mut more = [0u8; 512];
    more[..24].copy_from_slice(&pair(40));
    more[24..48].copy_from_slice(&pair(50));
    let archive = Tar::new()
        .raw(&header.finish())
        .raw(&more)
        .raw(b"abcdef")
        .raw(&[0; 506]);
    let (entry, data) = only(archive);
    let EntryKind::File {
        sparse: Some(segments),
    } = entry.kind
    else {
        panic!("{:?} is not sparse", entry.kind);
    };
    assert_eq!(segments.len(), 6);
    assert_eq!(
        segments[5],
        Segment {
            offset: 50,
            length: 1
        }
    );
    assert_eq!((entry.size, data.as_slice()), (100, &b"abcdef"[..]));
}

#[test]
fn reads_all_pax_forms_of_sparse_files() {
    let expected = vec![
        Segment {
            offset: 5,
            length: 2,
        },
        Segment {
            offset: 9,
            length: 1,
        },
    ];
    let v00: &[(&str, &[u8])] = &[
        ("GNU.sparse.size", b"20"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.offset", b"5"),
        ("GNU.sparse.numbytes", b"2"),
        ("GNU.sparse.offset", b"9"),
        ("GNU.sparse.numbytes", b"1"),
    ];
    let v01: &[(&str, &[u8])] = &[
        ("GNU.sparse.size", b"20"),
        ("GNU.sparse.name", b"real"),
        ("GNU.sparse.map", b"5,2,9,1"),
    ];
    let v10: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"real"),
        ("GNU.sparse.realsize", b"20"),
    ];
    let mut with_map = b"2\n5\n2\n9\n1\n".to_vec();
    with_map.resize(512, 0);
    with_map.extend_from_slice(b"abc");
    let forms = [
        (v00, &b"abc"[..], &b"s"[..]),
        (v01, b"abc", b"real"),
        (v10, &with_map, b"real"),
    ];
    for (records, stored, name) in forms {
        let (entry, data) = only(Tar::new().pax(records).file("s", stored));
        assert_eq!(
            entry.kind,
            EntryKind::File {
                sparse: Some(expected.clone())
            }
        );
        assert_eq!((entry.size, entry.name.as_slice()), (20, name));
        assert_eq!(data, b"abc");
    }
}

#[test]
fn refuses_what_is_no_archive() {
    let pax = |records: &[(&str, &[u8])]| Tar::new().pax(records).file("s", b"abc");
    let many_prefaces = (0..20)
        .fold(Tar::new(), |tar, _| tar.gnu_long(b'L', b"n"))
        .file("a", b"");
    let cases = [
        ("checksum", Tar::new().raw(&[b'a'; 512])),
        (
            "cut header",
            Tar::new().raw(&Header::new(b'0', "a").finish()[..100]),
        ),
        (
            "cut data",
            Tar::new()
                .raw(&Header::new(b'0', "a").size(10).finish())
                .raw(b"abc"),
        ),
        (
            "negative size",
            Tar::new().entry(Header::new(b'0', "a").field(124, &[0xff; 12]), b""),
        ),
        (
            "huge size",
            Tar::new().entry(Header::new(b'0', "a").size(u64::MAX >> 1), b""),
        ),
        (
            "size in letters",
            Tar::new().entry(Header::new(b'0', "a").field(124, b"abc"), b""),
        ),
        (
            "unknown type",
            Tar::new().entry(Header::new(b'Q', "a"), b""),
        ),
        (
            "zero block between",
            Tar::new().raw(&[0; 512]).file("a", b""),
        ),
        (
            "huge preface",
            Tar::new().raw(&Header::new(b'x', "x").size(1 << 30).finish()),
        ),
        ("many prefaces", many_prefaces),
        ("pax size", pax(&[("size", b"-3")])),
        (
            "sparse overlap",
            pax(&[("GNU.sparse.size", b"20"), ("GNU.sparse.map", b"5,2,6,1")]),
        ),
        (
            "sparse beyond",
            pax(&[("GNU.sparse.size", b"4"), ("GNU.sparse.map", b"2,3")]),
        ),
        (
            "sparse data",
            pax(&[("GNU.sparse.size", b"90"), ("GNU.sparse.map", b"2,30")]),
        ),
        (
            "sparse odd",
            pax(&[("GNU.sparse.size", b"90"), ("GNU.sparse.map", b"2,3,4")]),
        ),
        (
            "sparse wraps",
            pax(&[
                ("GNU.sparse.size", b"90"),
                ("GNU.sparse.map", b"9223372036854775807,9223372036854775807"),
            ]),
        ),
        (
            "sparse map cut",
            pax(&[("GNU.sparse.major", b"1"), ("GNU.sparse.minor", b"0")]),
        ),
    ];
    for (name, archive) in cases {
        let error = members(&archive.unfinished()).expect_err(name);
        assert!(
            matches!(error, SnapshotError::Archive { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn refuses_entries_out_of_range_by_name() {
    let cases = [
        Header::new(b'0', "bad").owner(u32::MAX.into(), 0),
        Header::new(b'0', "bad").field(108, &[0x80, 0, 0, 1, 0, 0, 0, 0]),
        Header::new(b'3', "bad").device(4096, 0),
        Header::new(b'4', "bad").device(0, 1 << 20),
    ];
    for header in cases {
        let error = members(&Tar::new().entry(header, b"").finish()).unwrap_err();
        assert_eq!((error.step(), error.path().as_str()), ("entry", "bad"));
    }
}
