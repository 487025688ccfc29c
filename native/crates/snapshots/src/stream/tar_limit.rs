//! How long the tar stream of one layer may become.

use std::path::Path;

use rustix::fs::statvfs;

use crate::error::{Result, SnapshotError};
use crate::limits::UnpackLimits;

/// The reserve is never more than this part of the disk.
const RESERVE_FRACTION: u64 = 100;

/// The bound of one stream, and what set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TarLimit {
    /// No real image is so large.
    Fixed(u64),
    /// What the disk has left, less the reserve.
    Disk(u64),
}

impl TarLimit {
    /// For a stream that is unpacked in `folder` now: a layer that cannot fit is told so before the disk is full.
    pub(crate) fn of(folder: &Path, limits: &UnpackLimits) -> Result<Self> {
        let stat = statvfs(folder).map_err(SnapshotError::system(
            "statvfs",
            folder.display().to_string(),
        ))?;
        let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
        Ok(Self::on_disk(
            bytes(stat.f_blocks),
            bytes(stat.f_bavail),
            limits,
        ))
    }

    fn on_disk(total: u64, free: u64, limits: &UnpackLimits) -> Self {
        let reserve = limits.disk_reserve.min(total / RESERVE_FRACTION);
        let room = free.saturating_sub(reserve);
        if room < limits.tar_bytes {
            Self::Disk(room)
        } else {
            Self::Fixed(limits.tar_bytes)
        }
    }

    /// Fails when so many bytes are too many.
    pub(crate) fn check(self, bytes: u64) -> Result<()> {
        match self {
            Self::Fixed(allowed) if bytes > allowed => Err(SnapshotError::Quota {
                allowed,
                unit: "bytes",
            }),
            Self::Disk(room) if bytes > room => Err(SnapshotError::NoRoom { room }),
            Self::Fixed(_) | Self::Disk(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn a_large_disk_keeps_64_mib_and_a_small_one_a_hundredth() {
        let limits = UnpackLimits::default();
        let large = TarLimit::on_disk(100 << 30, 300 * MIB, &limits);
        assert_eq!(large, TarLimit::Disk(236 * MIB));
        let small = TarLimit::on_disk(400 * MIB, 300 * MIB, &limits);
        assert_eq!(small, TarLimit::Disk(296 * MIB));
        let full = TarLimit::on_disk(100 << 30, 10 * MIB, &limits);
        assert_eq!(full, TarLimit::Disk(0));
    }

    #[test]
    fn what_the_disk_refuses_is_no_space_and_what_the_bound_refuses_is_a_quota() {
        let disk = TarLimit::Disk(10).check(11).unwrap_err();
        assert_eq!((disk.step(), disk.errno()), ("space", 28));
        let bound = TarLimit::Fixed(10).check(11).unwrap_err();
        assert_eq!((bound.step(), bound.errno()), ("quota", 0));
        assert!(TarLimit::Disk(10).check(10).is_ok() && TarLimit::Fixed(10).check(10).is_ok());
    }
}
