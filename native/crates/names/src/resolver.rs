use std::collections::HashMap;
use std::net::{TcpListener, UdpSocket};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::forward::Forwarder;
use crate::server::{Server, Shared};
use crate::zones::Zones;
use crate::{Error, Member, Result, View};

/// TCP connections of all containers at the same time.
const MAX_CONNECTIONS: usize = 512;

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
    shared: Arc<Shared>,
    servers: Mutex<HashMap<String, Server>>,
}

impl Resolver {
    /// Must be called inside a tokio runtime (with I/O and time), which the tasks then run on.
    pub fn start(options: Options) -> Result<Self> {
        let runtime = Handle::try_current().map_err(|_| Error::NoRuntime)?;
        let shared = Arc::new(Shared {
            zones: Zones::default(),
            report: Arc::clone(&options.report),
            forwarder: Forwarder::new(options),
            connections: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        });
        Ok(Self {
            runtime,
            shared,
            servers: Mutex::default(),
        })
    }

    /// Says who is on a network, in place of what was said before. The next query is answered by it.
    pub fn set_network(&self, network: &str, members: Vec<Member>) {
        self.shared.zones.set(network, &members);
    }

    pub fn remove_network(&self, network: &str) {
        self.shared.zones.remove(network);
    }

    /// Serves a container on the sockets that `bind_in` made; sockets that it was served on before are closed.
    pub fn serve(
        &self,
        container_id: &str,
        view: View,
        udp: UdpSocket,
        tcp: TcpListener,
    ) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        let server = Server::start(&self.runtime, shared, container_id, view, (udp, tcp))?;
        self.servers().insert(container_id.to_owned(), server);
        Ok(())
    }

    /// Changes what a served container is answered, from its next query on.
    pub fn update_view(&self, container_id: &str, view: View) -> Result<()> {
        let servers = self.servers();
        let server = servers.get(container_id).ok_or_else(|| Error::NotServed {
            container_id: container_id.to_owned(),
        })?;
        server.set_view(view);
        Ok(())
    }

    /// Closes the container's sockets; their ports are free when it returns. Nothing happens when it is not served.
    pub async fn stop(&self, container_id: &str) {
        let server = self.servers().remove(container_id);
        if let Some(server) = server {
            server.stop().await;
        }
    }

    /// Stops every container; all ports are free when it returns.
    pub async fn shutdown(&self) {
        let servers = std::mem::take(&mut *self.servers());
        for server in servers.into_values() {
            server.stop().await;
        }
    }

    fn servers(&self) -> MutexGuard<'_, HashMap<String, Server>> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
