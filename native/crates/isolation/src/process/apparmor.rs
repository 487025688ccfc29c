use std::path::Path;

use longshore_sys::Errno;
use rustix::fs::{CWD, Mode, OFlags};

use crate::error::{Step, StepError};
use crate::spec::SpecError;

const FIELD: &str = "process.apparmorProfile";
/// What every host can give: no profile at all.
const UNCONFINED: &str = "unconfined";
const ENABLED: &str = "/sys/module/apparmor/parameters/enabled";
/// The older of the two is the only one before Linux 5.8.
const FILES: [&str; 2] = ["/proc/self/attr/apparmor/exec", "/proc/self/attr/exec"];

/// Refuses a profile that this host could not enforce.
pub(crate) fn check(profile: Option<&str>) -> Result<(), SpecError> {
    let named = profile.filter(|profile| *profile != UNCONFINED);
    if named.is_none() || is_enabled() {
        return Ok(());
    }
    let reason = "this host has no AppArmor; only \"unconfined\" is possible";
    Err(SpecError::precondition(FIELD, reason))
}

/// The next exec of this process, or of a child forked from now on, comes under the profile.
///
/// Must run while /proc is still the host's: the container's could lead the write elsewhere (CVE-2019-16884).
pub(crate) fn set_on_exec(profile: Option<&str>) -> Result<(), StepError> {
    let Some(profile) = profile else {
        return Ok(());
    };
    if profile == UNCONFINED && !is_enabled() {
        return Ok(());
    }
    let open = |path: &str| {
        let flags = OFlags::WRONLY | OFlags::CLOEXEC;
        rustix::fs::openat(CWD, path, flags, Mode::empty())
    };
    let file = open(FILES[0])
        .or_else(|_| open(FILES[1]))
        .step("apparmor", profile)?;
    match rustix::io::write(&file, format!("exec {profile}").as_bytes()) {
        Ok(_) => Ok(()),
        Err(Errno::NOENT) => {
            let message = format!("{FIELD}: the profile {profile:?} is not loaded on this host");
            Err(StepError::kernel("apparmor", profile, Errno::NOENT)
                .with_message(message)
                .with_hint("Load it with apparmor_parser."))
        }
        Err(errno) => Err(StepError::kernel("apparmor", profile, errno)),
    }
}

fn is_enabled() -> bool {
    let text = std::fs::read_to_string(Path::new(ENABLED)).unwrap_or_default();
    text.starts_with('Y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_profile_needs_apparmor() {
        assert!(check(None).is_ok() && check(Some("unconfined")).is_ok());
        assert_eq!(check(Some("docker-default")).is_ok(), is_enabled());
    }
}
