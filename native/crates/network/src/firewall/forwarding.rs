//! Forwarding of one family, without making a router of a machine that was none.
//!
//! Answers from outside arrive on whatever interface leads there, so forwarding is switched on as a whole
//! (net.ipv4.ip_forward, net.ipv6.conf.all.forwarding), as Docker does. Docker then sets the FORWARD policy to DROP. Here the guard does that work:
//! interfaces that were there before, and physical ones that come later, start no new forwarded connection unless it
//! was rewritten to a forwarded port. Virtual links that others bring later (bridges, VPNs) are theirs to guard.
//!
//! All instances of the machine share both, and the kernel holds the truth: where the guard stands, one of us switched
//! forwarding on, and an instance needs it as long as its bridge stands. So whichever goes last switches it off, whether
//! or not it is the one that switched it on.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use super::switch::Switch;
use super::{Firewall, guard};
use crate::instance::{is_default_bridge, is_made};
use crate::route::{self, Link};
use crate::state::{StateFile, boot_id};
use crate::{Error, IpFamily, Result};
use longshore_netlink::Socket;

/// Held by the instance that looks at or changes forwarding and guard. Only root makes files in this folder.
const LOCK: &str = "/run/longshore-forwarding.lock";

/// A copy of what the guard knows, to put it back when another program flushes all rules; void after a reboot.
#[derive(Debug, Serialize, Deserialize)]
struct GuardCopy {
    boot_id: String,
    guarded: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct Forwarding {
    family: IpFamily,
    copy: StateFile,
}

impl Forwarding {
    pub(crate) fn new(family: IpFamily, state_dir: &Path) -> Self {
        let name = match family {
            IpFamily::V4 => "forwarding.json",
            IpFamily::V6 => "forwarding6.json",
        };
        Self {
            family,
            copy: StateFile::new(state_dir, name),
        }
    }

    /// Switches forwarding on behind the guard, or puts the guard back where it was lost. The instance's bridge must
    /// stand already: it keeps other instances from switching forwarding off. `own` are the instance's bridges.
    pub(crate) fn ensure(
        &self,
        firewall: &mut Firewall,
        socket: &mut Socket,
        own: &[String],
    ) -> Result<()> {
        let _lock = lock()?;
        let switch = Switch::of(self.family);
        if !switch.is_on()? {
            let mut guarded = foreign(&route::links(socket)?);
            guarded.retain(|link| !own.contains(link));
            self.keep(&guarded)?;
            guard::put_up(firewall, self.family, &guarded)?;
            return switch.turn_on();
        }
        match (guard::guarded(firewall, self.family)?, self.kept()?) {
            (Some(standing), Some(kept)) if standing == kept => Ok(()),
            (Some(standing), _) => self.keep(&standing),
            (None, Some(kept)) => guard::put_up(firewall, self.family, &kept),
            (None, None) => Ok(()),
        }
    }

    /// Switches forwarding off again if one of us switched it on, no other instance's bridge stands, and no link that
    /// came later may need it. With such a link both forwarding and guard stay until the next boot. The instance's own
    /// bridge must be gone.
    pub(crate) fn restore(&self, firewall: &mut Firewall, socket: &mut Socket) -> Result<()> {
        let _lock = lock()?;
        let standing = guard::guarded(firewall, self.family)?;
        let Some(guarded) = standing.map_or_else(|| self.kept(), |it| Ok(Some(it)))? else {
            return self.copy.remove();
        };
        let links = route::links(socket)?;
        if links.iter().any(|link| is_default_bridge(&link.name)) {
            return self.copy.remove();
        }
        let is_later = |link: &Link| link.kind.is_some() && !guarded.contains(&link.name);
        if links
            .iter()
            .any(|link| is_later(link) && !is_made(&link.name))
        {
            return Ok(());
        }
        Switch::of(self.family).turn_off()?;
        guard::take_down(firewall, self.family)?;
        self.copy.remove()
    }

    fn keep(&self, guarded: &BTreeSet<String>) -> Result<()> {
        self.copy.write(&GuardCopy {
            boot_id: boot_id()?,
            guarded: guarded.clone(),
        })
    }

    fn kept(&self) -> Result<Option<BTreeSet<String>>> {
        let copy: Option<GuardCopy> = self.copy.read()?;
        let boot_id = boot_id()?;
        let valid = copy.filter(|copy| copy.boot_id == boot_id);
        Ok(valid.map(|copy| copy.guarded))
    }
}

fn foreign(links: &[Link]) -> BTreeSet<String> {
    let names = links.iter().map(|link| link.name.as_str());
    let foreign = names.filter(|name| *name != "lo" && !is_default_bridge(name) && !is_made(name));
    foreign.map(str::to_owned).collect()
}

/// Until the value is dropped; the kernel releases it too when the process dies.
fn lock() -> Result<File> {
    let failed = |source| Error::File {
        step: "lock",
        path: LOCK.into(),
        source,
    };
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    let file = options.custom_flags(libc::O_NOFOLLOW).open(LOCK);
    let file = file.map_err(failed)?;
    flock(&file, FlockOperation::LockExclusive).map_err(|errno| failed(errno.into()))?;
    Ok(file)
}
