use std::io;
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::time::Duration;

use longshore_network::{NetworkHost, Protocol};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::block_in_place;
use tokio::time::{sleep, timeout};

use crate::report;

/// Further ones wait until one ends.
const MAX_CONNECTIONS: usize = 1024;

/// A container that does not answer at all.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// Out of descriptors, as a rule: others will end.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(100);

/// linux/netfilter_ipv6/ip6_tables.h
const IP6T_SO_ORIGINAL_DST: libc::c_int = 80;

pub(super) async fn serve(listener: TcpListener, networks: Arc<NetworkHost>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Nobody closes the semaphore.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((near, _)) => {
                let networks = Arc::clone(&networks);
                tokio::spawn(async move {
                    // A connection that breaks is for its two ends to notice.
                    let _ = pass_on(near, &networks).await;
                    drop(place);
                });
            }
            Err(error) => {
                report::error("loopback", format_args!("cannot accept: {error}"));
                sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
    }
}

async fn pass_on(mut near: TcpStream, networks: &NetworkHost) -> io::Result<()> {
    match open(&near, networks).await {
        Ok(mut far) => {
            for end in [&near, &far] {
                end.set_nodelay(true)?;
            }
            copy_bidirectional(&mut near, &mut far).await.map(drop)
        }
        Err(error) => {
            // As the container would have refused it.
            near.set_zero_linger()?;
            Err(error)
        }
    }
}

async fn open(near: &TcpStream, networks: &NetworkHost) -> io::Result<TcpStream> {
    let port = original_port(near)?;
    let target = block_in_place(|| networks.loopback_target(Protocol::Tcp, port));
    let target = target.ok_or(io::ErrorKind::ConnectionRefused)?;
    timeout(CONNECT_PATIENCE, TcpStream::connect(target)).await?
}

/// The port that the connection was for before it was led here.
fn original_port(near: &TcpStream) -> io::Result<u16> {
    let mut address = libc::sockaddr_in6 {
        sin6_family: 0,
        sin6_port: 0,
        sin6_flowinfo: 0,
        sin6_addr: libc::in6_addr { s6_addr: [0; 16] },
        sin6_scope_id: 0,
    };
    let mut length = size_of_val(&address) as libc::socklen_t;
    // SAFETY: the pointers lead to `address` and its length, which live through the call.
    let result = unsafe {
        libc::getsockopt(
            near.as_raw_fd(),
            libc::SOL_IPV6,
            IP6T_SO_ORIGINAL_DST,
            (&raw mut address).cast(),
            &raw mut length,
        )
    };
    if result != 0 {
        return Err(io::Error::last_os_error());
    }
    let original = SocketAddr::V6(SocketAddrV6::new(
        Ipv6Addr::from(address.sin6_addr.s6_addr),
        u16::from_be(address.sin6_port),
        0,
        0,
    ));
    match near.local_addr()? == original {
        // Somebody has called on this socket itself.
        true => Err(io::ErrorKind::ConnectionRefused.into()),
        false => Ok(original.port()),
    }
}
