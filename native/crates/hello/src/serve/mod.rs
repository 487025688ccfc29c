//! One small page over HTTP.

mod http;
mod page;

use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::options;
use crate::signals::EndSignals;
use crate::tools::host_name;
use crate::{complain, print};

const DEFAULT_PORT: u16 = 8080;
/// Each has a thread; who comes when all are busy is told so.
const MAX_CONNECTIONS: usize = 64;
/// For a whole request, and for each write of the answer.
const PATIENCE: Duration = Duration::from_secs(5);
const THREAD_STACK: usize = 128 * 1024;

struct Site {
    host_name: String,
    since: Instant,
    visits: AtomicU64,
    connections: AtomicUsize,
}

pub(crate) fn main(arguments: &[String]) -> Result<u8, String> {
    let signals = EndSignals::block();
    let [port] = options(arguments, ["--port"])?;
    let port = port.map_or(Ok(DEFAULT_PORT), |port| {
        port.parse().map_err(|_| format!("{port:?} is not a port"))
    })?;
    let listener = bind(port).map_err(|error| format!("port {port} cannot be used: {error}"))?;
    let port = listener.local_addr().map_or(port, |address| address.port());
    print(&format!("A page is at port {port} of {}.", host_name()));
    let accepting = thread::Builder::new()
        .name("accept".to_owned())
        .spawn(move || accept(&listener));
    accepting.map_err(|error| error.to_string())?;
    // Connections have nothing to lose: the program ends at once.
    if let Some(signal) = signals.wait(None) {
        print(&format!("{}: goodbye.", signal.name));
    }
    Ok(0)
}

/// On both families where the kernel has them.
fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv6Addr::UNSPECIFIED, port))
        .or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)))
}

fn accept(listener: &TcpListener) {
    let site = Arc::new(Site {
        host_name: host_name(),
        since: Instant::now(),
        visits: AtomicU64::new(0),
        connections: AtomicUsize::new(0),
    });
    for connection in listener.incoming() {
        match connection {
            Ok(connection) => begin(&site, connection),
            Err(error) => {
                complain("hello", &format!("a connection failed: {error}"));
                // Out of descriptors, most likely: others must end first.
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

fn begin(site: &Arc<Site>, mut connection: TcpStream) {
    if site.connections.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
        site.connections.fetch_sub(1, Ordering::Relaxed);
        // Written into the socket's own buffer: this does not wait.
        let _ = connection.write_all(&http::response(503, "text/plain", b"busy\n", true));
        return;
    }
    let connection_site = Arc::clone(site);
    let thread = thread::Builder::new()
        .stack_size(THREAD_STACK)
        .spawn(move || {
            // Whoever breaks off has no answer to hear.
            let _ = answer(&connection_site, &mut connection);
            connection_site.connections.fetch_sub(1, Ordering::Relaxed);
        });
    if thread.is_err() {
        site.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

fn answer(site: &Site, connection: &mut TcpStream) -> io::Result<()> {
    connection.set_write_timeout(Some(PATIENCE))?;
    let until = Instant::now() + PATIENCE;
    let request = http::read(|buffer| {
        let left = until.saturating_duration_since(Instant::now());
        // A timeout of zero would mean none.
        connection.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        io::Read::read(connection, buffer)
    });
    let (status, response) = match &request {
        Ok(request) => respond(site, request),
        Err(status) => (*status, http::response(*status, "text/plain", b"", true)),
    };
    let what = request.map_or_else(|_| "-".to_owned(), |request| request.to_string());
    print(&format!("{what} {status}"));
    connection.write_all(&response)
}

fn respond(site: &Site, request: &http::Request) -> (u16, Vec<u8>) {
    let (status, kind, body) = match (request.method.as_str(), request.path.as_str()) {
        ("GET" | "HEAD", "/") => {
            let visits = site.visits.fetch_add(1, Ordering::Relaxed) + 1;
            (
                200,
                "text/html; charset=utf-8",
                page::html(&site.host_name, visits, site.since.elapsed()),
            )
        }
        ("GET" | "HEAD", "/health") => (200, "text/plain", "ok\n".to_owned()),
        ("GET" | "HEAD", _) => (
            404,
            "text/plain",
            "There is only one page here: /\n".to_owned(),
        ),
        _ => (
            405,
            "text/plain",
            "This page can only be read.\n".to_owned(),
        ),
    };
    let with_body = request.method != "HEAD";
    (
        status,
        http::response(status, kind, body.as_bytes(), with_body),
    )
}
