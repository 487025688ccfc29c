//! Memory, and memory with swap: each bounds the other, so the order and the values that stay matter.

use super::change::{Lifted, LimitChange};
use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::host::Version;
use crate::limits::{Limits, Swap};
use crate::{v1, v2};

const MEMORY: &str = "linux.resources.memory.limit";
const SWAP: &str = "linux.resources.memory.swap";

/// Docker's rules: without a word about swap the total of memory and swap stays, and bounds the new memory limit.
pub(super) fn complete(
    directory: &Directory,
    version: Version,
    change: &LimitChange,
    limits: &mut Limits,
) -> Result<()> {
    let (memory, total) = match version {
        Version::V1 => (v1::memory_limit(directory)?, total_v1(directory)?),
        Version::V2 => (v2::memory_limit(directory)?, total_v2(directory)?),
    };
    match (limits.memory, limits.swap) {
        (None, Swap::Total(_)) => limits.memory = memory,
        (Some(wanted), Swap::Default) => match total {
            Some(total) if wanted > total => {
                let reason = format!(
                    "{wanted} is more than memory and swap together may be, {total}: change both"
                );
                return Err(invalid(MEMORY, reason));
            }
            Some(total) => limits.swap = Swap::Total(total),
            None => limits.swap = Swap::Unlimited,
        },
        _ => {}
    }
    if let Some(wanted) = limits.memory
        && version == Version::V2
        && !change.lifted.contains(&Lifted::Memory)
    {
        // The kernel would kill until the container fits.
        refuse_below_usage(directory, wanted)?;
    }
    Ok(())
}

/// A larger total must be there before the memory limit that needs it.
pub(super) fn make_room_v1(directory: &Directory, limits: &Limits) -> Result<()> {
    let Swap::Total(wanted) = limits.swap else {
        return Ok(());
    };
    match total_v1(directory)? {
        Some(total) if wanted > total => {
            let file = "memory.memsw.limit_in_bytes";
            directory.write_limit(SWAP, file, &wanted.to_string())
        }
        _ => Ok(()),
    }
}

fn refuse_below_usage(directory: &Directory, wanted: u64) -> Result<()> {
    let usage = directory.read_if_present("memory.current")?;
    let usage: u64 = usage.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
    if usage > wanted {
        let reason = format!("the container uses {usage} bytes already");
        return Err(invalid(MEMORY, reason));
    }
    Ok(())
}

/// None when unlimited: then the kernel shows the largest multiple of a page in an i64.
fn total_v1(directory: &Directory) -> Result<Option<u64>> {
    const UNLIMITED: u64 = i64::MAX.cast_unsigned() & !0xffff;
    let text = directory.read_if_present("memory.memsw.limit_in_bytes")?;
    let total = text.and_then(|text| text.trim().parse().ok());
    Ok(total.filter(|total| *total < UNLIMITED))
}

fn total_v2(directory: &Directory) -> Result<Option<u64>> {
    let swap = directory.read_if_present("memory.swap.max")?;
    let swap: Option<u64> = swap.and_then(|text| text.trim().parse().ok());
    let memory = v2::memory_limit(directory)?;
    Ok(memory
        .zip(swap)
        .map(|(memory, swap)| memory.saturating_add(swap)))
}

fn invalid(limit: &'static str, reason: String) -> Error {
    Error::Invalid { limit, reason }
}
