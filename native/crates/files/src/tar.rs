//! Writes tar archives: ustar, with PAX headers for what ustar cannot say (POSIX.1-2017 `pax`).

mod header;
mod pax;

use std::io::{self, Read, Write};

use longshore_snapshots::archive::Xattr;

use header::Header;
use pax::Records;

/// The unit of a tar archive: headers take one, data is padded to it.
const BLOCK: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemberKind {
    File,
    Directory,
    Symlink,
    Hardlink,
    Fifo,
    CharDevice,
    BlockDevice,
}

/// One entry, without its data.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Of a directory it ends with a slash.
    pub(crate) name: Vec<u8>,
    pub(crate) kind: MemberKind,
    /// The lower 12 bits of st_mode.
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// Seconds since 1970.
    pub(crate) mtime: i64,
    /// Bytes of a file.
    pub(crate) size: u64,
    /// Of a link.
    pub(crate) target: Vec<u8>,
    pub(crate) device: (u32, u32),
    pub(crate) xattrs: Vec<Xattr>,
}

/// A piece of a file that has data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

pub(crate) struct TarWriter<W> {
    output: W,
}

impl<W: Write> TarWriter<W> {
    pub(crate) fn new(output: W) -> Self {
        TarWriter { output }
    }

    /// An entry without data.
    pub(crate) fn member(&mut self, member: &Member) -> io::Result<()> {
        self.headers(member, Records::of(member), 0)
    }

    /// A file whose data `content` gives. What it has more is left out, what it has less is zeros: the file may change
    /// while it is read.
    pub(crate) fn file(&mut self, member: &Member, content: &mut impl Read) -> io::Result<()> {
        self.headers(member, Records::of(member), member.size)?;
        self.data(content, member.size)?;
        self.pad(member.size)
    }

    /// A file with holes, in GNU tar's sparse format 1.0: a map of decimal lines before the data.
    pub(crate) fn sparse_file<R: Read>(
        &mut self,
        member: &Member,
        segments: &[Segment],
        mut content: impl FnMut(Segment) -> io::Result<R>,
    ) -> io::Result<()> {
        let mut map = format!("{}\n", segments.len()).into_bytes();
        for segment in segments {
            map.extend(format!("{}\n{}\n", segment.offset, segment.length).bytes());
        }
        map.resize(map.len().next_multiple_of(BLOCK), 0);
        let data: u64 = segments.iter().map(|segment| segment.length).sum();
        let size = map.len() as u64 + data;
        let mut records = Records::of(member);
        records.add_sparse(member);
        self.headers(member, records, size)?;
        self.output.write_all(&map)?;
        for segment in segments {
            self.data(&mut content(*segment)?, segment.length)?;
        }
        self.pad(size)
    }

    /// The two blocks of zeros at the end.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.output.write_all(&[0; 2 * BLOCK])?;
        self.output.flush()
    }

    fn headers(&mut self, member: &Member, mut records: Records, size: u64) -> io::Result<()> {
        let header = Header::of(member, size, &mut records);
        if !records.is_empty() {
            let body = records.encode();
            self.output
                .write_all(&Header::of_pax(member, body.len()).finish())?;
            self.output.write_all(&body)?;
            self.pad(body.len() as u64)?;
        }
        self.output.write_all(&header.finish())
    }

    fn data(&mut self, content: &mut impl Read, size: u64) -> io::Result<()> {
        let mut buffer = vec![0; 64 << 10];
        let mut left = size;
        while left > 0 {
            let most = buffer
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            let count = match content.read(&mut buffer[..most]) {
                // It has been cut: zeros for the rest.
                Ok(0) => {
                    buffer[..most].fill(0);
                    most
                }
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.output.write_all(&buffer[..count])?;
            left -= count as u64;
        }
        Ok(())
    }

    fn pad(&mut self, size: u64) -> io::Result<()> {
        let padding = size.next_multiple_of(BLOCK as u64) - size;
        self.output.write_all(&[0; BLOCK][..padding as usize])
    }
}

#[cfg(test)]
mod tests;
