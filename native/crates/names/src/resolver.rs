use std::net::{TcpListener, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::{Error, Member, Result, View};

/// Is told what goes wrong outside of any call.
pub type Report = Arc<dyn Fn(&Error) + Send + Sync>;

#[derive(Clone)]
pub struct Options {
    /// The host's resolv.conf, read again when it changes.
    pub resolv_conf: PathBuf,
    pub report: Report,
}

/// Serves names to containers. Usable from many threads; its sockets and tasks end with `shutdown`, or with it.
pub struct Resolver {
    runtime: Handle,
    options: Options,
}

impl Resolver {
    /// Must be called inside a tokio runtime (with I/O and time), which the tasks then run on.
    pub fn start(options: Options) -> Result<Self> {
        let runtime = Handle::try_current().map_err(|_| Error::NoRuntime)?;
        Ok(Self { runtime, options })
    }

    /// Says who is on a network, in place of what was said before. The next query is answered by it.
    pub fn set_network(&self, network: &str, members: Vec<Member>) {}

    pub fn remove_network(&self, network: &str) {}

    /// Serves a container on the sockets that `bind_in` made; sockets that it was served on before are closed.
    pub fn serve(
        &self,
        container_id: &str,
        view: View,
        udp: UdpSocket,
        tcp: TcpListener,
    ) -> Result<()> {
        Ok(())
    }

    /// Changes what a served container is answered, from its next query on.
    pub fn update_view(&self, container_id: &str, view: View) -> Result<()> {
        Ok(())
    }

    /// Closes the container's sockets; returns when they are closed. Nothing happens when it is not served.
    pub async fn stop(&self, container_id: &str) {}

    /// Stops every container; returns when all sockets are closed.
    pub async fn shutdown(&self) {}
}
