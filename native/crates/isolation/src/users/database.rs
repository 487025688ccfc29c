use std::io::Read;
use std::os::fd::BorrowedFd;

use longshore_sys::{Errno, rooted};
use rustix::fs::{FileType, Mode, OFlags};

use crate::container::invalid;
use crate::error::{Step, StepError};

/// Larger files are no real passwd or group files (CVE-2024-9676).
const MAX_BYTES: u64 = 1 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UserEntry {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) home: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupEntry {
    pub(super) name: String,
    pub(super) gid: u32,
    pub(super) members: Vec<String>,
}

/// /etc/passwd and /etc/group below a root directory; either may be missing.
#[derive(Debug)]
pub(super) struct Database<'root> {
    root: BorrowedFd<'root>,
}

impl<'root> Database<'root> {
    pub(super) fn new(root: BorrowedFd<'root>) -> Database<'root> {
        Database { root }
    }

    /// The first entry that fits.
    pub(super) fn user(
        &self,
        fits: impl Fn(&UserEntry) -> bool,
    ) -> Result<Option<UserEntry>, StepError> {
        let text = read(self.root, "/etc/passwd")?;
        Ok(lines(&text).filter_map(user_entry).find(fits))
    }

    pub(super) fn groups(&self) -> Result<Vec<GroupEntry>, StepError> {
        let text = read(self.root, "/etc/group")?;
        Ok(lines(&text).filter_map(group_entry).collect())
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// name:password:uid:gid:comment:home:shell
fn user_entry(line: &str) -> Option<UserEntry> {
    let fields: Vec<&str> = line.split(':').collect();
    Some(UserEntry {
        name: (*fields.first()?).to_owned(),
        uid: fields.get(2)?.parse().ok()?,
        gid: fields.get(3)?.parse().ok()?,
        home: fields.get(5).copied().unwrap_or_default().to_owned(),
    })
}

/// name:password:gid:member,member
fn group_entry(line: &str) -> Option<GroupEntry> {
    let fields: Vec<&str> = line.split(':').collect();
    let members = fields.get(3).copied().unwrap_or_default();
    Some(GroupEntry {
        name: (*fields.first()?).to_owned(),
        gid: fields.get(2)?.parse().ok()?,
        members: members
            .split(',')
            .map(|member| member.trim().to_owned())
            .collect(),
    })
}

fn read(root: BorrowedFd<'_>, path: &str) -> Result<String, StepError> {
    // Looked at before it is opened: opening a device can already do something.
    match rooted::open_in_root(root, path, OFlags::PATH, Mode::empty()) {
        Ok(place) => require_regular(&place, path)?,
        Err(Errno::NOENT | Errno::NOTDIR) => return Ok(String::new()),
        Err(errno) => return Err(StepError::kernel("user", path, errno)),
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = rooted::open_in_root(root, path, flags, Mode::empty()).step("user", path)?;
    require_regular(&file, path)?;
    let mut bytes = Vec::new();
    let read = std::fs::File::from(file)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes);
    read.map_err(|error| {
        StepError::kernel(
            "user",
            path,
            Errno::from_io_error(&error).unwrap_or(Errno::IO),
        )
    })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(invalid(
            "user",
            path,
            &format!("{path} of the image is larger than 1 MiB"),
        ));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn require_regular(file: impl std::os::fd::AsFd, path: &str) -> Result<(), StepError> {
    let status = rustix::fs::fstat(file).step("user", path)?;
    if FileType::from_raw_mode(status.st_mode).is_file() {
        return Ok(());
    }
    Err(invalid(
        "user",
        path,
        &format!("{path} of the image is no regular file"),
    ))
}
