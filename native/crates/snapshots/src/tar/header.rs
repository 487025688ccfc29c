//! The 512 bytes before each member.

use super::{BLOCK, number};

pub(crate) struct Header {
    pub(crate) kind: u8,
    pub(crate) name: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) mode: u32,
    pub(crate) uid: u64,
    pub(crate) gid: u64,
    pub(crate) mtime: i64,
    pub(crate) size: u64,
    pub(crate) major: u64,
    pub(crate) minor: u64,
}

#[derive(PartialEq)]
enum Dialect {
    V7,
    Ustar,
    Star,
    Gnu,
}

impl Header {
    /// Checks the sum first: a block that fails it is no header at all.
    pub(crate) fn parse(block: &[u8; BLOCK]) -> Result<Self, &'static str> {
        if !sum_matches(block) {
            return Err("a header's checksum is wrong");
        }
        let dialect = dialect(block);
        let has_devices = dialect != Dialect::V7;
        let device = |field: &[u8]| match has_devices {
            true => number::parse_unsigned(field).ok_or("a device number is invalid"),
            false => Ok(0),
        };
        Ok(Self {
            kind: block[156],
            name: full_name(block, &dialect),
            link: until_nul(&block[157..257]).to_vec(),
            // Some writers leave type bits in; only the permission bits mean anything here.
            mode: (number::parse(&block[100..108]).ok_or("a mode is invalid")? & 0o7777) as u32,
            uid: number::parse_unsigned(&block[108..116]).ok_or("a uid is invalid")?,
            gid: number::parse_unsigned(&block[116..124]).ok_or("a gid is invalid")?,
            size: number::parse_unsigned(&block[124..136]).ok_or("a size is invalid")?,
            mtime: number::parse(&block[136..148]).ok_or("a time is invalid")?,
            major: device(&block[329..337])?,
            minor: device(&block[337..345])?,
        })
    }
}

fn dialect(block: &[u8; BLOCK]) -> Dialect {
    match &block[257..265] {
        b"ustar  \0" => Dialect::Gnu,
        magic if magic.starts_with(b"ustar\0") => match &block[508..512] {
            b"tar\0" => Dialect::Star,
            _ => Dialect::Ustar,
        },
        _ => Dialect::V7,
    }
}

fn full_name(block: &[u8; BLOCK], dialect: &Dialect) -> Vec<u8> {
    let name = until_nul(&block[..100]);
    let prefix = match dialect {
        Dialect::Ustar => until_nul(&block[345..500]),
        Dialect::Star => until_nul(&block[345..476]),
        Dialect::V7 | Dialect::Gnu => &[],
    };
    if prefix.is_empty() {
        return name.to_vec();
    }
    [prefix, b"/", name].concat()
}

/// The sum of all bytes, the checksum's own field counted as spaces. Old writers summed signed bytes.
fn sum_matches(block: &[u8; BLOCK]) -> bool {
    let Some(written) = number::parse(&block[148..156]) else {
        return false;
    };
    let rest = block[..148].iter().chain(&block[156..]);
    let unsigned: i64 = rest.clone().map(|byte| i64::from(*byte)).sum();
    let signed: i64 = rest.map(|byte| i64::from(*byte as i8)).sum();
    let field = 8 * i64::from(b' ');
    written == unsigned + field || written == signed + field
}

pub(crate) fn until_nul(field: &[u8]) -> &[u8] {
    let end = field
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(field.len());
    &field[..end]
}
