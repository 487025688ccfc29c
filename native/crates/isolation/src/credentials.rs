//! Users, groups and capabilities of the calling process.

use longshore_sys::Result;
use rustix::thread::CapabilitySet;

/// The capabilities that the calling process could hand on to a child.
pub fn host_bounding_set() -> Result<u64> {
    let mut bounding = 0;
    for number in 0..u64::BITS {
        let capability = CapabilitySet::from_bits_retain(1 << number);
        match rustix::thread::capability_is_in_bounding_set(capability) {
            Ok(true) => bounding |= 1 << number,
            Ok(false) => {}
            // Past the kernel's last capability.
            Err(rustix::io::Errno::INVAL) => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(bounding)
}
