use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use longshore_runtime::Failure;
use tokio::net::{UnixListener, UnixStream};
use tokio_stream::Stream;

use crate::arguments::Owner;
use crate::report;

pub(crate) const SOCKET_NAME: &str = "agent.sock";

/// The agent's socket: mode 0600, and only its owner and root are served, whoever got hold of a descriptor.
pub(crate) struct Listener {
    listener: UnixListener,
    owner: Owner,
    path: PathBuf,
}

impl Listener {
    pub(crate) fn bind(run: &Path, owner: Owner) -> Result<Self, Failure> {
        let path = run.join(SOCKET_NAME);
        let bound = make_folder(run, owner).and_then(|()| bind_private(&path, owner));
        let listener = bound.map_err(|error| Failure::io("socket", path.display(), &error))?;
        Ok(Listener {
            listener,
            owner,
            path,
        })
    }

    pub(crate) fn connections(self) -> impl Stream<Item = io::Result<UnixStream>> {
        async_stream::stream! {
            loop {
                match self.listener.accept().await {
                    Ok((connection, _)) if self.may_enter(&connection) => yield Ok(connection),
                    Ok(_) => {}
                    Err(error) => {
                        // Out of descriptors, most likely: those who are served give some back.
                        report::error("socket", format_args!("cannot accept: {error}"));
                        tokio::task::yield_now().await;
                    }
                }
            }
        }
    }

    fn may_enter(&self, connection: &UnixStream) -> bool {
        match connection.peer_cred() {
            Ok(peer) if peer.uid() == 0 || peer.uid() == self.owner.uid => true,
            Ok(peer) => {
                report::error("socket", format_args!("refused uid {}", peer.uid()));
                false
            }
            Err(error) => {
                report::error("socket", format_args!("cannot tell who connects: {error}"));
                false
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Another agent may have made it anew; it holds the lock of its own data folder then.
        let _ = fs::remove_file(&self.path);
    }
}

fn make_folder(run: &Path, owner: Owner) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(run) {
        Ok(()) => chown(run, Some(owner.uid), Some(owner.gid)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = run.parent() {
                fs::create_dir_all(parent)?;
            }
            DirBuilder::new().mode(0o700).create(run)?;
            chown(run, Some(owner.uid), Some(owner.gid))
        }
        Err(error) => Err(error),
    }
}

/// Made under another name first: at its own, the socket is never open to others, and never not listening.
fn bind_private(path: &Path, owner: Owner) -> io::Result<UnixListener> {
    let temporary = path.with_extension("new");
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(&temporary)?;
    fs::set_permissions(&temporary, Permissions::from_mode(0o600))?;
    chown(&temporary, Some(owner.uid), Some(owner.gid))?;
    fs::rename(&temporary, path)?;
    Ok(listener)
}
