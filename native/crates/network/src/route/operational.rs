use std::thread;
use std::time::{Duration, Instant};

use super::link::LinkRef;
use super::lookup;
use crate::Result;
use longshore_netlink::Socket;

/// The kernel needs less than a second to notice a carrier (LW_DELAY in net/core/link_watch.c). A link without one,
/// as when somebody has taken it down, is no reason to wait longer.
const PATIENCE: Duration = Duration::from_millis(1200);

const PAUSE: Duration = Duration::from_millis(1);

/// Returns once packets pass through the link. The kernel notices a carrier some time after both ends of a link are
/// up; until then what is sent is lost, and the sender asks for the other's link address again only after a second.
pub(crate) fn wait_until_operational(socket: &mut Socket, link: LinkRef<'_>) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = lookup::link(socket, link)?;
        if found.is_none_or(|link| link.is_operational) || Instant::now() > deadline {
            return Ok(());
        }
        thread::sleep(PAUSE);
    }
}
