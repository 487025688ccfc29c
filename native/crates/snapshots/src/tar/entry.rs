//! One member of an archive, with everything its headers say about it.

/// What an entry makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// Its data follows; `None`: without holes.
    File {
        sparse: Option<Vec<Segment>>,
    },
    Directory,
    Symlink {
        target: Vec<u8>,
    },
    /// `target` is the name of an earlier entry, from the archive's root.
    Hardlink {
        target: Vec<u8>,
    },
    CharDevice {
        major: u32,
        minor: u32,
    },
    BlockDevice {
        major: u32,
        minor: u32,
    },
    Fifo,
}

/// A piece of a sparse file that has data; between the pieces it reads as zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub offset: u64,
    pub length: u64,
}

/// Since 1970; `nanoseconds` is below a thousand million and counts forward also before 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timestamp {
    pub seconds: i64,
    pub nanoseconds: u32,
}

/// The full name of an extended attribute, and its value.
pub type Xattr = (Vec<u8>, Vec<u8>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As written: may be absolute, or hold `.` and `..`. Never holds a NUL.
    pub name: Vec<u8>,
    pub kind: EntryKind,
    /// The lower 12 bits of st_mode.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub mtime: Timestamp,
    /// Bytes of the file when it is read, holes included; 0 for what is not a file.
    pub size: u64,
    /// In the archive's order.
    pub xattrs: Vec<Xattr>,
}
