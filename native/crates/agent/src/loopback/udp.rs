use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use longshore_network::{NetworkHost, OriginalPorts, Protocol};
use tokio::net::UdpSocket;
use tokio::task::block_in_place;
use tokio::time::timeout;

use crate::report;

/// Those who would be one more are not heard.
const MAX_CLIENTS: usize = 1024;

/// Less than the kernel remembers a flow without an answer (nf_conntrack_udp_timeout, 30 s): it is the kernel that leads
/// answers back to the port that the client called.
const IDLE: Duration = Duration::from_secs(25);

/// The longest datagram over IPv6 without jumbograms.
const LONGEST: usize = 65_535;

/// Those who have been heard of lately, by their address.
type Clients = Arc<Mutex<HashMap<SocketAddr, Arc<Client>>>>;

struct Client {
    /// To the container.
    far: UdpSocket,
    heard: Mutex<Instant>,
}

struct Proxy {
    near: Arc<UdpSocket>,
    own: SocketAddr,
    networks: Arc<NetworkHost>,
    ports: OriginalPorts,
    clients: Clients,
}

pub(super) async fn serve(near: UdpSocket, networks: Arc<NetworkHost>) {
    let opened = near.local_addr().and_then(|own| {
        let ports = OriginalPorts::open().map_err(io::Error::other)?;
        Ok((own, ports))
    });
    match opened {
        Ok((own, ports)) => {
            let proxy = Proxy {
                near: Arc::new(near),
                own,
                networks,
                ports,
                clients: Clients::default(),
            };
            proxy.run().await;
        }
        Err(error) => report::error("loopback", format_args!("no UDP on ::1: {error}")),
    }
}

impl Proxy {
    async fn run(mut self) {
        let mut buffer = vec![0; LONGEST];
        loop {
            // What the socket reports is an answer that could not be delivered: a client that has gone.
            let Ok((length, from)) = self.near.recv_from(&mut buffer).await else {
                continue;
            };
            let known = lock(&self.clients).get(&from).cloned();
            let client = match known {
                Some(client) => client,
                None => match self.welcome(from).await {
                    Ok(Some(client)) => client,
                    Ok(None) => continue,
                    Err(error) => {
                        report::error("loopback", format_args!("{from}: {error}"));
                        continue;
                    }
                },
            };
            *lock(&client.heard) = Instant::now();
            // A datagram may be lost anywhere.
            let _ = client.far.send(&buffer[..length]).await;
        }
    }

    /// `None` for one who called on this socket itself, or on a port that has just gone.
    async fn welcome(&mut self, from: SocketAddr) -> io::Result<Option<Arc<Client>>> {
        if lock(&self.clients).len() >= MAX_CLIENTS {
            return Ok(None);
        }
        let target = block_in_place(|| {
            let port = self.ports.of_datagram(from, self.own);
            let port = port.map_err(io::Error::other)?;
            let target = |port| self.networks.loopback_target(Protocol::Udp, port);
            io::Result::Ok(port.and_then(target))
        })?;
        let Some(target) = target else {
            return Ok(None);
        };
        let any: IpAddr = match target {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let far = UdpSocket::bind((any, 0)).await?;
        far.connect(target).await?;
        let client = Arc::new(Client {
            far,
            heard: Mutex::new(Instant::now()),
        });
        lock(&self.clients).insert(from, Arc::clone(&client));
        let (near, clients) = (Arc::clone(&self.near), Arc::clone(&self.clients));
        let answering = Arc::clone(&client);
        tokio::spawn(async move {
            answer(&near, from, &answering).await;
            lock(&clients).remove(&from);
        });
        Ok(Some(client))
    }
}

/// Passes answers on, until nothing has been heard for a while.
async fn answer(near: &UdpSocket, to: SocketAddr, client: &Client) {
    let mut buffer = vec![0; LONGEST];
    loop {
        match timeout(IDLE, client.far.recv(&mut buffer)).await {
            Ok(Ok(length)) => {
                // A datagram may be lost anywhere.
                let _ = near.send_to(&buffer[..length], to).await;
            }
            // Nobody listens in the container: now; the client may say more.
            Ok(Err(_)) => {}
            Err(_) if lock(&client.heard).elapsed() < IDLE => {}
            Err(_) => return,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code panics while it holds the lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
