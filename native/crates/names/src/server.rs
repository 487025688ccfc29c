//! The server of one container: its two sockets, and what its questions are answered with.

mod answer;
mod tcp;
mod udp;

use std::net;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::net::{TcpListener, UdpSocket};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::forward::Forwarder;
use crate::zones::Zones;
use crate::{Error, Report, Result, View};

/// Forwarded questions of one container that wait for an answer at the same time.
const MAX_IN_FLIGHT: usize = 128;

/// What all containers share.
pub(crate) struct Shared {
    pub(crate) zones: Zones,
    pub(crate) forwarder: Forwarder,
    pub(crate) connections: Arc<Semaphore>,
    pub(crate) report: Report,
}

/// What the two sockets of a container share.
struct Context {
    container_id: String,
    shared: Arc<Shared>,
    view: RwLock<Arc<View>>,
    in_flight: Arc<Semaphore>,
}

/// Its tasks end with it.
pub(crate) struct Server {
    context: Arc<Context>,
    tasks: [JoinHandle<()>; 2],
}

impl Server {
    pub(crate) fn start(
        runtime: &Handle,
        shared: Arc<Shared>,
        container_id: &str,
        view: View,
        sockets: (net::UdpSocket, net::TcpListener),
    ) -> Result<Self> {
        let context = Arc::new(Context {
            container_id: container_id.to_owned(),
            shared,
            view: RwLock::new(Arc::new(view)),
            in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
        });
        let failed = |source| context.failed("serve the DNS sockets", source);
        let _entered = runtime.enter();
        sockets.0.set_nonblocking(true).map_err(failed)?;
        sockets.1.set_nonblocking(true).map_err(failed)?;
        let udp = UdpSocket::from_std(sockets.0).map_err(failed)?;
        let tcp = TcpListener::from_std(sockets.1).map_err(failed)?;
        let tasks = [
            runtime.spawn(udp::serve(Arc::clone(&context), udp)),
            runtime.spawn(tcp::serve(Arc::clone(&context), tcp)),
        ];
        Ok(Self { context, tasks })
    }

    pub(crate) fn set_view(&self, view: View) {
        let mut current = self
            .context
            .view
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(view);
    }

    /// Returns when the ports are free; connections and questions under way end with them.
    pub(crate) async fn stop(mut self) {
        for task in &mut self.tasks {
            task.abort();
            // It was told to end; how it ended is of no interest.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Context {
    fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn failed(&self, step: &'static str, source: std::io::Error) -> Error {
        Error::Socket {
            step,
            container_id: self.container_id.clone(),
            source,
        }
    }
}
