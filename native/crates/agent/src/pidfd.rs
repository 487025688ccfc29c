use std::io;
use std::os::fd::AsFd;

use tokio::io::Interest;

use crate::watched::watch;

/// Returns when the process behind the pidfd has exited.
pub(crate) async fn wait_for_exit(process: impl AsFd) -> io::Result<()> {
    let watched = watch(process.as_fd(), Interest::READABLE)?;
    drop(watched.readable().await?);
    Ok(())
}
