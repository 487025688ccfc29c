use std::fmt;

use oci_spec::runtime::{LinuxBlockIo, LinuxThrottleDevice};

use super::field;
use crate::error::{Error, Result};

/// Weights as the kernel's BFQ scheduler takes them.
const WEIGHTS: std::ops::RangeInclusive<u16> = 10..=1000;

/// Shares and rates of disks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockIo {
    /// Against other containers: 10 to 1,000, 100 being usual.
    pub weight: Option<u16>,
    pub device_weights: Vec<(DeviceNumber, u16)>,
    pub throttles: Vec<Throttle>,
}

/// The most that a container reads from, or writes to, one disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    pub kind: ThrottleKind,
    pub device: DeviceNumber,
    /// Bytes or operations per second; 0 is no limit.
    pub rate: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThrottleKind {
    ReadBytes,
    WriteBytes,
    ReadOperations,
    WriteOperations,
}

impl ThrottleKind {
    pub(crate) fn field(self) -> &'static str {
        match self {
            ThrottleKind::ReadBytes => field::READ_BPS,
            ThrottleKind::WriteBytes => field::WRITE_BPS,
            ThrottleKind::ReadOperations => field::READ_IOPS,
            ThrottleKind::WriteOperations => field::WRITE_IOPS,
        }
    }
}

/// Shown as the kernel's interface files take it, "8:0".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceNumber {
    pub major: u32,
    pub minor: u32,
}

impl fmt::Display for DeviceNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.major, self.minor)
    }
}

impl BlockIo {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == BlockIo::default()
    }

    pub(super) fn from_oci(block_io: &LinuxBlockIo) -> Result<BlockIo> {
        let leaf = block_io.leaf_weight().is_some_and(|weight| weight > 0);
        super::oci::refuse(
            field::BLOCK_IO_LEAF_WEIGHT,
            leaf,
            "the kernel has dropped it",
        )?;
        let mut read = BlockIo {
            weight: weight(field::BLOCK_IO_WEIGHT, block_io.weight())?,
            ..BlockIo::default()
        };
        for device in block_io.weight_device().iter().flatten() {
            let limit = field::BLOCK_IO_WEIGHT_DEVICE;
            let number = device_number(limit, device.major(), device.minor())?;
            if let Some(weight) = weight(limit, device.weight())? {
                read.device_weights.push((number, weight));
            }
        }
        let lists = [
            (ThrottleKind::ReadBytes, block_io.throttle_read_bps_device()),
            (
                ThrottleKind::WriteBytes,
                block_io.throttle_write_bps_device(),
            ),
            (
                ThrottleKind::ReadOperations,
                block_io.throttle_read_iops_device(),
            ),
            (
                ThrottleKind::WriteOperations,
                block_io.throttle_write_iops_device(),
            ),
        ];
        for (kind, list) in lists {
            for device in list.iter().flatten() {
                read.throttles.push(throttle(kind, device)?);
            }
        }
        Ok(read)
    }
}

fn throttle(kind: ThrottleKind, device: &LinuxThrottleDevice) -> Result<Throttle> {
    Ok(Throttle {
        kind,
        device: device_number(kind.field(), device.major(), device.minor())?,
        rate: device.rate(),
    })
}

/// 0 means none.
fn weight(limit: &'static str, weight: Option<u16>) -> Result<Option<u16>> {
    match weight {
        None | Some(0) => Ok(None),
        Some(weight) if WEIGHTS.contains(&weight) => Ok(Some(weight)),
        Some(weight) => Err(Error::Invalid {
            limit,
            reason: format!("{weight} is not between 10 and 1000"),
        }),
    }
}

fn device_number(limit: &'static str, major: i64, minor: i64) -> Result<DeviceNumber> {
    match (u32::try_from(major), u32::try_from(minor)) {
        (Ok(major), Ok(minor)) => Ok(DeviceNumber { major, minor }),
        _ => Err(Error::Invalid {
            limit,
            reason: format!("{major}:{minor} is no device"),
        }),
    }
}
