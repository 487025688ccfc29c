//! One ustar header block.

use super::pax::Records;
use super::{BLOCK, Member, MemberKind};

/// The longest that a ustar field holds; longer ones stand in a PAX record.
const MAX_NAME: usize = 100;
const MAX_ID: u64 = 0o777_7777;
const MAX_SIZE: u64 = 0o777_7777_7777;

pub(super) struct Header([u8; BLOCK]);

impl Header {
    /// What does not fit goes to `records`.
    pub(super) fn of(member: &Member, size: u64, records: &mut Records) -> Self {
        let mut header = Header::empty(type_flag(member.kind));
        // A sparse file's real name is in the records already.
        if member.name.len() > MAX_NAME {
            records.add_path(&member.name);
        }
        header.text(0, &member.name);
        header.octal(100, 8, u64::from(member.mode));
        header.number(108, 8, member.uid.into(), MAX_ID, "uid", records);
        header.number(116, 8, member.gid.into(), MAX_ID, "gid", records);
        header.number(124, 12, size, MAX_SIZE, "size", records);
        match u64::try_from(member.mtime) {
            Ok(mtime) => header.number(136, 12, mtime, MAX_SIZE, "mtime", records),
            Err(_) => {
                header.octal(136, 12, 0);
                records.add("mtime", member.mtime.to_string().as_bytes());
            }
        }
        if member.target.len() > MAX_NAME {
            records.add("linkpath", &member.target);
        }
        header.text(157, &member.target);
        header.octal(329, 8, member.device.0.into());
        header.octal(337, 8, member.device.1.into());
        header
    }

    /// Of the PAX records of `member`.
    pub(super) fn of_pax(member: &Member, size: usize) -> Self {
        let mut header = Header::empty(b'x');
        let name = member.name.strip_suffix(b"/").unwrap_or(&member.name);
        let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name);
        header.text(0, &[b"PaxHeaders.0/", base].concat());
        header.octal(100, 8, 0o644);
        header.octal(108, 8, 0);
        header.octal(116, 8, 0);
        header.octal(124, 12, size as u64);
        header.octal(136, 12, 0);
        header
    }

    fn empty(type_flag: u8) -> Self {
        let mut header = Header([0; BLOCK]);
        header.0[156] = type_flag;
        header.0[257..265].copy_from_slice(b"ustar\x0000");
        header
    }

    pub(super) fn finish(mut self) -> [u8; BLOCK] {
        self.0[148..156].fill(b' ');
        let sum: u64 = self.0.iter().map(|byte| u64::from(*byte)).sum();
        self.octal(148, 7, sum);
        self.0
    }

    /// Cut to the field.
    fn text(&mut self, at: usize, text: &[u8]) {
        let length = text.len().min(MAX_NAME);
        self.0[at..at + length].copy_from_slice(&text[..length]);
    }

    fn number(
        &mut self,
        at: usize,
        width: usize,
        value: u64,
        most: u64,
        key: &str,
        records: &mut Records,
    ) {
        if value > most {
            records.add(key, value.to_string().as_bytes());
        }
        self.octal(at, width, value.min(most));
    }

    fn octal(&mut self, at: usize, width: usize, value: u64) {
        let digits = format!("{value:0digits$o}\0", digits = width - 1);
        self.0[at..at + width].copy_from_slice(&digits.as_bytes()[..width]);
    }
}

fn type_flag(kind: MemberKind) -> u8 {
    match kind {
        MemberKind::File => b'0',
        MemberKind::Hardlink => b'1',
        MemberKind::Symlink => b'2',
        MemberKind::CharDevice => b'3',
        MemberKind::BlockDevice => b'4',
        MemberKind::Directory => b'5',
        MemberKind::Fifo => b'6',
    }
}
