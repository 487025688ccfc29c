//! Writes tar archives entry by entry, with any lie a header can tell.

/// One header; every field can be set to anything.
#[derive(Clone)]
pub(crate) struct Header {
    block: [u8; 512],
}

impl Header {
    /// A ustar header for root, mode 0644, time 1.
    pub(crate) fn new(kind: u8, name: &str) -> Self {
        let mut header = Self { block: [0; 512] };
        header.block[257..265].copy_from_slice(b"ustar\x0000");
        header.block[156] = kind;
        header
            .field(0, name.as_bytes())
            .mode(0o644)
            .owner(0, 0)
            .size(0)
            .mtime(1)
            .device(0, 0)
    }

    pub(crate) fn field(mut self, at: usize, bytes: &[u8]) -> Self {
        self.block[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn octal(self, at: usize, width: usize, number: u64) -> Self {
        let digits = format!("{number:0width$o}", width = width - 1);
        self.field(at, digits.as_bytes())
    }

    pub(crate) fn mode(self, mode: u32) -> Self {
        self.octal(100, 8, mode.into())
    }

    pub(crate) fn owner(self, uid: u64, gid: u64) -> Self {
        self.number(108, 8, uid).number(116, 8, gid)
    }

    pub(crate) fn size(self, size: u64) -> Self {
        self.number(124, 12, size)
    }

    pub(crate) fn mtime(self, seconds: u64) -> Self {
        self.octal(136, 12, seconds)
    }

    pub(crate) fn link(self, target: &str) -> Self {
        self.field(157, target.as_bytes())
    }

    pub(crate) fn device(self, major: u64, minor: u64) -> Self {
        self.number(329, 8, major).number(337, 8, minor)
    }

    /// Octal if it fits, else base-256.
    pub(crate) fn number(self, at: usize, width: usize, number: u64) -> Self {
        if number < 1 << (3 * (width - 1)) {
            return self.octal(at, width, number);
        }
        let mut field = vec![0u8; width];
        let start = width.saturating_sub(8);
        field[start..].copy_from_slice(&number.to_be_bytes()[8 - (width - start)..]);
        field[0] |= 0x80;
        self.field(at, &field)
    }

    pub(crate) fn finish(mut self) -> [u8; 512] {
        self.block[148..156].fill(b' ');
        let sum: u32 = self.block.iter().map(|byte| u32::from(*byte)).sum();
        self.block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.block
    }
}

/// An archive that grows.
#[derive(Clone, Default)]
pub(crate) struct Tar {
    bytes: Vec<u8>,
}

impl Tar {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// A header as it is, then data padded to a block.
    pub(crate) fn entry(self, header: Header, data: &[u8]) -> Self {
        let padding = vec![0u8; data.len().next_multiple_of(512) - data.len()];
        self.raw(&header.finish()).raw(data).raw(&padding)
    }

    pub(crate) fn file(self, name: &str, data: &[u8]) -> Self {
        self.entry(Header::new(b'0', name).size(data.len() as u64), data)
    }

    pub(crate) fn directory(self, name: &str) -> Self {
        self.entry(Header::new(b'5', name).mode(0o755), b"")
    }

    pub(crate) fn symlink(self, name: &str, target: &str) -> Self {
        self.entry(Header::new(b'2', name).mode(0o777).link(target), b"")
    }

    pub(crate) fn hardlink(self, name: &str, target: &str) -> Self {
        self.entry(Header::new(b'1', name).link(target), b"")
    }

    /// PAX records for the entry that follows.
    pub(crate) fn pax(self, records: &[(&str, &[u8])]) -> Self {
        let body: Vec<u8> = records
            .iter()
            .flat_map(|(key, value)| record(key, value))
            .collect();
        self.entry(
            Header::new(b'x', "PaxHeaders/x").size(body.len() as u64),
            &body,
        )
    }

    /// A GNU long name (`L`) or long link (`K`) for the entry that follows.
    pub(crate) fn gnu_long(self, kind: u8, name: &[u8]) -> Self {
        let body = [name, b"\0"].concat();
        self.entry(
            Header::new(kind, "././@LongLink").size(body.len() as u64),
            &body,
        )
    }

    /// With the two blocks of zeros at the end.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.raw(&[0; 1024]).bytes
    }

    /// As it is.
    pub(crate) fn unfinished(self) -> Vec<u8> {
        self.bytes
    }
}

fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
    let mut length = rest.len() + 1;
    while length != rest.len() + length.to_string().len() {
        length += 1;
    }
    [length.to_string().as_bytes(), &rest].concat()
}
