//! Walks the members of an archive, merging the headers that belong to one.

use std::io::{self, BufRead};

use super::BLOCK;
use super::entry::{Entry, EntryKind, Segment, Timestamp};
use super::header::{Header, until_nul};
use super::pax::{self, PaxRecords};
use super::sparse;
use crate::error::{Result, SnapshotError, printable};

/// Bytes of one extended header or long name. Go's reader, which builders use, has the same bound.
const MAX_EXTENDED: u64 = 1 << 20;
/// Extended headers and long names before one member.
const MAX_HEADERS: usize = 8;
/// Linux's dev_t as user space passes it: 12 bits and 20 bits.
const MAX_MAJOR: u64 = 0xfff;
const MAX_MINOR: u64 = 0xf_ffff;

/// Reads members one after the other. After `next` the member's data is read with `data` and `consume`;
/// what is left of it is skipped by the following `next`.
pub struct TarReader<R> {
    input: R,
    offset: u64,
    /// Bytes of the current member that have not been consumed.
    pub(super) data_left: u64,
    /// Bytes behind them up to the next header.
    padding: u64,
}

/// Headers that came before a member and speak about it.
#[derive(Default)]
struct Preface {
    pax: Option<PaxRecords>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
}

impl<R: BufRead> TarReader<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            offset: 0,
            data_left: 0,
            padding: 0,
        }
    }

    /// The next member; `None` at the archive's end, or where the input ends between members.
    pub fn next_entry(&mut self) -> Result<Option<Entry>> {
        let mut preface = Preface::default();
        for _ in 0..=MAX_HEADERS {
            self.skip_rest()?;
            let Some(block) = self.header_block()? else {
                return Ok(None);
            };
            let header = Header::parse(&block).map_err(|reason| self.bad(reason))?;
            match header.kind {
                b'x' => preface.pax = Some(self.pax_header(header.size)?),
                b'g' => self.begin_data(header.size)?,
                b'L' => preface.long_name = Some(self.long_name(header.size)?),
                b'K' => preface.long_link = Some(self.long_name(header.size)?),
                _ => return self.member(&block, header, preface).map(Some),
            }
        }
        Err(self.bad("too many extended headers follow each other"))
    }

    /// Some of the current member's data that is still unread; empty at its end.
    pub fn data(&mut self) -> Result<&[u8]> {
        if self.data_left == 0 {
            return Ok(&[]);
        }
        let offset = self.offset;
        let buffer = self.input.fill_buf().map_err(from_stream)?;
        if buffer.is_empty() {
            return Err(SnapshotError::Archive {
                offset,
                reason: "it ends inside a member",
            });
        }
        let wanted = usize::try_from(self.data_left).unwrap_or(usize::MAX);
        Ok(&buffer[..buffer.len().min(wanted)])
    }

    /// Takes `count` bytes of what `data` gave.
    pub fn consume(&mut self, count: usize) {
        self.input.consume(count);
        self.data_left -= count as u64;
        self.offset += count as u64;
    }

    /// Reads what lies behind the archive's end, which a DiffID covers as well.
    pub fn drain(&mut self) -> Result<()> {
        loop {
            let count = self.input.fill_buf().map_err(from_stream)?.len();
            if count == 0 {
                return Ok(());
            }
            self.input.consume(count);
        }
    }

    fn member(&mut self, block: &[u8; BLOCK], header: Header, preface: Preface) -> Result<Entry> {
        let pax = preface.pax.unwrap_or_default();
        let name = pax.path.or(preface.long_name).unwrap_or(header.name);
        let link = pax.link.or(preface.long_link).unwrap_or(header.link);
        let mut entry = Entry {
            kind: EntryKind::Fifo,
            mode: header.mode,
            uid: owner(pax.uid.unwrap_or(header.uid), &name)?,
            gid: owner(pax.gid.unwrap_or(header.gid), &name)?,
            mtime: pax.mtime.unwrap_or(Timestamp {
                seconds: header.mtime,
                nanoseconds: 0,
            }),
            size: 0,
            xattrs: pax.xattrs,
            name,
        };
        let device = || device_numbers(header.major, header.minor, &entry.name);
        entry.kind = match header.kind {
            0 if entry.name.ends_with(b"/") => EntryKind::Directory,
            0 | b'0' | b'7' | b'S' => {
                self.begin_data(pax.size.unwrap_or(header.size))?;
                let map = if header.kind == b'S' {
                    Some(self.old_gnu_map(block)?)
                } else {
                    self.pax_map(&pax.sparse)?
                };
                return self.file(entry, map, pax.sparse.name);
            }
            b'1' => EntryKind::Hardlink { target: link },
            b'2' => EntryKind::Symlink { target: link },
            b'3' => device().map(|(major, minor)| EntryKind::CharDevice { major, minor })?,
            b'4' => device().map(|(major, minor)| EntryKind::BlockDevice { major, minor })?,
            b'5' => EntryKind::Directory,
            b'6' => EntryKind::Fifo,
            _ => return Err(self.bad("a member has an unknown type")),
        };
        Ok(entry)
    }

    /// `map`: the pieces and the real size of a sparse file, whose data follows its map.
    fn file(
        &mut self,
        mut entry: Entry,
        map: Option<(Vec<Segment>, u64)>,
        sparse_name: Option<Vec<u8>>,
    ) -> Result<Entry> {
        entry.size = self.data_left;
        entry.name = sparse_name.unwrap_or(entry.name);
        let sparse = match map {
            None => None,
            Some((segments, real_size)) => {
                sparse::check(&segments, real_size, self.data_left)
                    .map_err(|reason| self.bad(reason))?;
                entry.size = real_size;
                Some(segments)
            }
        };
        entry.kind = EntryKind::File { sparse };
        Ok(entry)
    }

    fn pax_header(&mut self, size: u64) -> Result<PaxRecords> {
        let body = self.extended(size)?;
        pax::parse(&body).map_err(|reason| self.bad(reason))
    }

    fn long_name(&mut self, size: u64) -> Result<Vec<u8>> {
        Ok(until_nul(&self.extended(size)?).to_vec())
    }

    fn extended(&mut self, size: u64) -> Result<Vec<u8>> {
        if size > MAX_EXTENDED {
            return Err(self.bad("an extended header is too large"));
        }
        self.begin_data(size)?;
        let mut body = Vec::new();
        while self.data_left > 0 {
            let data = self.data()?;
            body.extend_from_slice(data);
            let count = data.len();
            self.consume(count);
        }
        Ok(body)
    }

    fn begin_data(&mut self, size: u64) -> Result<()> {
        // Leaves room for the padding and for offsets behind this member.
        if size > i64::MAX as u64 - self.offset {
            return Err(self.bad("a size is invalid"));
        }
        self.data_left = size;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
        Ok(())
    }

    fn skip_rest(&mut self) -> Result<()> {
        // Padding that the input's end cuts off is no loss: some writers leave the last one out.
        let required = self.data_left;
        let mut left = self.data_left + self.padding;
        let mut skipped = 0u64;
        while left > 0 {
            let available = self.input.fill_buf().map_err(from_stream)?.len();
            if available == 0 {
                if skipped < required {
                    return Err(self.bad("it ends inside a member"));
                }
                break;
            }
            let count = available.min(usize::try_from(left).unwrap_or(usize::MAX));
            self.input.consume(count);
            self.offset += count as u64;
            skipped += count as u64;
            left -= count as u64;
        }
        self.data_left = 0;
        self.padding = 0;
        Ok(())
    }

    /// The next header; `None` at the two zero blocks, or one, that end an archive.
    fn header_block(&mut self) -> Result<Option<[u8; BLOCK]>> {
        let Some(block) = self.block()? else {
            return Ok(None);
        };
        if !is_zero(&block) {
            return Ok(Some(block));
        }
        match self.block()? {
            Some(block) if !is_zero(&block) => Err(self.bad("a zero block stands between members")),
            _ => Ok(None),
        }
    }

    /// One whole block; `None` where the input ends.
    pub(super) fn block(&mut self) -> Result<Option<[u8; BLOCK]>> {
        let mut block = [0u8; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let buffer = self.input.fill_buf().map_err(from_stream)?;
            if buffer.is_empty() {
                break;
            }
            let count = buffer.len().min(BLOCK - filled);
            block[filled..filled + count].copy_from_slice(&buffer[..count]);
            self.input.consume(count);
            self.offset += count as u64;
            filled += count;
        }
        match filled {
            0 => Ok(None),
            BLOCK => Ok(Some(block)),
            _ => Err(self.bad("it ends inside a block")),
        }
    }

    pub(super) fn bad(&self, reason: &'static str) -> SnapshotError {
        SnapshotError::Archive {
            offset: self.offset,
            reason,
        }
    }
}

fn owner(id: u64, name: &[u8]) -> Result<u32> {
    // The last one means "unchanged" to chown, and so would leave the entry to root.
    match u32::try_from(id) {
        Ok(id) if id != u32::MAX => Ok(id),
        _ => Err(refused(name, "its owner is out of range")),
    }
}

fn device_numbers(major: u64, minor: u64, name: &[u8]) -> Result<(u32, u32)> {
    if major > MAX_MAJOR || minor > MAX_MINOR {
        return Err(refused(name, "its device number is out of range"));
    }
    Ok((major as u32, minor as u32))
}

fn refused(name: &[u8], reason: &'static str) -> SnapshotError {
    SnapshotError::Entry {
        name: printable(name),
        reason,
    }
}

fn is_zero(block: &[u8; BLOCK]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

fn from_stream(error: io::Error) -> SnapshotError {
    crate::stream::stage_error(error)
}
