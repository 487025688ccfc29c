//! Users, groups and capabilities of the calling process.

use longshore_sys::Errno;
use rustix::process::{Gid, Uid};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::capabilities;
use crate::error::{Step, StepError};
use crate::plan::Capabilities;
use crate::sync::ChildSync;
use crate::users::ResolvedUser;

/// The capabilities that the calling process could hand on to a child.
///
/// # Errors
/// The errno of prctl(2).
pub fn host_bounding_set() -> longshore_sys::Result<u64> {
    let mut bounding = 0;
    for number in 0..u64::BITS {
        match rustix::thread::capability_is_in_bounding_set(set_of(1 << number)) {
            Ok(true) => bounding |= 1 << number,
            Ok(false) => {}
            // Past the kernel's last capability.
            Err(Errno::INVAL) => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(bounding)
}

/// What the process is about to become.
#[derive(Debug)]
pub(crate) struct Credentials<'user> {
    user: &'user ResolvedUser,
    sets: Capabilities,
    /// To be dropped from the bounding set.
    unbound: u64,
}

impl<'user> Credentials<'user> {
    /// Capabilities that the host itself does not have are left out, with a warning.
    pub(crate) fn new(
        user: &'user ResolvedUser,
        wanted: &Capabilities,
        sync: &ChildSync,
    ) -> Result<Credentials<'user>, StepError> {
        let host = host_bounding_set().step("capabilities", "")?;
        let absent = wanted.bounding & !host;
        if absent != 0 {
            let names = capabilities::names(absent).join(", ");
            sync.warn(format!("this host cannot give the container {names}"));
        }
        Ok(Credentials {
            user,
            sets: sets_for(user.uid, wanted, host),
            unbound: host & !wanted.bounding,
        })
    }

    /// In an order in which each step still has the right to be made.
    pub(crate) fn assume(&self) -> Result<(), StepError> {
        for number in 0..u64::BITS {
            if self.unbound & (1 << number) != 0 {
                rustix::thread::remove_capability_from_bounding_set(set_of(1 << number))
                    .step("capabilities", "bounding")?;
            }
        }
        self.assume_user()?;
        let sets = CapabilitySets {
            effective: set_of(self.sets.effective),
            permitted: set_of(self.sets.permitted),
            inheritable: set_of(self.sets.ambient),
        };
        rustix::thread::set_capabilities(None, sets).step("capabilities", "")?;
        for number in 0..u64::BITS {
            if self.sets.ambient & (1 << number) != 0 {
                rustix::thread::configure_capability_in_ambient_set(set_of(1 << number), true)
                    .step("capabilities", "ambient")?;
            }
        }
        Ok(())
    }

    fn assume_user(&self) -> Result<(), StepError> {
        let user = self.user;
        // Else the kernel would take all capabilities from any user but root at the change of the uid.
        rustix::thread::set_keep_capabilities(true).step("capabilities", "keep")?;
        let groups: Vec<Gid> = user.groups.iter().map(|gid| Gid::from_raw(*gid)).collect();
        rustix::thread::set_thread_groups(&groups).step("setgroups", "")?;
        let gid = Gid::from_raw(user.gid);
        rustix::thread::set_thread_res_gid(gid, gid, gid).step("setgid", user.gid)?;
        let uid = Uid::from_raw(user.uid);
        rustix::thread::set_thread_res_uid(uid, uid, uid).step("setuid", user.uid)
    }
}

/// Only root has effective and permitted capabilities of its own; whoever else is to have some gets them as ambient.
fn sets_for(uid: u32, wanted: &Capabilities, host: u64) -> Capabilities {
    let bounding = wanted.bounding & host;
    let ambient = wanted.ambient & bounding;
    let own = if uid == 0 { bounding } else { ambient };
    Capabilities {
        bounding,
        effective: (wanted.effective & own) | ambient,
        permitted: (wanted.permitted & own) | ambient,
        ambient,
    }
}

fn set_of(bits: u64) -> CapabilitySet {
    CapabilitySet::from_bits_retain(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Capabilities = Capabilities {
        bounding: 0b1111,
        effective: 0b0111,
        permitted: 0b0111,
        ambient: 0b0100,
    };

    #[test]
    fn root_gets_what_is_wanted_and_the_host_has() {
        let sets = sets_for(0, &WANTED, 0b1101);
        assert_eq!(
            (sets.bounding, sets.permitted, sets.effective),
            (0b1101, 0b0101, 0b0101)
        );
    }

    #[test]
    fn another_user_keeps_only_the_ambient_ones() {
        let sets = sets_for(1000, &WANTED, 0b1111);
        assert_eq!(
            (sets.permitted, sets.effective, sets.ambient),
            (0b0100, 0b0100, 0b0100)
        );
    }
}
